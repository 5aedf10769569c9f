import { z } from 'zod';
import { type Material, withSupplement } from '../../domain/cases/materials.ts';
import { applicationTypes, type Channel, channels } from '../../domain/cases/state.ts';
import { shanghaiDate } from '../../domain/dates.ts';
import { type AgentProblem, agentProblems } from '../../domain/people/person.ts';
import { type Finding, findings } from '../../policy/cases/findings.ts';
import { diseaseOf } from '../../policy/catalogue.ts';
import type { Policy } from '../../policy/schema.ts';
import { asMaterial, materialsInForce } from '../../store/cases/materials.ts';
import type { PersonalData } from '../../store/cases/personal.ts';
import type { ApplicationRow } from '../../store/cases/tables.ts';
import { findFiles } from '../../store/files/queries.ts';
import type { Store } from '../../store/open.ts';
import type { ApiContext } from '../context.ts';
import { type FieldError, problems } from '../http/errors.ts';
import { fieldErrors } from '../http/route.ts';
import { filingSchema, idNumberSchema, materialSchema } from '../schemas.ts';
import { caseFindings } from './findings.ts';

/**
 * The part of a filing that tells what is missing, as far as it can be read, so that a wrong phone number doesn't hide a missing
 * photo. What can't be read counts as right here: the form's own check tells of it.
 */
const readablePart = z.object({
  type: z.enum(applicationTypes).catch('new'),
  channel: z.enum(channels).catch('window'),
  applicant: z
    .object({ idNumber: idNumberSchema.catch(''), student: z.boolean().optional().catch(undefined) })
    .catch({ idNumber: '' }),
  agent: z
    .object({ idNumber: idNumberSchema.catch('unreadable') })
    .optional()
    .catch({ idNumber: 'unreadable' }),
  designatedInstitution: z.unknown().optional(),
  diseaseCode: z.string().min(1).optional().catch(undefined),
  hasElectronicVoucher: z.boolean().catch(true),
  hospital: z.object({ level: z.number().min(1).max(3) }).catch({ level: 3 }),
  materials: z.array(z.unknown()).catch([]),
});
/** A material that isn't right, but is there. */
const namedMaterial = materialSchema.pick({ kind: true }).strip();

/** Clocks of telephones are not exact. */
const CLOCK_TOLERANCE_MS = 10 * 60_000;

/**
 * Checks a filing: its form, and whether it is complete.
 * @param policy in force at the submission
 * @param now instant of the submission
 * @throws Problem 422 with everything that is wrong or missing, at once
 */
export async function checkFiling(store: Store, policy: Policy, body: unknown, subject: string, now: string) {
  const form = filingSchema.safeParse(body);
  const part = readablePart.safeParse(body);
  const errors = form.success ? signatureErrors(form.data, now) : fieldErrors(form.error);
  if (part.success) {
    errors.push(...agentErrors(policy, part.data, shanghaiDate(now)), ...typeErrors(part.data));
    const { type, diseaseCode, hasElectronicVoucher, hospital } = part.data;
    const { materials, malformed } = readMaterials(part.data.materials, shanghaiDate(now));
    const disease = diseaseOf(policy, diseaseCode);
    if (diseaseCode && !disease)
      errors.push({ field: 'diseaseCode', code: 'unknown', detail: '病种目录中没有这个病种,请重新选择。' });
    const missing = findings(policy, {
      type,
      materials: [...materials, ...malformed],
      hasElectronicVoucher,
      hospitalLevel: hospital.level,
      photoRequired: disease?.photo ?? false,
      submittedOn: shanghaiDate(now),
      today: shanghaiDate(now),
    });
    errors.push(...missing.map(asFieldError));
    errors.push(...(await fileErrors({ store, policy }, materials, subject)), ...originalErrors(part.data, materials));
  }
  if (errors.length > 0 || !form.success) throw problems.invalid(errors);
  return form.data;
}

type ReadablePart = z.infer<typeof readablePart>;

const agentDetails: Record<AgentProblem, (policy: Policy) => FieldError> = {
  guardianMissing: ({ guardianUnder }) => ({
    field: 'agent',
    code: 'guardianMissing',
    detail: `未满 ${guardianUnder} 周岁的人员和学生应由监护人代为申请,请填写监护人信息。`,
  }),
  agentUnderAge: ({ guardianUnder }) => ({
    field: 'agent.idNumber',
    code: 'agentUnderAge',
    detail: `代办人应年满 ${guardianUnder} 周岁,请更换代办人。`,
  }),
  agentIsApplicant: () => ({
    field: 'agent.idNumber',
    code: 'agentIsApplicant',
    detail: '代办人不能是申请人本人;本人办理的,不用填写代办人。',
  }),
};

export function agentErrors(
  policy: Policy,
  { applicant, agent }: Pick<ReadablePart, 'applicant' | 'agent'>,
  on: string,
): FieldError[] {
  return agentProblems(applicant, agent, policy, on).map((problem) => agentDetails[problem](policy));
}

function typeErrors({ type, designatedInstitution }: ReadablePart): FieldError[] {
  if (type !== 'changeInstitution' || designatedInstitution !== undefined) return [];
  return [{ field: 'designatedInstitution', code: 'missing', detail: '请填写要变更为哪一家定点医疗机构。' }];
}

/** At the window (线下窗口) every paper is compared with its original, unless the clerk says that one wasn't. */
export function withOriginals(channel: Channel, materials: Material[]): Material[] {
  if (channel !== 'window') return materials;
  return materials.map((one) => ({ ...one, originalSeen: one.originalSeen !== false }));
}

/** Only a clerk, at the window, can have seen an original. */
function originalErrors({ channel }: Pick<ReadablePart, 'channel'>, materials: Material[]): FieldError[] {
  if (channel === 'window') return [];
  return materials
    .filter(({ originalSeen }) => originalSeen)
    .map(({ kind }) => ({
      field: `materials.${kind}`,
      code: 'originalSeenElsewhere',
      detail: '原件只能在窗口核验,线上提交请去掉“已见原件”。',
    }));
}

function readMaterials(read: unknown[], today: string): { materials: Material[]; malformed: Material[] } {
  const parsed = read.map((one) => ({ one, right: materialSchema.safeParse(one).data }));
  const malformed = parsed
    .filter(({ right }) => !right)
    .flatMap(({ one }) => namedMaterial.safeParse(one).data ?? [])
    .map(({ kind }) => ({ kind, fileIds: ['malformed'], issuedOn: today }));
  return { materials: parsed.flatMap(({ right }) => right ?? []), malformed };
}

/**
 * Checks what a resubmission brings: everything that was asked for, in usable files, and a case that is complete with it.
 * @param row with the form as corrected
 * @param formErrors what is wrong with the correction
 * @throws Problem 422 with everything that is wrong or missing, at once
 */
export async function checkSupplement(
  { store, policies, now }: ApiContext,
  row: ApplicationRow,
  { materials: supplement, uploadedBy }: { materials: Material[]; uploadedBy: string },
  formErrors: FieldError[],
) {
  const today = shanghaiDate(now());
  const policy = policies.of(row.policyVersion);
  const held = await materialsInForce(store.db, row.acceptanceNumber);
  const found = caseFindings(policy, row, {
    materials: withSupplement(held.map(asMaterial), supplement),
    requestedKinds: row.state.requestedKinds.filter((kind) => !supplement.some((one) => one.kind === kind)),
    // After a rejection this is the submission of a new round.
    submittedOn: row.status === 'rejected' ? today : row.state.ledger.acceptedOn,
    today,
  });
  const errors = [
    ...formErrors,
    ...found.map(asFieldError),
    ...(await fileErrors({ store, policy }, supplement, uploadedBy)),
    ...originalErrors(row, supplement),
  ];
  if (errors.length > 0) throw problems.invalid(errors);
}

function asFieldError({ kind, reason, detail }: Finding): FieldError {
  return { field: `materials.${kind}`, code: reason, detail };
}

/** Files that can't be handed in: unknown, somebody else's, or part of another case already. */
export async function fileErrors(
  { store, policy }: { store: Store; policy: Policy },
  materials: Material[],
  subject: string,
): Promise<FieldError[]> {
  const ids = materials.flatMap(({ fileIds }) => fileIds);
  const files = await findFiles(store, ids);
  const usable = new Set(
    files.filter((file) => file.uploadedBy === subject && file.acceptanceNumber === null).map(({ id }) => id),
  );
  return materials.flatMap(({ kind, fileIds }) =>
    fileIds
      .filter((id) => !usable.has(id))
      .map(() => ({
        field: `materials.${kind}`,
        code: 'fileUnusable',
        detail: `${policy.materials.names[kind]}的文件不能使用:可能已随另一份申请提交,请先在“我的申请”中查看;如未提交过,请重新上传。`,
      })),
  );
}

/** @param now instant */
export function signatureErrors(
  { applicant, agent, signature }: Pick<PersonalData, 'applicant' | 'agent' | 'signature'>,
  now: string,
): FieldError[] {
  const errors: FieldError[] = [];
  if (![applicant.name, agent?.name].includes(signature.name)) {
    errors.push({ field: 'signature.name', code: 'notASigner', detail: '签名人应为申请人本人或代办人。' });
  }
  if (Date.parse(signature.signedAt) > Date.parse(now) + CLOCK_TOLERANCE_MS) {
    errors.push({ field: 'signature.signedAt', code: 'inFuture', detail: '签名时间不能晚于现在。' });
  }
  return errors;
}
