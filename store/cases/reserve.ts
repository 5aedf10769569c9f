import { and, desc, eq, gte, isNull, lt, ne, not, or, type SQL, sql } from 'drizzle-orm';
import type { Store } from '../open.ts';
import { type ApplicationRow, application, dueLast } from './tables.ts';

/** Who takes a case. */
export interface Taker {
  /** Id of the staff. */
  subject: string;
  /** Keyed hash of their ID number, where their token says who they are. */
  person?: { hash: string } | undefined;
}

/**
 * Reserves the most urgent case that waits for a decision, that nobody has, and that this one may decide on: of any
 * number who ask at once each gets another. It is only a reservation: the case has them in charge once its workflow
 * says so, and is free again at `until` if that doesn't come about.
 * @param period `now` and `until`: instants
 * @returns `none` where there is none; `held` where each that there is was being written just then: nobody waits for a
 * lock, since a publication of a calendar may hold them all for seconds
 */
export async function reserveNext(
  { db }: Store,
  taker: Taker,
  { now, until }: { now: string; until: string },
): Promise<ApplicationRow | 'none' | 'held'> {
  const { acceptanceNumber, dueOn, submittedAt } = application;
  const free = db.select({ acceptanceNumber }).from(application).where(isFreeFor(taker, now));
  const mostUrgent = free
    .orderBy(dueLast(dueOn), submittedAt, acceptanceNumber)
    .limit(1)
    .for('update', { skipLocked: true });
  const [row] = await db
    .update(application)
    .set({ reservedUntil: until, reservedFor: taker.subject })
    .where(eq(acceptanceNumber, sql`(${mostUrgent})`))
    .returning();
  if (row) return row;
  const [held] = await db.select({ acceptanceNumber }).from(application).where(isFreeFor(taker, now)).limit(1);
  return held ? 'held' : 'none';
}

/**
 * The case that somebody was taking when their answer was lost: whether their message arrived, and they are in charge
 * already, or not.
 * @param now instant
 */
export async function reservedBy({ db }: Store, subject: string, now: string): Promise<ApplicationRow | undefined> {
  const { closed, status, assignee, reservedFor, reservedUntil } = application;
  const isOpen = and(eq(closed, false), eq(status, 'underReview'), or(isNull(assignee), eq(assignee, subject)));
  const [row] = await db
    .select()
    .from(application)
    .where(and(eq(reservedFor, subject), gte(reservedUntil, now), isOpen))
    .orderBy(desc(reservedUntil))
    .limit(1);
  return row;
}

/** They know what came of it. The case stays reserved: its row may not show yet that somebody has it. */
export async function endTaking({ db }: Store, acceptanceNumber: string, subject: string): Promise<void> {
  await db
    .update(application)
    .set({ reservedFor: null })
    .where(and(eq(application.acceptanceNumber, acceptanceNumber), eq(application.reservedFor, subject)));
}

/**
 * Beside 回避 it leaves out what the case's workflow would object to (`domain/cases/reviewing.ts`), so that nobody is
 * offered, again and again, what they may not have.
 */
function isFreeFor({ subject, person }: Taker, now: string): SQL | undefined {
  const { closed, status, assignee, reservedUntil, submittedBy, idNumberHash, agentHash, state, attended } =
    application;
  const isIn = (list: string) => sql`${state} -> ${list}::text @> ${JSON.stringify([subject])}::jsonb`;
  const is = (field: string) => sql`${state} ->> ${field}::text is not distinct from ${subject}`;
  const decidesAlone = sql`${state} -> 'verifierApart' = 'true' and ${state} -> 'fourEyes' = 'false'`;
  return and(
    ...[eq(closed, false), isNull(assignee), eq(status, 'underReview')],
    or(isNull(reservedUntil), lt(reservedUntil, now)),
    ne(submittedBy, subject),
    person && ne(idNumberHash, person.hash),
    person && sql`${agentHash} is distinct from ${person.hash}`,
    ...['filedBy', 'barred'].map((list) => not(isIn(list))),
    // They have acted for the applicant, at the window.
    not(sql`${attended} @> ${JSON.stringify([{ by: subject }])}::jsonb`),
    not(is('firstApproval')),
    // Who recorded the verification doesn't decide alone.
    sql`not (${is('verifiedBy')} and ${decidesAlone})`,
  );
}
