import { asc } from 'drizzle-orm';
import { type RememberedAnswer, rememberDone } from '../../idempotency/requests.ts';
import type { Store } from '../../open.ts';
import { isOf, prepared } from '../../prepared.ts';
import { lockApplication } from '../lock.ts';
import { type CaseNoteRow, caseNote } from './tables.ts';

/** The internal notes on a case, oldest first. */
export function notesOf(store: Store, acceptanceNumber: string): Promise<CaseNoteRow[]> {
  return ofCase(store.db, { acceptanceNumber });
}

const ofCase = prepared('notes of a case', (db) =>
  db.select().from(caseNote).where(isOf(caseNote)).orderBy(asc(caseNote.at), asc(caseNote.id)),
);

/**
 * Keeps a note, and the request with its answer, in one transaction.
 * @returns `erased` where the case tells of nobody any more; `repeated` where another request with the same key got
 * there first: nothing is written then
 */
export function writeNote(
  store: Store,
  note: CaseNoteRow,
  request?: { key: string; bodyHash: string; answer: RememberedAnswer },
): Promise<'written' | 'erased' | 'repeated'> {
  const { acceptanceNumber, by, at } = note;
  return store.db.transaction(async (tx) => {
    // Locked, so that the case's erasure finds the note.
    const { erasedAt } = await lockApplication(tx, acceptanceNumber);
    if (erasedAt !== null) return 'erased';
    if (request) {
      const remembered = { ...request, subject: by, acceptanceNumber, createdAt: at };
      if (!(await rememberDone(store, tx, remembered))) return 'repeated';
    }
    await tx.insert(caseNote).values(note);
    return 'written';
  });
}
