import { randomUUID } from 'node:crypto';
import type { Request } from 'express';
import { isParty } from '../../domain/cases/access.ts';
import { notesOf, writeNote } from '../../store/cases/notes/notes.ts';
import type { CaseNoteRow } from '../../store/cases/notes/tables.ts';
import type { ApplicationRow } from '../../store/cases/tables.ts';
import { type NameOf, namesOf } from '../../store/staff/queries.ts';
import type { ApiContext } from '../context.ts';
import { onCase } from '../http/access.ts';
import { instant } from '../http/answers.ts';
import type { User } from '../http/auth.ts';
import { problems } from '../http/errors.ts';
import { recallRequest } from '../http/idempotency.ts';
import { freeText } from '../http/requests.ts';
import { type Answer, route } from '../http/route.ts';
import { z } from '../http/zod.ts';

const noteSchema = z.strictObject({ text: freeText('备注') });

export const noteAnswer = z
  .object({ id: z.string(), at: instant, by: z.string(), byName: z.string(), text: z.string() })
  .openapi('Note');

/** What one of the staff is shown of the internal notes (内部备注) on a case: nothing where it is about themselves. */
export async function notesFor(
  { store }: ApiContext,
  row: ApplicationRow,
  user: User,
): Promise<z.infer<typeof noteAnswer>[]> {
  if (isParty(user, row)) return [];
  const notes = await notesOf(store, row.acceptanceNumber);
  const nameOf = await namesOf(
    store,
    notes.map(({ by }) => by),
  );
  return notes.map((note) => noteView(note, nameOf));
}

function noteView({ id, at, by, text }: CaseNoteRow, nameOf: NameOf): z.infer<typeof noteAnswer> {
  return { id, at, by, byName: nameOf(by), text };
}

/** `POST /v1/applications/{acceptanceNumber}/notes`: what the staff note for each other, while a case runs and after. */
export function noteRoutes(context: ApiContext) {
  return [
    route({
      method: 'post',
      path: '/v1/applications/{acceptanceNumber}/notes',
      operationId: 'writeNote',
      summary: '写内部备注:只有工作人员看得到',
      access: onCase('note'),
      audit: { action: 'change', kind: 'application', part: 'note' },
      body: noteSchema,
      example: { text: '已电话联系,本人称周五前补齐' },
      idempotent: true,
      answers: { 201: { description: 'Kept; the case shows it to the staff', schema: noteAnswer } },
      handle: ({ request, body, found, user }) => noteOnce(context, request, user, found, body.text),
    }),
  ];
}

/** Keeps a note once: a request with a known key gets the answer of the first one with it. */
async function noteOnce(
  context: ApiContext,
  request: Request,
  user: User,
  { acceptanceNumber }: ApplicationRow,
  text: string,
): Promise<Answer> {
  const { store, now } = context;
  const { keyed, remembered } = await recallRequest(store, request, user.subject);
  if (remembered?.answer) return remembered.answer;
  const note = { id: randomUUID(), acceptanceNumber, at: now(), by: user.subject, text };
  const answer = { status: 201, body: noteView(note, await namesOf(store, [user.subject])) };
  const outcome = await writeNote(store, note, keyed && { ...keyed, answer });
  if (outcome === 'erased') throw problems.notFound();
  // Another one with the same key has been answered meanwhile.
  if (outcome === 'repeated') return (await recallRequest(store, request, user.subject)).remembered?.answer as Answer;
  return answer;
}
