import { accreditationEntryNames } from '../../domain/accreditations/timeline.ts';
import { shanghaiDate } from '../../domain/dates.ts';
import { accreditationStatusNames } from '../../domain/names.ts';
import { isStaff } from '../../domain/staff/roles.ts';
import { accreditationStatuses, insuredTypes } from '../../domain/vocabulary.ts';
import { benefitFor } from '../../policy/accreditations/benefit.ts';
import { remediesOf } from '../../policy/cases/remedies.ts';
import { diseaseOf } from '../../policy/catalogue.ts';
import { policyInForce } from '../../policy/versions.ts';
import { openPerson } from '../../store/accreditations/personal.ts';
import { accreditationTimeline } from '../../store/accreditations/queries.ts';
import type { AccreditationRow } from '../../store/accreditations/tables.ts';
import { notificationsOfAccreditation } from '../../store/notifications/queries.ts';
import { remediesAnswer } from '../cases/answers.ts';
import { benefitAnswer } from '../cases/decision.ts';
import type { ApiContext } from '../context.ts';
import { date, instant } from '../http/answers.ts';
import type { User } from '../http/auth.ts';
import { pageAnswer } from '../http/paging.ts';
import { z } from '../http/zod.ts';
import { notificationsAnswer, notificationsView } from '../notifications/answers.ts';
import { personFor } from '../people/phones.ts';

/** What was granted, until when, and what it pays. */
export const accreditationSummaryAnswer = z
  .object({
    accreditationId: z.string(),
    diseaseCode: z.string(),
    diseaseName: z.string(),
    insuredType: z.enum(insuredTypes),
    institution: z.string().nullable(),
    status: z.enum(accreditationStatuses),
    statusName: z.string(),
    validFrom: date,
    validUntil: date.nullable().openapi({ description: 'Null where it does not end' }),
    registrationNumber: z.string().nullable().openapi({ description: "The insurance core's" }),
    source: z.enum(['application', 'core', 'import']),
    renewal: z.string().nullable().openapi({ description: 'Acceptance number of the renewal being decided' }),
    benefit: benefitAnswer,
  })
  .openapi('AccreditationSummary');

export const accreditationAnswer = accreditationSummaryAnswer
  .extend({
    applicant: z.unknown().optional().openapi({ description: 'Staff only' }),
    notifications: notificationsAnswer.optional().openapi({ description: 'Staff only' }),
    remedies: remediesAnswer,
    timeline: z.array(
      z.object({
        sequence: z.number(),
        at: instant,
        kind: z.string(),
        kindName: z.string(),
        status: z.enum(accreditationStatuses),
        detail: z.record(z.string(), z.unknown()),
        by: z.string().optional().openapi({ description: 'Staff only' }),
        via: z.string().optional().openapi({ description: 'Staff only' }),
      }),
    ),
  })
  .openapi('Accreditation');

export const accreditationListAnswer = pageAnswer(accreditationSummaryAnswer);

/** What everybody who may see an accreditation is shown of it. */
export function accreditationSummary(
  { store, policies, now }: ApiContext,
  row: AccreditationRow,
): z.infer<typeof accreditationSummaryAnswer> {
  const policy = policies.of(row.policyVersion);
  const disease = diseaseOf(policy, row.diseaseCode);
  const { idNumber } = openPerson(store, row);
  return {
    accreditationId: row.id,
    diseaseCode: row.diseaseCode,
    diseaseName: disease?.name ?? row.diseaseCode,
    insuredType: row.insuredType,
    institution: row.institution,
    status: row.status,
    statusName: accreditationStatusNames[row.status],
    validFrom: row.validFrom,
    validUntil: row.validUntil,
    registrationNumber: row.registrationNumber,
    source: row.source,
    renewal: row.state.renewal?.acceptanceNumber ?? null,
    benefit: benefitFor(policy, { ...row, idNumber }, shanghaiDate(now())),
  };
}

/**
 * The summary and the timeline; for staff also whose it is, who did what, and what became of the notifications about
 * it.
 */
export async function accreditationView(
  context: ApiContext,
  row: AccreditationRow,
  user: User,
): Promise<z.infer<typeof accreditationAnswer>> {
  const { store } = context;
  const entries = await accreditationTimeline(store, row.id);
  const staff = isStaff(user);
  const timeline = entries
    .filter(({ kind }) => staff || kind !== 'messageIgnored')
    .map(({ sequence, at, kind, status, detail, by, via }) => {
      const entry = { sequence, at, kind, kindName: accreditationEntryNames[kind], status, detail: { ...detail } };
      return staff ? { ...entry, by, via } : entry;
    });
  const forStaff = staff
    ? {
        applicant: personFor(user, openPerson(store, row)),
        notifications: await notificationsView(store, await notificationsOfAccreditation(store, row.id)),
      }
    : {};
  const remedies = remediesOf(policyInForce(context), row.status);
  return { ...accreditationSummary(context, row), ...forStaff, remedies, timeline };
}
