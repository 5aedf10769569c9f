import { type AskedOf, requestsOf } from '../../domain/cases/requests.ts';
import { entryNames } from '../../domain/names.ts';
import { materialName } from '../../policy/catalogue.ts';
import type { ApplicationRow, TimelineRow } from '../../store/cases/tables.ts';
import { type NameOf, namesOf } from '../../store/staff/queries.ts';
import { accreditationSummary, accreditationSummaryAnswer } from '../accreditations/summary.ts';
import type { ApiContext } from '../context.ts';
import { instant } from '../http/answers.ts';
import type { User } from '../http/auth.ts';
import { z } from '../http/zod.ts';
import { holdingsOf } from '../people/holdings.ts';
import { noteAnswer, notesFor } from './notes.ts';
import { summary, summaryAnswer } from './summary.ts';

/** What a case shows at the desk of whoever works on it, beside the case itself. */
export const deskAnswer = z.object({
  requests: z
    .array(
      z.object({
        sequence: z.number(),
        number: z.number().nullable().openapi({ description: 'Of a request for materials; another one `replaces` it' }),
        at: instant,
        by: z.string(),
        byName: z.string(),
        via: z.enum(['api', 'signal', 'system']),
        kind: z.string(),
        kindName: z.string(),
        items: z.array(z.object({ kind: z.string(), kindName: z.string(), problem: z.string() })),
        note: z.string().optional(),
        belatedReason: z.string().optional(),
        ended: z
          .object({ at: instant, kind: z.string(), kindName: z.string() })
          .nullable()
          .openapi({ description: 'By what; null while it is awaited' }),
      }),
    )
    .openapi({ description: 'All that was asked of the applicant, and why, oldest first' }),
  notes: z.array(noteAnswer).openapi({ description: 'Internal notes, oldest first; none to whom the case is about' }),
  otherCases: z
    .array(summaryAnswer.extend({ closed: z.boolean() }))
    .openapi({ description: "The applicant's other cases, newest first" }),
  accreditations: z
    .array(accreditationSummaryAnswer)
    .openapi({ description: "The applicant's accreditations, newest first" }),
});

/** Beside the case as everybody in the office sees it: its history of requests, the notes, and whose case it is. */
export async function deskView(
  context: ApiContext,
  row: ApplicationRow,
  entries: TimelineRow[],
  user: User,
): Promise<z.infer<typeof deskAnswer>> {
  const { store } = context;
  const { idNumberHash, acceptanceNumber } = row;
  const { applications, accreditations } = await holdingsOf(store, idNumberHash);
  const asked = requestsOf(entries);
  const nameOf = await namesOf(
    store,
    asked.map(({ by }) => by),
  );
  return {
    requests: asked.map((request) => requestView(context, row, request, nameOf)),
    notes: await notesFor(context, row, user),
    otherCases: applications
      .filter((other) => other.acceptanceNumber !== acceptanceNumber)
      .map((other) => ({ ...summary(context.policies, other), closed: other.closed })),
    accreditations: accreditations.map((granted) => accreditationSummary(context, granted)),
  };
}

type Desk = z.infer<typeof deskAnswer>;

function requestView(
  { policies }: ApiContext,
  { policyVersion }: ApplicationRow,
  { kind, items, ended, ...request }: AskedOf,
  nameOf: NameOf,
): Desk['requests'][number] {
  const policy = policies.of(policyVersion);
  return {
    ...request,
    byName: nameOf(request.by),
    kind,
    kindName: entryNames[kind],
    items: items.map((item) => ({ ...item, kindName: materialName(policy, item.kind) })),
    ended: ended && { ...ended, kindName: entryNames[ended.kind] },
  };
}
