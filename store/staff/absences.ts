import { and, asc, eq, gt, gte, isNotNull, isNull, lt, or, type SQL, sql } from 'drizzle-orm';
import type { Absence, Handover } from '../../domain/staff/absence.ts';
import { reviewsNow } from '../../domain/staff/roles.ts';
import { application } from '../cases/tables.ts';
import type { Store, Transaction } from '../open.ts';
import { prepared } from '../prepared.ts';
import { type AbsenceRow, absence, staff } from './tables.ts';

/** Not over on a date, which is given or comes later; a departure never is. */
const lasts = (today: string | SQL) => or(gte(absence.until, today), isNull(absence.until));

/**
 * The absences that stand and are not over on a date, present and future ones, departures too: at most one for each
 * member of staff.
 */
export function standingAbsences({ db }: Store, today: string): Promise<AbsenceRow[]> {
  return standing(db, { today });
}

const standing = prepared('standing absences', (db) =>
  db
    .select()
    .from(absence)
    .where(and(isNull(absence.endedAt), lasts(sql`${sql.placeholder('today')}`)))
    .orderBy(asc(absence.from), asc(absence.id)),
);

export async function findAbsence({ db }: Store, id: string): Promise<AbsenceRow | undefined> {
  const [row] = await db.select().from(absence).where(eq(absence.id, id));
  return row;
}

/**
 * Enters an absence in place of the one that stands; the same one again changes nothing.
 * @returns the absence that stands then; undefined for somebody who reviews nothing, whose departure may stand
 */
export function enterAbsence(
  { db }: Store,
  entered: Absence & Pick<AbsenceRow, 'id' | 'enteredBy' | 'enteredAt'>,
): Promise<AbsenceRow | undefined> {
  const { staffId, from, until, to } = entered;
  return db.transaction(async (tx) => {
    // Of two at once the second sees what the first has entered.
    const [member] = await tx.select().from(staff).where(eq(staff.id, staffId)).for('update');
    if (!reviewsNow(member)) return undefined;
    const [before] = await tx.select().from(absence).where(standsFor(staffId));
    if (before && before.from === from && before.until === until && before.to === to) return before;
    return replaceStanding(tx, entered);
  });
}

/** Of an absence or a departure: it is somebody's, and isn't ended. */
export const standsFor = (staffId: string) => and(eq(absence.staffId, staffId), isNull(absence.endedAt));

/** Enters an absence or a departure in place of the one that stands. */
export async function replaceStanding(
  tx: Transaction,
  entered: typeof absence.$inferInsert,
): Promise<AbsenceRow | undefined> {
  await tx.update(absence).set({ endedAt: entered.enteredAt }).where(standsFor(entered.staffId));
  const [row] = await tx.insert(absence).values(entered).returning();
  return row;
}

/** Ends the absence that stands, if there is one; a departure ends when the person reviews again. @param at instant */
export async function endAbsence({ db }: Store, staffId: string, at: string): Promise<void> {
  await db
    .update(absence)
    .set({ endedAt: at })
    .where(and(standsFor(staffId), isNotNull(absence.until)));
}

/** Notes that an absence has its workflow. */
export async function markAbsenceStarted({ db }: Store, id: string): Promise<AbsenceRow | undefined> {
  const [row] = await db.update(absence).set({ started: true }).where(eq(absence.id, id)).returning();
  return row;
}

/**
 * Ids of the absences that stand on a date and whose cases haven't been handed over, entered before an instant: each
 * should have its workflow.
 * @param today Shanghai date
 */
export async function absencesToHandOver({ db }: Store, today: string, before: string): Promise<string[]> {
  const standing = and(isNull(absence.endedAt), lasts(today), isNull(absence.handover));
  const rows = await db
    .select({ id: absence.id })
    .from(absence)
    .where(and(standing, lt(absence.enteredAt, before)))
    .orderBy(asc(absence.enteredAt));
  return rows.map(({ id }) => id);
}

export async function recordHandover({ db }: Store, id: string, handover: Handover): Promise<void> {
  await db.update(absence).set({ handover }).where(eq(absence.id, id));
}

/** Acceptance numbers of the open cases that somebody is in charge of, in order, behind `after`. */
export async function openCasesOf({ db }: Store, staffId: string, after: string | null, limit: number) {
  const { acceptanceNumber, assignee, closed } = application;
  const behind = after === null ? undefined : gt(acceptanceNumber, after);
  const rows = await db
    .select({ acceptanceNumber })
    .from(application)
    .where(and(eq(assignee, staffId), eq(closed, false), behind))
    .orderBy(asc(acceptanceNumber))
    .limit(limit);
  return rows.map((row) => row.acceptanceNumber);
}
