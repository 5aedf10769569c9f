import type { NoticeDraft } from '../../domain/notices.ts';
import { open, seal } from '../encryption/sealing.ts';
import type { Store } from '../open.ts';
import type { NoticeRow } from './tables.ts';

/** What a notice (告知书) says, as it was issued. */
export type NoticeContent = Omit<NoticeDraft, 'prefix'> & {
  /** 文号. */
  documentNumber: string;
};

/** Encrypts what a notice says, bound to the notice's id. */
export function sealNotice(store: Store, id: string, content: NoticeContent): string {
  return seal(store, id, content);
}

export function openNotice(store: Store, row: Pick<NoticeRow, 'id' | 'content'>): NoticeContent {
  return open(store, row.id, row.content) as NoticeContent;
}
