import { z } from 'zod';
import { shanghaiDate } from '../domain/dates.ts';
import { type Material, withSupplement } from '../domain/materials.ts';
import { diseaseOf } from '../policy/catalogue.ts';
import { type Finding, findings } from '../policy/findings.ts';
import type { Policy } from '../policy/schema.ts';
import { asMaterial, materialsInForce } from '../store/applications.ts';
import { findFiles } from '../store/files.ts';
import type { ApplicationRow } from '../store/personal.ts';
import type { Store } from '../store/store.ts';
import { caseFindings } from './case-findings.ts';
import type { ApiContext } from './context.ts';
import { type FieldError, problems } from './errors.ts';
import { fieldErrors } from './route.ts';
import { type FilingBody, filingSchema, materialSchema } from './schemas.ts';

/**
 * The part of a filing that tells what is missing, as far as it can be read, so that a wrong phone number doesn't hide a missing
 * photo. What can't be read counts as right here: the form's own check tells of it.
 */
const materialsPart = z.object({
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
 * @param now instant of the submission
 * @throws Problem 422 with everything that is wrong or missing, at once
 */
export async function checkFiling(store: Store, policy: Policy, body: unknown, subject: string, now: string) {
  const form = filingSchema.safeParse(body);
  const part = materialsPart.safeParse(body);
  const errors = form.success ? signatureErrors(form.data, now) : fieldErrors(form.error);
  if (form.success && form.data.type !== 'new') {
    errors.push({ field: 'type', code: 'typeNotOpen', detail: '目前只受理新申请;续期和变更请到医保窗口办理。' });
  }
  if (part.success) {
    const { diseaseCode, hasElectronicVoucher, hospital } = part.data;
    const { materials, malformed } = readMaterials(part.data.materials, shanghaiDate(now));
    const disease = diseaseOf(policy, diseaseCode);
    if (diseaseCode && !disease)
      errors.push({ field: 'diseaseCode', code: 'unknown', detail: '病种目录中没有这个病种,请重新选择。' });
    const missing = findings(policy, {
      materials: [...materials, ...malformed],
      hasElectronicVoucher,
      hospitalLevel: hospital.level,
      photoRequired: disease?.photo ?? false,
      submittedOn: shanghaiDate(now),
      today: shanghaiDate(now),
    });
    errors.push(...missing.map(asFieldError));
    errors.push(...(await fileErrors({ store, policy }, materials, subject)));
  }
  if (errors.length > 0 || !form.success) throw problems.invalid(errors);
  return form.data;
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
 * @throws Problem 422 with everything that is wrong or missing, at once
 */
export async function checkSupplement({ store, policy }: ApiContext, row: ApplicationRow, supplement: Material[]) {
  const today = shanghaiDate(new Date().toISOString());
  const held = await materialsInForce(store, row.acceptanceNumber);
  const found = caseFindings(policy, row, {
    materials: withSupplement(held.map(asMaterial), supplement),
    requestedKinds: row.state.requestedKinds.filter((kind) => !supplement.some((one) => one.kind === kind)),
    // After a rejection this is the submission of a new round.
    submittedOn: row.status === 'rejected' ? today : row.state.ledger.acceptedOn,
    today,
  });
  const errors = [...found.map(asFieldError), ...(await fileErrors({ store, policy }, supplement, row.submittedBy))];
  if (errors.length > 0) throw problems.invalid(errors);
}

function asFieldError({ kind, reason, detail }: Finding): FieldError {
  return { field: `materials.${kind}`, code: reason, detail };
}

/** Files that can't be handed in: unknown, somebody else's, or part of another case already. */
export async function fileErrors(
  { store, policy }: Pick<ApiContext, 'store' | 'policy'>,
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

function signatureErrors({ applicant, agent, signature }: FilingBody, now: string): FieldError[] {
  const errors: FieldError[] = [];
  if (![applicant.name, agent?.name].includes(signature.name)) {
    errors.push({ field: 'signature.name', code: 'notASigner', detail: '签名人应为申请人本人或代办人。' });
  }
  if (Date.parse(signature.signedAt) > Date.parse(now) + CLOCK_TOLERANCE_MS) {
    errors.push({ field: 'signature.signedAt', code: 'inFuture', detail: '签名时间不能晚于现在。' });
  }
  return errors;
}
