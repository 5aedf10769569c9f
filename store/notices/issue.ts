import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { EntryDetail } from '../../domain/cases/timeline.ts';
import { yearOf } from '../../domain/dates.ts';
import {
  documentNumber,
  type Granted,
  type NoticeDraft,
  type NoticedCase,
  type NoticeKind,
  noticeOf,
} from '../../domain/notices.ts';
import { accreditationWith } from '../accreditations/queries.ts';
import { asMaterial, materialsInForce } from '../cases/materials.ts';
import { openPersonal } from '../cases/personal.ts';
import type { ApplicationRow } from '../cases/tables.ts';
import type { Cause } from '../notifications/about.ts';
import type { Store, Transaction } from '../open.ts';
import { prepared, slots } from '../prepared.ts';
import { sealNotice } from './content.ts';
import { notice, noticeCounter } from './tables.ts';

/** A notice in words, which has no number yet. */
export interface DueNotice {
  about: Cause;
  kind: NoticeKind;
  draft: NoticeDraft;
}

/**
 * The notice by which a change of a case is announced, if there is one for it; to be given to `writeNotice`. To be
 * called once the change's materials are written, and before those of a later change.
 * @param word makes the words of what has happened
 */
export async function noticeDue(
  store: Store,
  tx: Transaction,
  row: ApplicationRow,
  { change, schedule }: Pick<NoticedCase, 'change' | 'schedule'>,
  word: (noticed: NoticedCase) => NoticeDraft,
): Promise<DueNotice | undefined> {
  const kind = noticeOf[change.entry.kind];
  if (!kind) return undefined;
  const granted = kind === 'approval' ? await grantedBy(tx, change.entry.detail) : undefined;
  if (kind === 'approval' && !granted) return undefined;
  const { acceptanceNumber, type, diseaseCode, policyVersion, submittedAt } = row;
  const { name: applicantName, idNumber } = openPersonal(store, row).applicant;
  const handedIn = (await materialsInForce(tx, acceptanceNumber)).map(asMaterial);
  const noticed = {
    acceptanceNumber,
    type,
    diseaseCode,
    policyVersion,
    submittedAt,
    applicantName,
    idNumber,
    handedIn,
    ...(granted ? { granted } : {}),
  };
  const about = { acceptanceNumber, sequence: change.sequence };
  return { about, kind, draft: word({ ...noticed, kind, change, schedule }) };
}

/** What an approval brought, which is written down before it is recorded. */
async function grantedBy(
  tx: Transaction,
  {
    accreditationId = '',
    validFrom = '',
    validUntil = null,
  }: Omit<EntryDetail, 'validUntil'> & {
    validUntil?: string | null | undefined;
  },
): Promise<Granted | undefined> {
  const row = await accreditationWith(tx, accreditationId);
  if (!row) return undefined;
  const { institution, insuredType, tier, policyVersion } = row;
  const institutions = { institution, furtherInstitutions: row.furtherInstitutions ?? [] };
  return { accreditationId, validFrom, validUntil, ...institutions, insuredType, tier, policyVersion };
}

/**
 * Gives a notice the next number of its kind and year, and keeps it as it is. To be called last in the transaction of
 * the change that it tells of: the counter stays locked until that ends, and other notices of the kind wait.
 */
export async function writeNotice(store: Store, tx: Transaction, { about, kind, draft }: DueNotice): Promise<void> {
  const { prefix, ...text } = draft;
  const year = yearOf(text.issuedOn);
  const number = await nextNumber(tx, kind, year);
  const id = randomUUID();
  const content = sealNotice(store, id, { ...text, documentNumber: documentNumber(prefix, year, number) });
  await writeOne(tx, { acceptanceNumber: null, accreditationId: null, ...about, id, kind, year, number, content });
}

const writeOne = prepared('notice', (db) =>
  db
    .insert(notice)
    .values(slots('id', 'acceptanceNumber', 'accreditationId', 'sequence', 'kind', 'year', 'number', 'content')),
);

async function nextNumber(tx: Transaction, kind: NoticeKind, year: number): Promise<number> {
  const [counter] = await countOne(tx, { kind, year });
  return counter?.last as number;
}

const countOne = prepared('notice counter', (db) =>
  db
    .insert(noticeCounter)
    .values({ ...slots('kind', 'year'), last: 1 })
    .onConflictDoUpdate({
      target: [noticeCounter.kind, noticeCounter.year],
      set: { last: sql`${noticeCounter.last} + 1` },
    })
    .returning({ last: noticeCounter.last }),
);
