import { randomUUID } from 'node:crypto';
import { and, asc, eq, sql } from 'drizzle-orm';
import { yearOf } from '../domain/dates.ts';
import { documentNumber, type NoticeKind, noticeOf } from '../domain/notices.ts';
import type { NoticeDraft, NoticedCase } from '../policy/case-notices.ts';
import { asMaterial, materialsInForce } from './materials.ts';
import { type ApplicationRow, openNotice, openPersonal, sealNotice } from './personal.ts';
import { notice, noticeCounter } from './schema.ts';
import type { Store, Transaction } from './store.ts';
import type { NoticeContent } from './types.ts';

/** A notice (告知书) of a case, with its document number (文号). */
export interface IssuedNotice extends NoticeContent {
  id: string;
  kind: NoticeKind;
}

/**
 * Issues the notice that a change is told by, if there is one for it: words it, gives it the next number of its kind and year, and keeps
 * it as it is. To be called last in the change's transaction: the counter stays locked until that ends, and other notices of the kind wait.
 * @param word makes the words of what has happened
 */
export async function issueNotice(
  store: Store,
  tx: Transaction,
  row: ApplicationRow,
  { change, schedule }: Pick<NoticedCase, 'change' | 'schedule'>,
  word: (noticed: NoticedCase) => NoticeDraft,
): Promise<void> {
  const kind = noticeOf[change.entry.kind];
  if (!kind) return;
  const { acceptanceNumber, type, diseaseCode, policyVersion, submittedAt } = row;
  const { name: applicantName, idNumber } = openPersonal(store, row).applicant;
  const handedIn = (await materialsInForce(tx, acceptanceNumber)).map(asMaterial);
  const about = { acceptanceNumber, type, diseaseCode, policyVersion, submittedAt, applicantName, idNumber, handedIn };
  const { prefix, ...text } = word({ ...about, kind, change, schedule });
  const year = yearOf(text.issuedOn);
  const number = await nextNumber(tx, kind, year);
  const id = randomUUID();
  const content = sealNotice(store, id, { ...text, documentNumber: documentNumber(prefix, year, number) });
  await tx.insert(notice).values({ id, acceptanceNumber, sequence: change.sequence, kind, year, number, content });
}

async function nextNumber(tx: Transaction, kind: NoticeKind, year: number): Promise<number> {
  const [counter] = await tx
    .insert(noticeCounter)
    .values({ kind, year, last: 1 })
    .onConflictDoUpdate({
      target: [noticeCounter.kind, noticeCounter.year],
      set: { last: sql`${noticeCounter.last} + 1` },
    })
    .returning({ last: noticeCounter.last });
  return counter?.last as number;
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
