import { randomUUID } from 'node:crypto';
import { and, asc, eq, sql } from 'drizzle-orm';
import { yearOf } from '../domain/dates.ts';
import { documentNumber, type NoticeKind } from '../domain/notices.ts';
import type { NoticeDraft } from '../policy/case-notices.ts';
import { openNotice, sealNotice } from './personal.ts';
import { notice, noticeCounter } from './schema.ts';
import type { Store, Transaction } from './store.ts';
import type { NoticeContent } from './types.ts';

/** A notice (告知书) of a case, with its document number (文号). */
export interface IssuedNotice extends NoticeContent {
  id: string;
  kind: NoticeKind;
}

/** The change of a case that a notice tells of. */
interface Cause {
  acceptanceNumber: string;
  sequence: number;
  kind: NoticeKind;
}

/**
 * Gives a notice the next number of its kind and year, and keeps it as it is. To be called last in the transaction of its change: the
 * counter stays locked until that ends, and all other notices of the kind wait.
 */
export async function issueNotice(store: Store, tx: Transaction, cause: Cause, draft: NoticeDraft): Promise<void> {
  const { prefix, ...text } = draft;
  const { kind } = cause;
  const year = yearOf(text.issuedOn);
  const [counter] = await tx
    .insert(noticeCounter)
    .values({ kind, year, last: 1 })
    .onConflictDoUpdate({
      target: [noticeCounter.kind, noticeCounter.year],
      set: { last: sql`${noticeCounter.last} + 1` },
    })
    .returning({ last: noticeCounter.last });
  const number = counter?.last as number;
  const id = randomUUID();
  const content = sealNotice(store, id, { ...text, documentNumber: documentNumber(prefix, year, number) });
  await tx.insert(notice).values({ ...cause, id, year, number, content });
}

/** The notices of a case, in the order in which they were issued. */
export async function noticesOfCase(store: Store, acceptanceNumber: string): Promise<IssuedNotice[]> {
  const ofCase = eq(notice.acceptanceNumber, acceptanceNumber);
  const rows = await store.db.select().from(notice).where(ofCase).orderBy(asc(notice.sequence));
  return rows.map((row) => ({ ...openNotice(store, row), id: row.id, kind: row.kind }));
}

/** One of a case's notices; undefined where the case has none with this id. */
export async function findNotice(
  store: Store,
  acceptanceNumber: string,
  id: string,
): Promise<NoticeContent | undefined> {
  const ofCase = and(eq(notice.acceptanceNumber, acceptanceNumber), eq(notice.id, id));
  const [row] = await store.db.select().from(notice).where(ofCase);
  return row && openNotice(store, row);
}
