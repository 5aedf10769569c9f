import { type Material, withSupplement } from '../../../domain/cases/materials.ts';
import type { Messages } from '../../../domain/cases/messages.ts';
import { shanghaiDate } from '../../../domain/dates.ts';
import { asMaterial, materialsInForce } from '../../../store/cases/materials.ts';
import type { ApplicationRow } from '../../../store/cases/tables.ts';
import type { ApiContext } from '../../context.ts';
import { fileErrors } from '../../files/usable.ts';
import { type FieldError, problems } from '../../http/errors.ts';
import { agentErrors } from '../../people/agent.ts';
import { caseFindings } from '../findings.ts';
import { materialError, originalErrors, signatureErrors } from '../form-checks.ts';
import type { CorrectedForm } from './correction.ts';

/**
 * Checks a resubmission: the corrected form, and the materials that come with it.
 * @throws Problem 422 with everything that is wrong or missing, at once
 */
export async function checkResubmission(
  context: ApiContext,
  row: ApplicationRow,
  { by, materials }: Messages['resubmit'],
  corrected: CorrectedForm | undefined,
): Promise<void> {
  const now = context.now();
  const errors = corrected
    ? [
        ...phoneErrors(context, row, corrected),
        ...signatureErrors(corrected.personal, now),
        ...agentErrors(
          context.policies.of(row.policyVersion),
          {
            applicant: { ...corrected.personal.applicant, student: corrected.form.student },
            agent: corrected.personal.agent,
          },
          shanghaiDate(now),
        ),
      ]
    : [];
  const inForce = corrected ? { ...row, form: corrected.form } : row;
  await checkSupplement(context, inForce, { materials, uploadedBy: by }, errors.map(inCorrection));
}

/**
 * Online, a new phone counts only once a code that was sent to it has come back (更换手机号); at the window the clerk
 * sees who gives it.
 */
function phoneErrors(
  { store }: ApiContext,
  { channel, phoneHash }: ApplicationRow,
  { personal }: CorrectedForm,
): FieldError[] {
  if (channel === 'window' || store.keyring.hash(personal.applicant.phone) === phoneHash) return [];
  const detail = '更换手机号请先获取验证码:在“更换手机号”中填写新号码并确认,这里不用填写。';
  return [{ field: 'phone', code: 'needsCode', detail }];
}

/** Puts an error at the field of the correction, where the person wrote it. */
function inCorrection({ field, ...error }: FieldError): FieldError {
  return { field: `form.${field}`, ...error };
}

/**
 * Checks the materials of a resubmission: whether everything that was asked for is there, in usable files, and whether
 * the case is complete with them.
 * @param row with the form as corrected
 * @param formErrors what is wrong with the correction
 * @throws Problem 422 with everything that is wrong or missing, at once
 */
async function checkSupplement(
  { store, policies, now }: ApiContext,
  row: ApplicationRow,
  { materials: supplement, uploadedBy }: { materials: Material[]; uploadedBy: string },
  formErrors: FieldError[],
) {
  const today = shanghaiDate(now());
  const policy = policies.of(row.policyVersion);
  const held = await materialsInForce(store.db, row.acceptanceNumber);
  const findings = caseFindings(policy, row, {
    materials: withSupplement(held.map(asMaterial), supplement),
    requestedKinds: row.state.requestedKinds.filter((kind) => !supplement.some((material) => material.kind === kind)),
    // After a rejection this is the submission of a new round.
    submittedOn: row.status === 'rejected' ? today : row.state.ledger.acceptedOn,
    today,
  });
  const errors = [
    ...formErrors,
    ...findings.map(materialError),
    ...(await fileErrors({ store, policy }, supplement, uploadedBy)),
    ...originalErrors(row, supplement),
  ];
  if (errors.length > 0) throw problems.invalid(errors);
}
