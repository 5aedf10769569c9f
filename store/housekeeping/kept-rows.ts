import { and, asc, count, eq, gt, inArray, isNull, lt, ne, notInArray, or, type SQL, sql } from 'drizzle-orm';
import type { AccreditationState } from '../../domain/accreditations/state.ts';
import { schedule } from '../../domain/cases/schedule.ts';
import type { ApplicationState } from '../../domain/cases/state.ts';
import { stateColumns as accreditationColumns, lockAccreditation } from '../accreditations/record.ts';
import { accreditation } from '../accreditations/tables.ts';
import { lockCalendar } from '../calendar/queries.ts';
import { lockApplication } from '../cases/lock.ts';
import { stateColumns } from '../cases/row.ts';
import type { RecordRules } from '../cases/rules.ts';
import { application } from '../cases/tables.ts';
import { type Cause, isAbout } from '../notifications/about.ts';
import { attempt, notification } from '../notifications/tables.ts';
import type { Store } from '../open.ts';

/** The workflows that a row of the store stands for. */
export type KeptType = 'application' | 'accreditation';

/** A row as far as it can be compared with its workflow, whose id is the row's. */
export interface KeptRow {
  id: string;
  status: string;
  /** Of the last change recorded. */
  sequence: number;
  round: number | null;
  assignee: string | null;
  escalationLevel: number | null;
  /** It should have a workflow: an open case, or an accreditation that something lies ahead of. */
  living: boolean;
}

export interface KeptFilter {
  /** What hasn't recorded anything yet was written down before this instant: its workflow has had the time to begin. */
  before: string;
  /** Behind this id. */
  after?: string | null;
  limit: number;
}

/** Rows that should have a workflow, in the order of their ids. */
export function rowsToKeep(store: Store, type: KeptType, { before, after, limit }: KeptFilter): Promise<KeptRow[]> {
  const { id, writtenAt, living } = kept[type];
  const { sequence } = kept[type].columns;
  const behind = after ? gt(id, after) : undefined;
  const hasBegun = or(gt(sequence, 0), lt(writtenAt, before));
  return select(store, type, and(living, hasBegun, behind))
    .orderBy(asc(id))
    .limit(limit);
}

/** The rows with these ids, open or not. */
export function keptRows(store: Store, type: KeptType, ids: string[]): Promise<KeptRow[]> {
  return select(store, type, inArray(kept[type].id, ids));
}

/** How many rows should have a workflow now. */
export async function countToKeep({ db }: Store, type: KeptType): Promise<number> {
  const [row] = await db.select({ rows: count() }).from(kept[type].table).where(kept[type].living);
  return row?.rows ?? 0;
}

function select({ db }: Store, type: KeptType, where: SQL | undefined) {
  const { table, columns } = kept[type];
  return db.select(columns).from(table).where(where).$dynamic();
}

const noColumn = sql<null>`null`;
const open = eq(application.closed, false);
/** An accreditation without an end has nothing to wait for, unless the core doesn't know yet that it was revoked. */
const ahead = sql`(not ${accreditation.closed}
  and (${accreditation.validUntil} is not null or (${accreditation.state} ->> 'owesCore')::boolean))`;

const kept = {
  application: {
    table: application,
    id: application.acceptanceNumber,
    writtenAt: application.submittedAt,
    living: open,
    columns: {
      id: application.acceptanceNumber,
      status: sql<string>`${application.status}`,
      sequence: application.sequence,
      round: sql<number | null>`${application.round}`,
      assignee: application.assignee,
      escalationLevel: sql<number | null>`${application.escalationLevel}`,
      living: sql<boolean>`${open}`,
    },
  },
  accreditation: {
    table: accreditation,
    id: accreditation.id,
    writtenAt: accreditation.createdAt,
    living: ahead,
    columns: {
      id: accreditation.id,
      status: sql<string>`${accreditation.status}`,
      sequence: accreditation.sequence,
      round: noColumn,
      assignee: noColumn,
      escalationLevel: noColumn,
      living: sql<boolean>`${ahead}`,
    },
  },
};

/**
 * Shows in a row what its last change has left, and nothing else.
 * @returns false where another change is the last one by now
 */
export function showState(
  store: Store,
  type: KeptType,
  id: string,
  { sequence, state }: { sequence: number; state: ApplicationState | AccreditationState },
  { clocks }: Pick<RecordRules, 'clocks'>,
): Promise<boolean> {
  return store.db.transaction(async (tx) => {
    const calendar = await lockCalendar(store, tx);
    const row = type === 'application' ? await lockApplication(tx, id) : await lockAccreditation(tx, id);
    if (row.sequence !== sequence) return false;
    if ('channel' in row) {
      const caseState = state as ApplicationState;
      const ahead = schedule(caseState, row.channel, clocks, calendar);
      const columns = { ...stateColumns(caseState, ahead), calendarVersion: calendar.version };
      await tx.update(application).set(columns).where(eq(application.acceptanceNumber, id));
    } else {
      const columns = accreditationColumns(state as AccreditationState);
      await tx.update(accreditation).set(columns).where(eq(accreditation.id, id));
    }
    return true;
  });
}

/**
 * Marks the notifications that a change left to be dispatched as taken by their provider. They were taken before the
 * database lost that, and nobody is to get them twice.
 * @param except ids of those that their workflow has still to dispatch
 * @param at instant
 */
export async function markTaken({ db }: Store, cause: Cause, except: string[], at: string): Promise<void> {
  const notExcepted = except.length > 0 ? notInArray(notification.id, except) : undefined;
  await db
    .update(notification)
    .set({ state: 'dispatched', settledAt: at })
    .where(
      and(
        isAbout(notification, cause),
        eq(notification.sequence, cause.sequence),
        eq(notification.state, 'queued'),
        notExcepted,
      ),
    );
}

/**
 * Whether providers are to be asked for receipts by `now` (instant), and whether somebody has to take care of a 短信
 * that has failed.
 */
export async function dueReceipts({ db }: Store, now: string): Promise<{ receipts: boolean; deliveries: boolean }> {
  const asked = sql`exists (select from ${attempt} where ${attempt.askAt} <= ${now})`;
  const failed = sql`exists (
    select from ${notification} where ${notification.state} = 'failed' and not ${notification.followed} and ${notification.channel} = 'sms'
  )`;
  const { rows } = await db.execute<{ receipts: boolean; deliveries: boolean }>(
    sql`select ${asked} as receipts, ${failed} as deliveries`,
  );
  return rows[0] ?? { receipts: false, deliveries: false };
}

/**
 * Notifications of closed cases and accreditations that could have left before an instant, with what they are about:
 * its workflow may be gone.
 */
export async function leftBehind({ db }: Store, before: string, limit: number) {
  const rows = await db
    .select({
      notificationId: notification.id,
      about: sql<string>`coalesce(${application.acceptanceNumber}, ${accreditation.id})`,
    })
    .from(notification)
    .leftJoin(application, eq(application.acceptanceNumber, notification.acceptanceNumber))
    .leftJoin(accreditation, eq(accreditation.id, notification.accreditationId))
    .where(
      and(
        eq(notification.state, 'queued'),
        ne(notification.leaving, 'briefing'),
        isNull(notification.carriedBy),
        isNull(notification.sealed),
        lt(notification.leavesAt, before),
        or(application.closed, accreditation.closed),
      ),
    )
    .orderBy(asc(notification.id))
    .limit(limit);
  return rows;
}
