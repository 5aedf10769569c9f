import { isDeepStrictEqual } from 'node:util';
import { and, asc, eq, gt, sql } from 'drizzle-orm';
import type { Status } from '../domain/application.ts';
import { type Arrangement, type Calendar, withArrangements } from '../domain/calendar.ts';
import { type Clocks, type Schedule, schedule } from '../domain/milestones.ts';
import { datesOf, type Moves, movesEarlier, movesOf } from '../domain/moves.ts';
import { lockCalendar } from './calendar.ts';
import { asColumns } from './record.ts';
import { application, arrangement, calendar } from './schema.ts';
import type { Store, Transaction } from './store.ts';

/** An open case for which a changed calendar makes a difference. */
export interface AffectedCase {
  acceptanceNumber: string;
  status: Status;
  /** The dates that move; none where only a reminder does, or the date is no longer provisional. */
  moves: Moves;
  /** What lies ahead of it then. */
  schedule: Schedule;
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

/** What publishing an arrangement would do to the open cases; nothing is written. */
export function previewPublication(store: Store, changed: Arrangement, clocks: Clocks): Promise<Publication> {
  return store.db.transaction(async (tx) => {
    const before = await lockCalendar(store, tx);
    const after = withArrangements(before, [changed]);
    return { version: before.version, affected: await affectedCases(tx, before, after, clocks) };
  });
}

/**
 * Puts an arrangement in force as a new version of the calendar, and recomputes the dates of all open cases, in one transaction. One
 * that is in force already changes nothing, so that a repeated request does no harm.
 * @param basedOn the version that the publication was prepared on
 * @throws CalendarMoved where that is no longer the one in force
 */
export function publishArrangement(
  store: Store,
  changed: Arrangement,
  { basedOn, enteredBy, clocks }: { basedOn: number; enteredBy: string; clocks: Clocks },
): Promise<Publication> {
  return store.db.transaction(async (tx) => {
    const before = await lockCalendar(store, tx, 'update');
    if (isDeepStrictEqual(before.arrangement(changed.year), changed)) return { version: before.version, affected: [] };
    if (before.version !== basedOn) throw new CalendarMoved();
    return bringInForce(tx, before, [changed], enteredBy, clocks);
  });
}

/** The next version of the calendar, by whoever holds the lock on it. */
export async function bringInForce(
  tx: Transaction,
  before: Calendar,
  changed: Arrangement[],
  enteredBy: string,
  clocks: Clocks,
): Promise<Publication> {
  const after = withArrangements(before, changed);
  const { version } = after;
  await tx.insert(arrangement).values(changed.map((one) => ({ ...one, version, enteredBy })));
  await tx.update(calendar).set({ version });
  const affected = await affectedCases(tx, before, after, clocks);
  await writeDates(tx, affected, version);
  return { version, affected };
}

async function affectedCases(tx: Transaction, before: Calendar, after: Calendar, clocks: Clocks) {
  const { acceptanceNumber, channel, state } = application;
  const rows = await tx
    .select({ acceptanceNumber, channel, state })
    .from(application)
    .where(and(eq(application.closed, false), gt(application.sequence, 0)))
    .orderBy(asc(acceptanceNumber));
  const affected = rows.flatMap((row): AffectedCase[] => {
    const was = schedule(row.state, row.channel, clocks, before);
    const now = schedule(row.state, row.channel, clocks, after);
    if (isDeepStrictEqual(was, now)) return [];
    const moves = movesOf(datesOf(row.state, was), datesOf(row.state, now));
    return [{ acceptanceNumber: row.acceptanceNumber, status: row.state.status, moves, schedule: now }];
  });
  const [earlier, rest] = [true, false].map((first) => affected.filter(({ moves }) => movesEarlier(moves) === first));
  return [...(earlier ?? []), ...(rest ?? [])];
}

/** Writes all dates in one statement. */
async function writeDates(tx: Transaction, affected: AffectedCase[], version: number): Promise<void> {
  const rows = affected.map(({ acceptanceNumber, schedule: ahead }) => ({ acceptanceNumber, ...asColumns(ahead) }));
  await tx.execute(sql`
    update ${application} as one
    set due_on = moved."dueOn", provisional = moved.provisional, working_days_left = moved."workingDaysLeft",
      window_ends_on = moved."windowEndsOn", appeal_until = moved."appealUntil", calendar_version = ${version}, calendar_unheard = true
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as moved(
      "acceptanceNumber" text, "dueOn" date, provisional boolean, "workingDaysLeft" integer, "windowEndsOn" date, "appealUntil" date
    )
    where one.acceptance_number = moved."acceptanceNumber"
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
  const { acceptanceNumber, dueOn, toldDueOn, windowEndsOn, toldWindowEndsOn, calendarUnheard } = application;
  const earlier = sql`${dueOn} < ${toldDueOn} or ${windowEndsOn} < ${toldWindowEndsOn}`;
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
