import { type AskedOf, requestsOf } from '../../domain/cases/requests.ts';
import { accreditationStatusNames, entryNames, statusNames, typeNames } from '../../domain/names.ts';
import { accreditationStatuses, applicationTypes, statuses } from '../../domain/vocabulary.ts';
import { diseaseOf, materialName } from '../../policy/catalogue.ts';
import { listAccreditations } from '../../store/accreditations/queries.ts';
import type { AccreditationRow } from '../../store/accreditations/tables.ts';
import { listApplications, readTimeline } from '../../store/cases/queries.ts';
import type { ApplicationRow } from '../../store/cases/tables.ts';
import { type NameOf, namesOf } from '../../store/staff/queries.ts';
import type { ApiContext } from '../context.ts';
import { date, instant } from '../http/answers.ts';
import type { User } from '../http/auth.ts';
import { z } from '../http/zod.ts';
import { noteAnswer, notesFor } from './notes.ts';

/** How many of a person's cases and accreditations are shown beside a case; nobody comes near it. */
const MOST_BESIDE = 100;

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
    .array(
      z.object({
        acceptanceNumber: z.string(),
        type: z.enum(applicationTypes),
        typeName: z.string(),
        diseaseCode: z.string(),
        diseaseName: z.string(),
        status: z.enum(statuses),
        statusName: z.string(),
        submittedAt: instant,
        closed: z.boolean(),
      }),
    )
    .openapi({ description: "The applicant's other cases, newest first" }),
  accreditations: z
    .array(
      z.object({
        accreditationId: z.string(),
        diseaseCode: z.string(),
        diseaseName: z.string(),
        status: z.enum(accreditationStatuses),
        statusName: z.string(),
        validFrom: date,
        validUntil: date.nullable(),
        institution: z.string().nullable(),
      }),
    )
    .openapi({ description: "The applicant's accreditations, newest first" }),
});

/** Beside the case as everybody in the office sees it: its history of requests, the notes, and whose case it is. */
export async function deskView(
  context: ApiContext,
  row: ApplicationRow,
  user: User,
): Promise<z.infer<typeof deskAnswer>> {
  const { store } = context;
  const { idNumberHash, acceptanceNumber } = row;
  const cases = await listApplications(store, { idNumberHash, limit: MOST_BESIDE });
  const accreditations = await listAccreditations(store, { idNumberHash, limit: MOST_BESIDE });
  const asked = requestsOf(await readTimeline(store, acceptanceNumber));
  const nameOf = await namesOf(
    store,
    asked.map(({ by }) => by),
  );
  return {
    requests: asked.map((request) => requestView(context, row, request, nameOf)),
    notes: await notesFor(context, row, user),
    otherCases: cases
      .filter((other) => other.acceptanceNumber !== acceptanceNumber)
      .map((other) => otherCase(context, other)),
    accreditations: accreditations.map((granted) => accreditationLine(context, granted)),
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

function otherCase({ policies }: ApiContext, row: ApplicationRow): Desk['otherCases'][number] {
  const { acceptanceNumber, type, diseaseCode, policyVersion, status, submittedAt, closed } = row;
  return {
    acceptanceNumber,
    ...{ type, typeName: typeNames[type] },
    ...{ diseaseCode, diseaseName: diseaseOf(policies.of(policyVersion), diseaseCode)?.name ?? diseaseCode },
    ...{ status, statusName: statusNames[status] },
    submittedAt,
    closed,
  };
}

function accreditationLine({ policies }: ApiContext, row: AccreditationRow): Desk['accreditations'][number] {
  const { id, diseaseCode, policyVersion, status, validFrom, validUntil, institution } = row;
  return {
    accreditationId: id,
    ...{ diseaseCode, diseaseName: diseaseOf(policies.of(policyVersion), diseaseCode)?.name ?? diseaseCode },
    ...{ status, statusName: accreditationStatusNames[status] },
    ...{ validFrom, validUntil, institution },
  };
}
