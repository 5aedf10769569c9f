import { type AccreditationEntryDetail, accreditationEntryNames } from '../../domain/accreditations/timeline.ts';
import { isStaff } from '../../domain/staff/roles.ts';
import { accreditationStatuses, revocationCauses } from '../../domain/vocabulary.ts';
import { remediesOf } from '../../policy/cases/remedies.ts';
import { policyInForce } from '../../policy/versions.ts';
import { openPerson } from '../../store/accreditations/personal.ts';
import { accreditationTimeline } from '../../store/accreditations/queries.ts';
import type { AccreditationRow } from '../../store/accreditations/tables.ts';
import { notificationsOfAccreditation } from '../../store/notifications/queries.ts';
import { namesOf } from '../../store/staff/queries.ts';
import { remediesAnswer } from '../cases/answers.ts';
import { somebody } from '../cases/form-answers.ts';
import type { ApiContext } from '../context.ts';
import { date, instant } from '../http/answers.ts';
import type { User } from '../http/auth.ts';
import { pageAnswer } from '../http/paging.ts';
import { z } from '../http/zod.ts';
import { notificationsAnswer, notificationsView } from '../notifications/answers.ts';
import { personFor } from '../people/phones.ts';
import { accreditationSummary, accreditationSummaryAnswer } from './summary.ts';

/** What an entry of an accreditation's timeline says beyond its kind. */
const entryDetail = z.object({
  acceptanceNumber: z.string(),
  filedOn: date,
  validFrom: date,
  validUntil: date.nullable(),
  cause: z.enum(revocationCauses),
  reason: z.string(),
  on: date.openapi({ description: "From which it is revoked, where that isn't the day of the entry" }),
  left: z.number().openapi({ description: 'Days' }),
  message: z.string(),
  fields: z.array(z.string()),
} satisfies Record<keyof AccreditationEntryDetail, z.ZodType>);

export const accreditationAnswer = accreditationSummaryAnswer
  .extend({
    applicant: somebody.optional().openapi({ description: 'Staff only' }),
    notifications: notificationsAnswer.optional().openapi({ description: 'Staff only' }),
    remedies: remediesAnswer,
    timeline: z.array(
      z.object({
        sequence: z.number(),
        at: instant,
        kind: z.string(),
        kindName: z.string(),
        status: z.enum(accreditationStatuses),
        detail: entryDetail.partial(),
        by: z.string().optional().openapi({ description: 'Staff only' }),
        byName: z.string().optional().openapi({ description: 'Staff only; of who is not of the staff, the id' }),
        via: z.string().optional().openapi({ description: 'Staff only' }),
      }),
    ),
  })
  .openapi('Accreditation');

export const accreditationListAnswer = pageAnswer(accreditationSummaryAnswer);

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
  const nameOf = await namesOf(store, staff ? entries.map(({ by }) => by) : []);
  const timeline = entries
    .filter(({ kind }) => staff || kind !== 'messageIgnored')
    .map(({ sequence, at, kind, status, detail, by, via }) => {
      const entry = { sequence, at, kind, kindName: accreditationEntryNames[kind], status, detail: { ...detail } };
      return staff ? { ...entry, by, byName: nameOf(by), via } : entry;
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
