import { actorOf, type DocumentSeen, isAtWindow } from '../../../domain/cases/attendance.ts';
import { withSupplement } from '../../../domain/cases/materials.ts';
import type { Messages } from '../../../domain/cases/messages.ts';
import { shanghaiDate } from '../../../domain/dates.ts';
import { actsAsAgent } from '../../../domain/people/person.ts';
import { asMaterial, materialsInForce } from '../../../store/cases/materials.ts';
import type { ApplicationRow } from '../../../store/cases/tables.ts';
import type { Store } from '../../../store/open.ts';
import type { ApiContext } from '../../context.ts';
import { type FieldError, problems } from '../../http/errors.ts';
import { agentErrors } from '../../people/agent.ts';
import { caseFindings } from '../findings.ts';
import { formErrors, materialError, signatureErrors } from '../form-checks.ts';
import type { CorrectedForm } from './correction.ts';
import { paperErrors } from './papers.ts';

/**
 * Checks a resubmission: the corrected form, whether everything that was asked for is there, in usable files, and
 * whether the case is complete with it.
 * @throws Problem 422 with everything that is wrong or missing, at once
 */
export async function checkResubmission(
  context: ApiContext,
  row: ApplicationRow,
  { by, materials, documentSeen }: Messages['resubmit'],
  corrected: CorrectedForm | undefined,
): Promise<void> {
  const { store, policies } = context;
  const policy = policies.of(row.policyVersion);
  const now = context.now();
  const today = shanghaiDate(now);
  const held = await materialsInForce(store.db, row.acceptanceNumber);
  const findings = caseFindings(policy, corrected ? inForceWith(store, row, corrected) : row, {
    materials: withSupplement(held.map(asMaterial), materials),
    requestedKinds: row.state.requestedKinds.filter((kind) => !materials.some((material) => material.kind === kind)),
    // After a rejection this is the submission of a new round.
    submittedOn: row.status === 'rejected' ? today : row.state.ledger.acceptedOn,
    today,
  });
  const errors = [
    ...(corrected ? correctionErrors(context, row, { by, documentSeen }, corrected, now).map(inCorrection) : []),
    ...findings.map(materialError),
    ...(await paperErrors(context, row, { by, materials, documentSeen })),
  ];
  if (errors.length > 0) throw problems.invalid(errors);
}

/** A case as it is once its form is corrected. */
function inForceWith({ keyring }: Store, row: ApplicationRow, { personal: { agent }, form }: CorrectedForm) {
  return { ...row, form, agentHash: agent ? keyring.hash(agent.idNumber) : null };
}

/** What is wrong with a corrected form. @param now instant of the correction */
function correctionErrors(
  context: ApiContext,
  row: ApplicationRow,
  { by, documentSeen }: Pick<Messages['resubmit'], 'by' | 'documentSeen'>,
  corrected: CorrectedForm,
  now: string,
): FieldError[] {
  const { personal, form } = corrected;
  const policy = context.policies.of(row.policyVersion);
  const applicant = { ...personal.applicant, student: form.student };
  return [
    ...phoneErrors(context, row, documentSeen, corrected),
    ...agentChangeErrors(context, row, actorOf(row, by, documentSeen), corrected),
    ...signatureErrors(policy, personal, now),
    ...formErrors(policy, { ...form, type: row.type, diseaseCode: row.diseaseCode }, shanghaiDate(now)),
    ...agentErrors(policy, { applicant, agent: personal.agent }, shanghaiDate(now)),
  ];
}

/**
 * Online, a new phone counts only once a code that was sent to it has come back (更换手机号); at the window the clerk
 * sees who gives it.
 */
function phoneErrors(
  { store }: ApiContext,
  row: ApplicationRow,
  documentSeen: DocumentSeen | undefined,
  { personal }: CorrectedForm,
): FieldError[] {
  if (isAtWindow(row, documentSeen) || store.keyring.hash(personal.applicant.phone) === row.phoneHash) return [];
  const detail = '更换手机号请先获取验证码:在“更换手机号”中填写新号码并确认,这里不用填写。';
  return [{ field: 'phone', code: 'needsCode', detail }];
}

/** An agent who acts stays the one whom the form names: nobody hands a case to somebody else. */
function agentChangeErrors(
  { store }: ApiContext,
  row: ApplicationRow,
  by: string,
  { personal: { agent } }: CorrectedForm,
): FieldError[] {
  if (!actsAsAgent(row, by) || (agent && store.keyring.hash(agent.idNumber) === by)) return [];
  return [{ field: 'agent.idNumber', code: 'notYou', detail: '由您代办的申请,代办人应为您本人。' }];
}

/** Puts an error at the field of the correction, where the person wrote it. */
function inCorrection({ field, ...error }: FieldError): FieldError {
  return { field: `form.${field}`, ...error };
}
