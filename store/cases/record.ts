import type { Calendar } from '../../domain/calendar/working-days.ts';
import { type Schedule, schedule } from '../../domain/cases/schedule.ts';
import type { Change, EntryKind } from '../../domain/cases/timeline.ts';
import type { Unsent } from '../../domain/notifications/delivery.ts';
import type { ApplicationType } from '../../domain/vocabulary.ts';
import { type Divergence, isSame, type Replacing, recordInOrder } from '../in-order.ts';
import { type DueNotice, noticeDue, writeNotice } from '../notices/issue.ts';
import { personKey } from '../notifications/about.ts';
import { withinBound } from '../notifications/caused.ts';
import { asKnown, type KnownNotification } from '../notifications/known.ts';
import { queueNotifications } from '../notifications/outbox.ts';
import { unsentIn, unsentNotifications } from '../notifications/unsent.ts';
import type { Store, Transaction } from '../open.ts';
import { tellEarlierPhones, tellPhonesOnRecord } from '../people/earlier-phones.ts';
import { everyone } from '../staff/queries.ts';
import { releaseClaims } from './claims.ts';
import { withFacts } from './facts.ts';
import { forgetFrom } from './forget.ts';
import type { Learnt } from './insured.ts';
import { lockWithCalendar } from './lock.ts';
import { openPersonal } from './personal.ts';
import { handIn } from './resubmission.ts';
import { columnsOf, writeRow } from './row.ts';
import type { RecordRules } from './rules.ts';
import type { ApplicationRow } from './tables.ts';
import { entryOf, writeEntry } from './timeline.ts';

/** What changes leave to be done, and what their recording has shown. */
export interface Recorded {
  type: ApplicationType;
  /** What lies ahead of the case. */
  schedule: Schedule;
  unsent: Unsent[];
  /** Those of the notifications that are new with this recording: nobody has begun to send them. */
  fresh: KnownNotification[];
  /** What follows from the changes, if it is recorded. */
  followed: Change | undefined;
  divergence: Divergence | null;
}

interface Recording extends Replacing {
  /**
   * The change that follows from the last one by itself, and that the workflow doesn't know yet. It never replaces
   * anything: it may come from a worker that was taken for dead, and the workflow may have decided something else
   * since.
   */
  followed?: Change | undefined;
  /** To be kept with what follows. */
  learnt?: Learnt | undefined;
}

/**
 * Writes changes in their order, each at most once: row, timeline, materials, notifications and notice, in one
 * transaction.
 * @param changes at least one, or what follows
 * @throws UnknownApplication
 */
export function recordChanges(
  store: Store,
  acceptanceNumber: string,
  changes: Change[],
  rules: RecordRules,
  { replaces, followed, learnt }: Recording = { replaces: true },
): Promise<Recorded> {
  return store.db.transaction(async (tx) => {
    const held = await lockWithCalendar(store, tx, acceptanceNumber);
    const { calendar } = held;
    let { row } = held;
    const written: Written[] = [];
    const write = async (change: Change) => {
      const recorded = await recordOne(store, tx, row, change, rules, calendar);
      row = recorded.row;
      written.push(recorded);
    };
    const entry = (sequence: number) => entryOf(tx, acceptanceNumber, sequence);
    const forget = ({ sequence }: Change) => forgetFrom(tx, { acceptanceNumber, sequence });
    const divergence = await recordInOrder(changes, { replaces, last: row.sequence, entry, forget, write });
    const follows = followed?.sequence === row.sequence + 1;
    if (followed && follows) {
      row = { ...row, ...learnt };
      await write(followed);
    }
    if (written.length > 0) await writeRow(tx, { ...row });
    for (const { notice } of written) if (notice) await writeNotice(store, tx, notice);
    const isRecorded = followed && (follows || isSame(await entry(followed.sequence), followed));
    const done = followed && isRecorded ? [...changes, followed] : changes;
    const state = done.at(-1)?.state ?? row.state;
    const fresh = written.flatMap(({ notifications }) => notifications);
    const isNew = written.length === done.length && !divergence && !written.some(({ toldOthers }) => toldOthers);
    const sequences = done.map(({ sequence }) => sequence);
    return {
      type: row.type,
      schedule: schedule(state, row.channel, rules.clocks, calendar),
      unsent: isNew
        ? unsentIn(fresh.map((known) => known.row))
        : await unsentNotifications(tx, { acceptanceNumber }, sequences),
      fresh,
      followed: isRecorded ? followed : undefined,
      divergence,
    };
  });
}

/** The entries with which the office hears of a filing. */
const assessed: EntryKind[] = ['accepted', 'refused'];

function tellOfFiling(store: Store, tx: Transaction, row: ApplicationRow, change: Change, rules: RecordRules) {
  const { sequence, entry } = change;
  return tellEarlierPhones(store, tx, row, {
    sequence,
    at: entry.at,
    text: rules.filedOtherwise(row.acceptanceNumber),
  });
}

/** Whether a clerk did it to an online case for who was at the window; by a signal anybody could claim that. */
function wasAtWindow({ channel }: ApplicationRow, { entry }: Change): boolean {
  return channel !== 'window' && entry.via === 'api' && entry.detail.documentSeen !== undefined;
}

/**
 * A clerk acted for who was at the window: if that wasn't the applicant, they hear of it. Where a corrected form has
 * brought another phone, the former one hears of that already.
 */
function tellOfWindow(
  store: Store,
  tx: Transaction,
  { row, change, corrected }: { row: ApplicationRow; change: Change; corrected: Partial<ApplicationRow> },
  rules: RecordRules,
) {
  const { sequence, entry } = change;
  const { phoneHash = row.phoneHash } = corrected;
  const except = phoneHash === row.phoneHash ? [] : [openPersonal(store, row).applicant.phone];
  const text = rules.actedAtWindow(row.acceptanceNumber);
  const key = `${row.acceptanceNumber}-${sequence}`;
  return tellPhonesOnRecord(store, tx, { ...row, sequence }, { key, at: entry.at, text, except });
}

/** What recording a change has left: the row and the notice, which are yet to be written, and the notifications. */
interface Written {
  row: ApplicationRow;
  notice: DueNotice | undefined;
  /** Phones that aren't the case's may have been told, which isn't among the notifications. */
  toldOthers: boolean;
  notifications: KnownNotification[];
}

async function recordOne(
  store: Store,
  tx: Transaction,
  row: ApplicationRow,
  decided: Change,
  rules: RecordRules,
  calendar: Calendar,
): Promise<Written> {
  const { acceptanceNumber } = row;
  const ahead = schedule(decided.state, row.channel, rules.clocks, calendar);
  const change = withFacts(decided, row, ahead, rules.clocks, calendar);
  await writeEntry(tx, acceptanceNumber, change);
  await releaseClaims(tx, acceptanceNumber, change);
  const corrected = await handIn(store, tx, row, change, rules);
  const toldPhones = wasAtWindow(row, change);
  if (toldPhones) await tellOfWindow(store, tx, { row, change, corrected }, rules);
  const toldEarlier = assessed.includes(change.entry.kind) && (await tellOfFiling(store, tx, row, change, rules));
  const next = { ...row, ...columnsOf(change, ahead), calendarVersion: calendar.version, ...corrected };
  const people = rules.tellsStaff(change, ahead) ? await everyone(tx) : [];
  const told = rules.notifications(change, row, openPersonal(store, row), ahead, people);
  const drafts = await withinBound(tx, row, told, { at: change.entry.at, most: rules.causedPerDay });
  const queued = await queueNotifications(tx, { acceptanceNumber, sequence: change.sequence }, drafts, {
    ...{ kind: change.entry.kind, before: row.status, state: change.state, at: change.entry.at },
    ...{ sendingHours: rules.sendingHours, calendar, applicantKey: personKey(row.idNumberHash, row.phoneHash) },
  });
  const notice = await noticeDue(store, tx, row, { change, schedule: ahead }, rules.notice);
  return {
    row: next,
    notice,
    toldOthers: toldEarlier || toldPhones || change.entry.detail.form !== undefined,
    notifications: asKnown(store, queued, { application: next, accreditation: null }, people),
  };
}
