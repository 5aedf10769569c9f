import { and, asc, desc, eq, gte, type SQL, sql } from 'drizzle-orm';
import {
  type AccreditationClocks,
  type AccreditationMilestone,
  type AccreditationState,
  type AccreditationStatus,
  accreditationMilestones,
  grantedAccreditation,
} from '../../domain/accreditations/state.ts';
import type { AccreditationChange } from '../../domain/accreditations/timeline.ts';
import type { OfficeHours } from '../../domain/calendar/office-hours.ts';
import type { Calendar } from '../../domain/calendar/working-days.ts';
import type { InsuredType } from '../../domain/cases/eligibility.ts';
import type { NoticeDraft } from '../../domain/notices.ts';
import type { Unsent } from '../../domain/notifications/delivery.ts';
import type { MessageDraft } from '../../domain/notifications/drafts.ts';
import { lockCalendar } from '../calendar/queries.ts';
import { type Divergence, type Replacing, recordInOrder } from '../in-order.ts';
import { writeNotice } from '../notices/issue.ts';
import { dropOvertaken, dropUnsaid, personKey, unsentMessages, writeMessages } from '../notifications/outbox.ts';
import type { Store, Transaction } from '../open.ts';
import type { Person } from '../people/personal.ts';
import { given, prepared, slots } from '../prepared.ts';
import { openPerson, sealPerson } from './personal.ts';
import { type AccreditationRow, type AccreditationSource, accreditation, accreditationEntry } from './tables.ts';

/** What is granted, or was granted by an earlier system. Shanghai dates, both included. */
export interface Grant {
  id: string;
  /** Instant. */
  createdAt: string;
  source: AccreditationSource;
  /** What it was granted for: there is one accreditation for each. */
  sourceKey: string;
  submittedBy: string | null;
  person: Person;
  diseaseCode: string;
  insuredType: InsuredType;
  tier: string | null;
  institution: string | null;
  policyVersion: string;
  registrationNumber: string | null;
  validFrom: string;
  validUntil: string | null;
  /** Where it isn't granted just now. */
  state?: AccreditationState;
}

/**
 * Writes down what was granted, once for each source; a repeated grant changes nothing. One without an end has no workflow that could record that
 * it was granted, so that is written here.
 * @returns the accreditation for that source
 */
export async function grantAccreditation(store: Store, grant: Grant): Promise<AccreditationRow> {
  const { person, state = grantedAccreditation(grant.validFrom, grant.validUntil), ...fields } = grant;
  const personal = sealPerson(store, grant.id, person);
  const idNumberHash = store.keyring.hash(person.idNumber);
  const sequence = grant.validUntil === null ? 1 : 0;
  const row = { ...fields, personal, idNumberHash, state, status: state.status, sequence };
  const [granted] = await writeGrant(store.db, { ...row, ...grantedEntry(grant) });
  if (granted) return granted;
  const [known] = await store.db.select().from(accreditation).where(eq(accreditation.sourceKey, grant.sourceKey));
  return known as AccreditationRow;
}

/** A grant that wasn't there, and its entry if it has one, in one statement: nobody sees the one without the other. */
const writeGrant = prepared('grant', (db) => {
  const granted = db.$with('granted').as(
    db
      .insert(accreditation)
      .values(
        slots(
          ...(['id', 'createdAt', 'source', 'sourceKey', 'submittedBy', 'personal', 'idNumberHash'] as const),
          ...(['diseaseCode', 'insuredType', 'tier', 'institution', 'policyVersion', 'registrationNumber'] as const),
          ...(['validFrom', 'validUntil', 'status', 'state', 'sequence'] as const),
        ) as never,
      )
      .onConflictDoNothing()
      .returning(),
  );
  const { at, kind, by, via, detail } = given('at', 'kind', 'by', 'via', 'detail');
  const step = sql`${granted.sequence}, ${at}::timestamptz, ${kind}, ${by}, ${via}, ${granted.status}, ${detail}::jsonb`;
  const entry = db
    .$with('entry')
    .as(
      db
        .insert(accreditationEntry)
        .select(sql`select ${granted.id}, ${step}, null from ${granted} where ${granted.sequence} > 0`)
        .returning({ sequence: accreditationEntry.sequence }),
    );
  return db.with(granted, entry).select().from(granted);
});

function grantedEntry({ createdAt, validFrom, validUntil }: Grant): AccreditationChange['entry'] {
  return { at: createdAt, kind: 'granted', by: 'system', via: 'system', detail: { validFrom, validUntil } };
}

export async function findAccreditation(store: Store, id: string): Promise<AccreditationRow | undefined> {
  const [row] = await numbered(store.db, { id });
  return row;
}

const numbered = prepared('accreditation', (db) =>
  db
    .select()
    .from(accreditation)
    .where(eq(accreditation.id, sql.placeholder('id'))),
);

/** A person's accreditations that something can still happen to, the one that lasts longest first. */
export async function accreditationsOf(
  store: Store,
  idNumber: string,
  diseaseCode?: string,
): Promise<AccreditationRow[]> {
  const rows = await lastingOf(store.db, { idNumberHash: store.keyring.hash(idNumber) });
  return rows.filter((row) => diseaseCode === undefined || row.diseaseCode === diseaseCode);
}

const lastingOf = prepared('lasting accreditations', (db) =>
  db
    .select()
    .from(accreditation)
    .where(and(eq(accreditation.idNumberHash, sql.placeholder('idNumberHash')), eq(accreditation.closed, false)))
    .orderBy(sql`${accreditation.validUntil} desc nulls first`),
);

/** What an approved renewal or change brings; status and dates follow by its workflow. */
export async function updateAccreditation(
  store: Store,
  id: string,
  {
    person,
    ...change
  }: Pick<Grant, 'person' | 'registrationNumber' | 'institution'> &
    Partial<Pick<Grant, 'submittedBy' | 'policyVersion' | 'insuredType' | 'tier'>>,
): Promise<void> {
  const personal = sealPerson(store, id, person);
  await store.db
    .update(accreditation)
    .set({ ...change, personal })
    .where(eq(accreditation.id, id));
}

/** What happened to an accreditation, in order. */
export function accreditationTimeline(store: Store, id: string) {
  const ofOne = eq(accreditationEntry.accreditationId, id);
  return store.db.select().from(accreditationEntry).where(ofOne).orderBy(asc(accreditationEntry.sequence));
}

export interface AccreditationFilter {
  submittedBy?: string | undefined;
  /** Only this person's. */
  idNumber?: string | undefined;
  status?: AccreditationStatus | undefined;
  /** Where the last page ended. */
  after?: { createdAt: string; id: string } | undefined;
  limit: number;
}

/** Newest first. */
export function listAccreditations(store: Store, filter: AccreditationFilter) {
  const { submittedBy, idNumber, status, after, limit } = filter;
  const { createdAt, id } = accreditation;
  const where: (SQL | undefined)[] = [
    submittedBy === undefined ? undefined : eq(accreditation.submittedBy, submittedBy),
    idNumber === undefined ? undefined : eq(accreditation.idNumberHash, store.keyring.hash(idNumber)),
    status && eq(accreditation.status, status),
    after && sql`(${createdAt}, ${id}) < (${after.createdAt}, ${after.id})`,
  ];
  const order = [desc(createdAt), desc(id)];
  return store.db
    .select()
    .from(accreditation)
    .where(and(...where))
    .orderBy(...order)
    .limit(limit);
}

/** What the policy makes of an accreditation's state and of a change. */
export interface AccreditationRules {
  clocks: AccreditationClocks;
  /** 短信 leave only then, on working days. */
  sendingHours: OfficeHours;
  messages(change: AccreditationChange, row: AccreditationRow, person: Person): MessageDraft[];
  /** The words of the decision (撤销认定决定书) by which it is revoked. */
  revocation(change: AccreditationChange, row: AccreditationRow, person: Person): NoticeDraft;
}

/** As `Recorded` of an application. */
export interface RecordedAccreditation {
  milestones: AccreditationMilestone[];
  unsent: Unsent[];
  divergence: Divergence | null;
}

/** A workflow was started for an accreditation that was never granted. */
export class UnknownAccreditation extends Error {}

/**
 * Writes changes of an accreditation in their order, each at most once: row, entry, messages and notice, in one transaction.
 * @param changes at least one
 * @throws UnknownAccreditation
 */
export function recordAccreditationChanges(
  store: Store,
  id: string,
  changes: AccreditationChange[],
  rules: AccreditationRules,
  { replaces }: Replacing = { replaces: true },
): Promise<RecordedAccreditation> {
  return store.db.transaction(async (tx) => {
    const calendar = await lockCalendar(store, tx);
    let row = await lockAccreditation(tx, id);
    const divergence = await recordInOrder(changes, {
      replaces,
      last: async () => row.sequence,
      entry: (sequence) => entryOf(tx, id, sequence),
      async forget({ sequence }) {
        const later = and(eq(accreditationEntry.accreditationId, id), gte(accreditationEntry.sequence, sequence));
        await tx.delete(accreditationEntry).where(later);
        await dropUnsaid(tx, { accreditationId: id, sequence });
      },
      async write(change) {
        await recordOne(store, tx, row, change, rules, calendar);
        if (change !== changes.at(-1)) row = await lockAccreditation(tx, id);
      },
    });
    const { state } = changes.at(-1) as AccreditationChange;
    const unsent = await unsentMessages(
      tx,
      { accreditationId: id },
      changes.map(({ sequence }) => sequence),
    );
    return { milestones: accreditationMilestones(state, rules.clocks), unsent, divergence };
  });
}

/** @throws UnknownAccreditation */
export async function lockAccreditation(tx: Transaction, id: string): Promise<AccreditationRow> {
  const [row] = await tx.select().from(accreditation).where(eq(accreditation.id, id)).for('update');
  if (!row) throw new UnknownAccreditation('No accreditation was granted under this id');
  return row;
}

async function entryOf(tx: Transaction, id: string, sequence: number) {
  const one = and(eq(accreditationEntry.accreditationId, id), eq(accreditationEntry.sequence, sequence));
  const [entry] = await tx.select().from(accreditationEntry).where(one);
  return entry;
}

async function recordOne(
  store: Store,
  tx: Transaction,
  row: AccreditationRow,
  change: AccreditationChange,
  rules: AccreditationRules,
  calendar: Calendar,
): Promise<void> {
  const { sequence, state, entry } = change;
  const { id } = row;
  const cause = { accreditationId: id, sequence };
  await tx
    .update(accreditation)
    .set({ sequence, ...stateColumns(state) })
    .where(eq(accreditation.id, id));
  await writeEntry(tx, id, change);
  const person = openPerson(store, row);
  const drafts = rules.messages(change, { ...row, ...stateColumns(state) }, person);
  await dropOvertaken(tx, cause, { kind: entry.kind, before: row.status, state, drafts }, entry.at);
  const applicantKey = personKey(row.idNumberHash, store.keyring.hash(person.phone));
  await writeMessages(tx, cause, drafts, { at: entry.at, sendingHours: rules.sendingHours, calendar, applicantKey });
  if (entry.kind === 'revoked') {
    await writeNotice(store, tx, { about: cause, kind: 'revocation', draft: rules.revocation(change, row, person) });
  }
}

async function writeEntry(tx: Transaction, id: string, { sequence, state, entry }: AccreditationChange): Promise<void> {
  await insertEntry(tx, { accreditationId: id, sequence, status: state.status, requestId: null, ...entry });
}

const insertEntry = prepared('accreditation entry', (db) =>
  db
    .insert(accreditationEntry)
    .values(slots('accreditationId', 'sequence', 'at', 'kind', 'by', 'via', 'status', 'detail', 'requestId')),
);

/** What the row shows of a state. */
export function stateColumns(state: AccreditationState) {
  const { status, validFrom, validUntil, closed } = state;
  return { state, status, validFrom, validUntil, closed };
}
