import { and, asc, eq } from 'drizzle-orm';
import type { NoticeKind } from '../../domain/notices.ts';
import type { Store } from '../open.ts';
import { type NoticeContent, openNotice } from './content.ts';
import { notice } from './tables.ts';

/** What a notice is about: a case, or an accreditation. */
export type NoticeSubject = { acceptanceNumber: string } | { accreditationId: string };

/** A notice (告知书) of a case or an accreditation, with its document number (文号). */
export interface IssuedNotice extends NoticeContent {
  id: string;
  kind: NoticeKind;
}

/** The notices of a case or an accreditation, in the order in which they were issued. */
export async function noticesAbout(store: Store, subject: NoticeSubject): Promise<IssuedNotice[]> {
  const rows = await store.db.select().from(notice).where(isAbout(subject)).orderBy(asc(notice.sequence));
  return rows.map((row) => ({ ...openNotice(store, row), id: row.id, kind: row.kind }));
}

/** One of these notices; undefined where there is none with this id among them. */
export async function findNotice(store: Store, subject: NoticeSubject, id: string): Promise<NoticeContent | undefined> {
  const [row] = await store.db
    .select()
    .from(notice)
    .where(and(isAbout(subject), eq(notice.id, id)));
  return row && openNotice(store, row);
}

function isAbout(subject: NoticeSubject) {
  return 'acceptanceNumber' in subject
    ? eq(notice.acceptanceNumber, subject.acceptanceNumber)
    : eq(notice.accreditationId, subject.accreditationId);
}
