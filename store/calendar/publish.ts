import { and, asc, eq, gt, inArray, sql } from 'drizzle-orm';
import { isSameArrangement } from '../../domain/calendar/arrangement.ts';
import { datesOf, type Moves, movesEarlier, movesOf } from '../../domain/calendar/moves.ts';
import { type Arrangement, type Calendar, withArrangements } from '../../domain/calendar/working-days.ts';
import type { Clocks } from '../../domain/cases/clocks.ts';
import { isSameSchedule, type Schedule, schedule } from '../../domain/cases/schedule.ts';
import type { Status } from '../../domain/vocabulary.ts';
import { asColumns } from '../cases/row.ts';
import { application } from '../cases/tables.ts';
import type { Store, Transaction } from '../open.ts';
import { lockCalendar, readCalendar, readVersion } from './queries.ts';
import { arrangement, calendar } from './tables.ts';

/**
 * How many cases are recomputed in one transaction. A decision on one of them waits for a fraction of a second, a
 * decision on any other not at all.
 */
const BATCH = 500;

/** An open case for which a changed calendar makes a difference. */
export interface AffectedCase {
  acceptanceNumber: string;
  status: Status;
  /** The dates that move; none where only a reminder does, or the date is no longer provisional. */
  moves: Moves;
}

/** What a publication does, or would do. */
export interface Publication {
  /** Version of the calendar that is in force now. */
  version: number;
  /** Those that move earlier first. */
  affected: AffectedCase[];
}

/** Somebody else has published since this publication was prepared. */
export class CalendarMoved extends Error {}

/** What a publication needs of the store. */
type PublishingStore = Pick<Store, 'db' | 'calendar' | 'estimate'>;

/** What publishing an arrangement would do to the open cases; nothing is written, and nobody has to wait. */
export async function previewPublication(store: Store, changed: Arrangement, clocks: Clocks): Promise<Publication> {
  const before = await readCalendar(store);
  const after = withArrangements(before, [changed]);
  const affected = await inBatches(store, async (tx, numbers, past) =>
    recomputed(store, tx, await openCases(tx, numbers), { clocks, inForce: after, past }),
  );
  return { version: before.version, affected };
}

/**
 * Puts an arrangement in force as a new version of the calendar, then recomputes the dates of all open cases. Where it
 * is in force already, only what is left of its publication is done, so a repeated request does no harm.
 * @param basedOn the version that the publication was prepared on
 * @throws CalendarMoved where that is no longer the one in force
 */
export async function publishArrangement(
  store: PublishingStore,
  changed: Arrangement,
  { basedOn, enteredBy, clocks }: { basedOn: number; enteredBy: string; clocks: Clocks },
): Promise<Publication> {
  const version = await store.db.transaction(async (tx) => {
    const before = await lockCalendar(store, tx, 'update');
    if (isSameArrangement(before.arrangement(changed.year), changed)) return before.version;
    if (before.version !== basedOn) throw new CalendarMoved();
    return bringInForce(tx, before.version, [changed], enteredBy);
  });
  return { version, affected: await finishPublication(store, clocks) };
}

/**
 * Writes the next version of the calendar; the caller holds the lock on it. Whatever is recorded from now on goes by
 * it, and `finishPublication` brings the other open cases after.
 */
export async function bringInForce(
  tx: Transaction,
  before: number,
  changed: Arrangement[],
  enteredBy: string,
): Promise<number> {
  const version = before + 1;
  await tx.insert(arrangement).values(changed.map((ofYear) => ({ ...ofYear, version, enteredBy })));
  await tx.update(calendar).set({ version });
  return version;
}

/**
 * Recomputes the open cases that don't go by the calendar in force yet, a batch at a time: after a publication, and
 * once more for one whose process died. Does nothing where none is left. Several processes may do it at once, since
 * each batch locks its rows and goes by the calendar that is in force then; so a newer publication in between is never
 * overwritten by an older one.
 * @returns the cases for which it makes a difference, those that move earlier first
 */
export async function finishPublication(store: PublishingStore, clocks: Clocks): Promise<AffectedCase[]> {
  const [current] = await store.db.select().from(calendar);
  if (!current || current.recomputed === current.version) return [];
  const affected = await inBatches(store, async (tx, numbers, past) => {
    const inForce = await lockCalendar(store, tx);
    const rows = await openCases(tx, numbers).for('no key update');
    const cases = await recomputed(store, tx, rows, { clocks, inForce, past });
    await writeDates(tx, cases, inForce.version);
    return cases;
  });
  // Only up to the version that was in force when this began: a later one has to begin from the first case again.
  await store.db.update(calendar).set({ recomputed: sql`greatest(${calendar.recomputed}, ${current.version})` });
  return affected;
}

interface Recomputed extends AffectedCase {
  schedule: Schedule;
  /** The row shows it already. */
  written: boolean;
}

/** The calendars behind the rows, by version; each is read once. */
type Calendars = Map<number, Calendar>;

const open = and(eq(application.closed, false), gt(application.sequence, 0));

/**
 * Goes through all open cases, each batch in its own transaction. Cases that are accepted meanwhile go by the new
 * calendar anyway.
 */
async function inBatches(
  store: PublishingStore,
  batch: (tx: Transaction, numbers: string[], past: Calendars) => Promise<Recomputed[]>,
): Promise<AffectedCase[]> {
  const { acceptanceNumber: number } = application;
  const numbers = (await store.db.select({ number }).from(application).where(open).orderBy(asc(number))).map(
    (row) => row.number,
  );
  const affected: AffectedCase[] = [];
  const past: Calendars = new Map();
  for (let from = 0; from < numbers.length; from += BATCH) {
    const cases = await store.db.transaction((tx) => batch(tx, numbers.slice(from, from + BATCH), past));
    for (const { acceptanceNumber, status, moves } of cases) affected.push({ acceptanceNumber, status, moves });
  }
  return [true, false].flatMap((isEarlier) => affected.filter(({ moves }) => movesEarlier(moves) === isEarlier));
}

type OpenCase = Awaited<ReturnType<typeof openCases>>[number];

/** Those of a batch that are still open, in the order in which everybody locks them. */
function openCases(tx: Transaction, numbers: string[]) {
  const { acceptanceNumber, channel, state, announcedDueOn, announcedWindowEndsOn, calendarVersion, calendarUnheard } =
    application;
  // The numbers come as the rows of a function. From a list of so many values PostgreSQL would conclude that it has to
  // read and sort the whole table.
  const ofBatch = sql`(select json_array_elements_text(${JSON.stringify(numbers)}::json))`;
  return tx
    .select({
      acceptanceNumber,
      channel,
      state,
      announcedDueOn,
      announcedWindowEndsOn,
      calendarVersion,
      calendarUnheard,
    })
    .from(application)
    .where(and(inArray(acceptanceNumber, ofBatch), open))
    .orderBy(asc(acceptanceNumber));
}

/** Those of a batch for which the calendar makes a difference. */
async function recomputed(
  store: PublishingStore,
  tx: Transaction,
  rows: OpenCase[],
  { clocks, inForce, past }: { clocks: Clocks; inForce: Calendar; past: Calendars },
): Promise<Recomputed[]> {
  for (const version of new Set(rows.map(versionBehind))) {
    if (!past.has(version)) past.set(version, await readVersion(tx, version, store.estimate));
  }
  return rows.flatMap((row): Recomputed[] => {
    const { acceptanceNumber, channel, state } = row;
    const ahead = schedule(state, channel, clocks, inForce);
    const affected = { acceptanceNumber, status: state.status, schedule: ahead };
    const now = datesOf(state, ahead);
    if (row.calendarVersion === inForce.version) {
      // Recorded since, or recomputed by somebody else: its dates are right, but its people may not have heard of them.
      const moves = movesOf({ dueOn: row.announcedDueOn, windowEndsOn: row.announcedWindowEndsOn }, now);
      const unheard = row.calendarUnheard || Object.keys(moves).length > 0;
      return unheard ? [{ ...affected, moves, written: row.calendarUnheard }] : [];
    }
    // The dates of a row are by the calendar that it names, however many were published since without moving it.
    const was = schedule(state, channel, clocks, past.get(versionBehind(row)) as Calendar);
    return isSameSchedule(was, ahead)
      ? []
      : [{ ...affected, moves: movesOf(datesOf(state, was), now), written: false }];
  });
}

/** The calendar behind a row's dates; every accepted case has one. */
function versionBehind({ calendarVersion }: OpenCase): number {
  return calendarVersion as number;
}

/** Writes a batch's dates in one statement. */
async function writeDates(tx: Transaction, cases: Recomputed[], version: number): Promise<void> {
  const rows = cases
    .filter(({ written }) => !written)
    .map(({ acceptanceNumber, schedule: ahead }) => ({ acceptanceNumber, ...asColumns(ahead) }));
  if (rows.length === 0) return;
  await tx.execute(sql`
    update ${application} as changed
    set due_on = moved."dueOn", provisional = moved.provisional, working_days_left = moved."workingDaysLeft",
      window_ends_on = moved."windowEndsOn", appeal_until = moved."appealUntil",
      calendar_version = ${version}, calendar_unheard = true
    from json_to_recordset(${JSON.stringify(rows)}::json) as moved(
      "acceptanceNumber" text, "dueOn" date, provisional boolean, "workingDaysLeft" integer, "windowEndsOn" date,
      "appealUntil" date
    )
    where changed.acceptance_number = moved."acceptanceNumber"
  `);
}

/**
 * Open cases that haven't heard of the calendar in force: first those for which a date has come earlier.
 * @param after where the list was left off
 * @returns the calendar's version, up to `limit` of them, how many wait in all, and where to go on
 */
export async function unheardCases(
  store: Store,
  after: { rank: number; acceptanceNumber: string } | null,
  limit: number,
) {
  const { acceptanceNumber, dueOn, announcedDueOn, windowEndsOn, announcedWindowEndsOn, calendarUnheard } = application;
  const earlier = sql`${dueOn} < ${announcedDueOn} or ${windowEndsOn} < ${announcedWindowEndsOn}`;
  const rank = sql<number>`case when ${earlier} then 0 else 1 end`;
  const behind = after ? sql`(${rank}, ${acceptanceNumber}) > (${after.rank}, ${after.acceptanceNumber})` : undefined;
  const [current] = await store.db.select({ version: calendar.version }).from(calendar);
  const rows = await store.db
    .select({ acceptanceNumber, rank })
    .from(application)
    .where(and(calendarUnheard, behind))
    .orderBy(asc(rank), asc(acceptanceNumber))
    .limit(limit);
  const waiting = await store.db.$count(application, eq(calendarUnheard, true));
  return { version: current?.version as number, rows, waiting, next: rows.at(-1) ?? null };
}
