import { and, eq, gte } from 'drizzle-orm';
import {
  type AccreditationClocks,
  type AccreditationMilestone,
  accreditationMilestones,
} from '../../domain/accreditations/milestones.ts';
import type { AccreditationState } from '../../domain/accreditations/state.ts';
import type { AccreditationChange } from '../../domain/accreditations/timeline.ts';
import type { OfficeHours } from '../../domain/calendar/office-hours.ts';
import type { Calendar } from '../../domain/calendar/working-days.ts';
import type { NoticeDraft } from '../../domain/notices.ts';
import type { Unsent } from '../../domain/notifications/delivery.ts';
import type { NotificationDraft } from '../../domain/notifications/drafts.ts';
import { lockCalendar } from '../calendar/queries.ts';
import { type Divergence, type Replacing, recordInOrder } from '../in-order.ts';
import { writeNotice } from '../notices/issue.ts';
import { personKey } from '../notifications/about.ts';
import { queueNotifications } from '../notifications/outbox.ts';
import { dropUnsaid } from '../notifications/overtaken.ts';
import { unsentNotifications } from '../notifications/unsent.ts';
import type { Store, Transaction } from '../open.ts';
import type { Person } from '../people/personal.ts';
import { prepared, slots } from '../prepared.ts';
import { openPerson } from './personal.ts';
import { type AccreditationRow, accreditation, accreditationEntry } from './tables.ts';

/** What the policy makes of an accreditation's state and of a change. */
export interface AccreditationRules {
  clocks: AccreditationClocks;
  /** 短信 leave only then, on working days. */
  sendingHours: OfficeHours;
  notifications(change: AccreditationChange, row: AccreditationRow, person: Person): NotificationDraft[];
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
 * Writes changes of an accreditation in their order, each at most once: row, entry, notifications and notice, in one
 * transaction.
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
      last: row.sequence,
      entry: (sequence) => entryOf(tx, id, sequence),
      async forget({ sequence }) {
        const later = and(eq(accreditationEntry.accreditationId, id), gte(accreditationEntry.sequence, sequence));
        await tx.delete(accreditationEntry).where(later);
        await dropUnsaid(tx, { accreditationId: id, sequence });
      },
      async write(change) {
        row = await recordOne(store, tx, row, change, rules, calendar);
      },
    });
    const { state } = changes.at(-1) as AccreditationChange;
    const unsent = await unsentNotifications(
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
  const ofChange = and(eq(accreditationEntry.accreditationId, id), eq(accreditationEntry.sequence, sequence));
  const [entry] = await tx.select().from(accreditationEntry).where(ofChange);
  return entry;
}

/** @returns the row as it is then */
async function recordOne(
  store: Store,
  tx: Transaction,
  row: AccreditationRow,
  change: AccreditationChange,
  rules: AccreditationRules,
  calendar: Calendar,
): Promise<AccreditationRow> {
  const { sequence, state, entry } = change;
  const { id } = row;
  const cause = { accreditationId: id, sequence };
  const columns = { sequence, ...stateColumns(state) };
  await tx.update(accreditation).set(columns).where(eq(accreditation.id, id));
  await writeEntry(tx, id, change);
  const person = openPerson(store, row);
  const next = { ...row, ...columns };
  const drafts = rules.notifications(change, next, person);
  await queueNotifications(tx, cause, drafts, {
    ...{ kind: entry.kind, before: row.status, state, at: entry.at, sendingHours: rules.sendingHours, calendar },
    applicantKey: personKey(row.idNumberHash, store.keyring.hash(person.phone)),
  });
  if (entry.kind === 'revoked') {
    await writeNotice(store, tx, { about: cause, kind: 'revocation', draft: rules.revocation(change, row, person) });
  }
  return next;
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
