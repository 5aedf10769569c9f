import { awaiting } from '../../domain/cases/awaiting.ts';
import { statusNames } from '../../domain/names.ts';
import { applicationTypes, channels, statuses } from '../../domain/vocabulary.ts';
import { diseaseOf } from '../../policy/catalogue.ts';
import type { Policies } from '../../policy/versions.ts';
import type { ApplicationRow } from '../../store/cases/tables.ts';
import { date, instant } from '../http/answers.ts';
import { z } from '../http/zod.ts';

/** A case in a list: where it stands, without what happened to it. */
export const summaryAnswer = z
  .object({
    acceptanceNumber: z.string(),
    type: z.enum(applicationTypes),
    channel: z.enum(channels),
    diseaseCode: z.string(),
    diseaseName: z.string(),
    status: z.enum(statuses),
    statusName: z.string(),
    round: z.number(),
    submittedAt: instant,
    acceptedOn: date,
    dueOn: date.nullable().openapi({ description: 'Null while the clock stands still' }),
    provisional: z.boolean(),
    overdue: z.boolean(),
    workingDaysLeft: z.number().nullable().openapi({ description: 'While the clock stands still' }),
    awaiting: z
      .object({
        what: z.string(),
        kinds: z.array(z.string()).optional(),
        until: date.optional(),
        appealUntil: date.optional(),
      })
      .nullable(),
  })
  .openapi('Summary');

/** What everybody who may see a case is shown of its row. */
export function summary(policies: Policies, row: ApplicationRow): z.infer<typeof summaryAnswer> {
  return {
    acceptanceNumber: row.acceptanceNumber,
    type: row.type,
    channel: row.channel,
    diseaseCode: row.diseaseCode,
    diseaseName: diseaseOf(policies.of(row.policyVersion), row.diseaseCode)?.name ?? row.diseaseCode,
    status: row.status,
    statusName: statusNames[row.status],
    round: row.round,
    submittedAt: row.submittedAt,
    acceptedOn: row.state.ledger.acceptedOn,
    dueOn: row.dueOn,
    provisional: row.provisional,
    overdue: row.escalationLevel > 0,
    workingDaysLeft: row.workingDaysLeft,
    awaiting: awaiting(row.state, row),
  };
}
