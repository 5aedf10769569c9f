import { and, asc, eq } from 'drizzle-orm';
import type { NoticeKind } from '../../domain/notices.ts';
import { type About, isAbout } from '../notifications/about.ts';
import type { Store } from '../open.ts';
import { type NoticeContent, openNotice } from './content.ts';
import { notice } from './tables.ts';

/** A notice (告知书) of a case or an accreditation, with its document number (文号). */
export interface IssuedNotice extends NoticeContent {
  id: string;
  kind: NoticeKind;
}

/** The notices of a case or an accreditation, in the order in which they were issued. */
export async function noticesAbout(store: Store, about: About): Promise<IssuedNotice[]> {
  const rows = await store.db.select().from(notice).where(isAbout(notice, about)).orderBy(asc(notice.sequence));
  return rows.map((row) => ({ ...openNotice(store, row), id: row.id, kind: row.kind }));
}

/** One of these notices; undefined where there is none with this id among them. */
export async function findNotice(store: Store, about: About, id: string): Promise<IssuedNotice | undefined> {
  const [row] = await store.db
    .select()
    .from(notice)
    .where(and(isAbout(notice, about), eq(notice.id, id)));
  return row && { ...openNotice(store, row), id: row.id, kind: row.kind };
}
