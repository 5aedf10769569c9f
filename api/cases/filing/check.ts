import { z } from 'zod';
import type { Material } from '../../../domain/cases/materials.ts';
import { shanghaiDate } from '../../../domain/dates.ts';
import { handingIn } from '../../../domain/files/papers.ts';
import { applicationTypes, channels } from '../../../domain/vocabulary.ts';
import { diseaseOf } from '../../../policy/catalogue.ts';
import type { Policy } from '../../../policy/schema.ts';
import type { Store } from '../../../store/open.ts';
import { ticketErrors } from '../../calendar/window.ts';
import { fileErrors } from '../../files/usable.ts';
import type { User } from '../../http/auth.ts';
import { type FieldError, problems } from '../../http/errors.ts';
import { fieldErrors } from '../../http/route.ts';
import { agentErrors } from '../../people/agent.ts';
import { idNumberSchema } from '../../people/requests.ts';
import { withTyped } from '../../people/typed.ts';
import { formFindings } from '../findings.ts';
import { formErrors, kindErrors, materialError, originalErrors, signatureErrors } from '../form-checks.ts';
import {
  diagnosisSchema,
  type FilingBody,
  filingSchema,
  furtherInstitutionsSchema,
  insuredTypeSchema,
  MOST_MATERIALS,
  materialSchema,
  ticketSchema,
} from '../requests.ts';
import { assertTheirs, channelOf, verifiedNameErrors } from './filer.ts';

const nameOrNone = z.string().optional().catch(undefined);

/**
 * The part of a filing from which missing materials follow, as far as it can be read: a wrong phone number must not
 * hide a missing photo. A field that can't be read counts as right here, since `filingSchema` already reports it.
 */
const readablePart = z.object({
  type: z.enum(applicationTypes).catch('new'),
  channel: z.enum(channels).optional().catch(undefined),
  applicant: z
    .object({
      name: nameOrNone,
      idNumber: idNumberSchema.catch(''),
      student: z.boolean().optional().catch(undefined),
      residesElsewhere: z.boolean().optional().catch(undefined),
    })
    .catch({ idNumber: '' }),
  agent: z
    .object({ name: nameOrNone, idNumber: idNumberSchema.catch('unreadable') })
    .optional()
    .catch({ idNumber: 'unreadable' }),
  insuredType: insuredTypeSchema.optional().catch(undefined),
  designatedInstitution: z.unknown().optional(),
  furtherInstitutions: furtherInstitutionsSchema.optional().catch(undefined),
  // What is there and can't be read isn't missing, too.
  diagnosis: z
    .unknown()
    .optional()
    .transform((given) => (given === undefined ? undefined : (diagnosisSchema.safeParse(given).data ?? 'unreadable'))),
  ticketTakenAt: ticketSchema.optional().catch(undefined),
  diseaseCode: z.string().min(1).optional().catch(undefined),
  hasElectronicVoucher: z.boolean().catch(true),
  hospital: z
    .object({ level: z.number().min(1).max(3).catch(3), code: z.string().trim().min(1).optional().catch(undefined) })
    .catch({ level: 3 }),
  materials: z
    .array(z.unknown())
    .transform((materials) => materials.slice(0, MOST_MATERIALS))
    .catch([]),
});
/** A malformed material of which at least the kind can be read: it isn't reported as missing, too. */
const namedMaterial = materialSchema.pick({ kind: true }).strip();

type ReadablePart = z.infer<typeof readablePart>;

/**
 * Checks whose filing it is, its form, and whether its materials are complete.
 * @param policy in force at the submission
 * @param now instant of the submission
 * @throws Problem 403 where this user may not file it, 422 with everything that is wrong or missing, at once
 */
export async function checkFiling(
  store: Store,
  policy: Policy,
  body: unknown,
  user: User,
  now: string,
): Promise<FilingBody> {
  const form = filingSchema.safeParse(body);
  const part = readablePart.safeParse(body);
  const today = shanghaiDate(now);
  const channel = channelOf(part.data?.channel, user);
  if (part.data) assertTheirs(channel, part.data, user);
  const errors = form.success ? signatureErrors(policy, form.data, now) : fieldErrors(form.error);
  if (part.success) {
    const { materials, malformed } = readMaterials(part.data.materials, today);
    const { idNumber } = part.data.applicant;
    // Where it can't be read for whom, for who files.
    const person = idNumber === '' ? user.subject : store.keyring.hash(idNumber);
    const handing = handingIn({ by: user.subject, person, channel });
    errors.push(
      ...agentErrors(policy, part.data, today),
      ...typeErrors(part.data),
      ...formErrors(policy, part.data, today),
      ...kindErrors(policy, 'materials', part.data.materials),
      ...missingErrors(policy, part.data, [...materials, ...malformed], today),
      ...verifiedNameErrors(part.data, user),
      ...(await fileErrors({ store, policy }, materials, handing, now)),
      ...originalErrors(channel === 'window', materials),
      ...ticketErrors(channel === 'window', part.data.ticketTakenAt, now),
    );
  }
  if (errors.length > 0 || !form.success) throw problems.invalid(errors);
  return withTyped({ ...form.data, channel }, body);
}

function typeErrors({ type, designatedInstitution }: ReadablePart): FieldError[] {
  if (type !== 'changeInstitution' || designatedInstitution !== undefined) return [];
  return [{ field: 'designatedInstitution', code: 'missing', detail: '请填写要变更为哪一家定点医疗机构。' }];
}

/** Materials that the disease asks for and that are missing or don't fit. */
function missingErrors(policy: Policy, part: ReadablePart, materials: Material[], today: string): FieldError[] {
  const { diseaseCode, agent, applicant } = part;
  const unknown = { field: 'diseaseCode', code: 'unknown', detail: '病种目录中没有这个病种,请重新选择。' };
  const form = { ...part, byAgent: agent !== undefined, residesElsewhere: applicant.residesElsewhere };
  const missing = formFindings(policy, form, { materials, submittedOn: today, today });
  return [...(diseaseCode && !diseaseOf(policy, diseaseCode) ? [unknown] : []), ...missing.map(materialError)];
}

function readMaterials(entries: unknown[], today: string): { materials: Material[]; malformed: Material[] } {
  const parsed = entries.map((entry) => ({ entry, material: materialSchema.safeParse(entry).data }));
  const malformed = parsed
    .filter(({ material }) => !material)
    .flatMap(({ entry }) => namedMaterial.safeParse(entry).data ?? [])
    .map(({ kind }) => ({ kind, fileIds: ['malformed'], issuedOn: today }));
  return { materials: parsed.flatMap(({ material }) => material ?? []), malformed };
}
