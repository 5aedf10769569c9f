import { and, asc, desc, eq, type SQL, sql } from 'drizzle-orm';
import {
  type AccreditationClocks,
  type AccreditationMilestone,
  type AccreditationState,
  type AccreditationStatus,
  accreditationMilestones,
  grantedAccreditation,
} from '../domain/accreditation.ts';
import type { AccreditationChange } from '../domain/accreditation-timeline.ts';
import type { InsuredType } from '../domain/eligibility.ts';
import type { OfficeHours } from '../domain/office-hours.ts';
import type { NoticeDraft } from '../policy/case-notices.ts';
import type { MessageDraft } from '../policy/notifications.ts';
import { lockCalendar } from './calendar.ts';
import { writeNotice } from './notices.ts';
import { dropOvertaken, personKey, type Queued, queuedMessages, writeMessages } from './outbox.ts';
import { type AccreditationRow, openPerson, sealPerson } from './personal.ts';
import { accreditation, accreditationEntry, application } from './schema.ts';
import type { Database, Store, Transaction } from './store.ts';
import type { AccreditationSource, Person } from './types.ts';

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
 * Writes down what was granted, once for each source; a repeated grant changes nothing.
 * @returns the accreditation for that source
 */
export async function grantAccreditation(
  store: Store,
  grant: Grant,
  db: Database | Transaction = store.db,
): Promise<AccreditationRow> {
  const { person, state = grantedAccreditation(grant.validFrom, grant.validUntil), ...fields } = grant;
  const personal = sealPerson(store, grant.id, person);
  const idNumberHash = store.keyring.hash(person.idNumber);
  const row = { ...fields, personal, idNumberHash, state, status: state.status };
  await db.insert(accreditation).values(row).onConflictDoNothing({ target: accreditation.sourceKey });
  const [known] = await db.select().from(accreditation).where(eq(accreditation.sourceKey, grant.sourceKey));
  return known as AccreditationRow;
}

export async function findAccreditation(store: Store, id: string): Promise<AccreditationRow | undefined> {
  const [row] = await store.db.select().from(accreditation).where(eq(accreditation.id, id));
  return row;
}

/** A person's accreditations that something can still happen to, the one that lasts longest first. */
export function accreditationsOf(store: Store, idNumber: string, diseaseCode?: string): Promise<AccreditationRow[]> {
  const where = [
    eq(accreditation.idNumberHash, store.keyring.hash(idNumber)),
    eq(accreditation.closed, false),
    diseaseCode === undefined ? undefined : eq(accreditation.diseaseCode, diseaseCode),
  ];
  return store.db
    .select()
    .from(accreditation)
    .where(and(...where))
    .orderBy(sql`${accreditation.validUntil} desc nulls first`);
}

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

export interface RecordedAccreditation extends Queued {
  milestones: AccreditationMilestone[];
}

/** A workflow was started for an accreditation that was never granted. */
export class UnknownAccreditation extends Error {}

/**
 * Writes a change of an accreditation: row, entry, messages and notice in one transaction, at most once per sequence.
 * @returns what lies ahead of it, and which of the change's messages have to be handed over when
 * @throws UnknownAccreditation
 */
export function recordAccreditation(
  store: Store,
  id: string,
  change: AccreditationChange,
  rules: AccreditationRules,
): Promise<RecordedAccreditation> {
  const { sequence, state, entry } = change;
  return store.db.transaction(async (tx) => {
    const calendar = await lockCalendar(store, tx);
    const [row] = await tx.select().from(accreditation).where(eq(accreditation.id, id)).for('update');
    if (!row) throw new UnknownAccreditation('No accreditation was granted under this id');
    const cause = { accreditationId: id, sequence };
    if (sequence > row.sequence) {
      await tx
        .update(accreditation)
        .set({ sequence, ...asColumns(state) })
        .where(eq(accreditation.id, id));
      await tx.insert(accreditationEntry).values({ accreditationId: id, sequence, status: state.status, ...entry });
      const person = openPerson(store, row);
      const drafts = rules.messages(change, { ...row, ...asColumns(state) }, person);
      await dropOvertaken(tx, cause, { kind: entry.kind, before: row.status, state, drafts }, entry.at);
      const applicantKey = personKey(row.idNumberHash, store.keyring.hash(person.phone));
      const { sendingHours } = rules;
      await writeMessages(tx, cause, drafts, { at: entry.at, sendingHours, calendar, applicantKey });
      if (entry.kind === 'revoked') {
        const words = rules.revocation(change, row, person);
        await writeNotice(store, tx, { accreditationId: id, sequence }, 'revocation', words);
      }
    }
    return { milestones: accreditationMilestones(state, rules.clocks), ...(await queuedMessages(tx, cause)) };
  });
}

function asColumns(state: AccreditationState) {
  const { status, validFrom, validUntil, closed } = state;
  return { state, status, validFrom, validUntil, closed };
}

/** Which accreditation an application is about, or has brought. */
export async function linkAccreditation(
  store: Store,
  acceptanceNumber: string,
  accreditationId: string,
): Promise<void> {
  const ofCase = eq(application.acceptanceNumber, acceptanceNumber);
  await store.db.update(application).set({ accreditationId }).where(ofCase);
}
