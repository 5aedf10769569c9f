import { randomUUID } from 'node:crypto';
import { and, asc, eq, inArray, isNull, not, notExists, or, sql } from 'drizzle-orm';
import { shanghaiDate } from '../../domain/dates.ts';
import { reviewers } from '../../domain/staff/roles.ts';
import { application } from '../cases/tables.ts';
import type { Database, Store, Transaction } from '../open.ts';
import { replaceStanding, standsFor } from './absences.ts';
import { type AbsenceRow, absence, staff } from './tables.ts';

type Entered = Pick<AbsenceRow, 'staffId' | 'to' | 'enteredBy' | 'enteredAt'>;

/**
 * Enters that somebody reviews nothing from today on (离岗), in place of the absence or departure that stands. The
 * caller has locked their row, or the list.
 * @returns the departure's id
 */
export async function enterDeparture(tx: Transaction, entered: Entered): Promise<string> {
  const id = randomUUID();
  await replaceStanding(tx, { ...entered, id, from: shanghaiDate(entered.enteredAt), until: null });
  return id;
}

/**
 * Enters departures anew for those who have got a case after theirs was handed over: it was assigned while they were
 * being retired, or by a signal, which nobody checks. What can't be handed over doesn't count.
 * @param at instant
 * @returns the departures' ids
 */
export async function departAgain({ db }: Store, at: string): Promise<string[]> {
  const gone = (await db.select({ id: staff.id }).from(staff).where(not(reviewing))).map(({ id }) => id);
  if (gone.length === 0) return [];
  const found = db.selectDistinct({ id: application.assignee }).from(application).where(strandedWith(db, gone));
  const stranded = (await found).flatMap(({ id }) => id ?? []);
  return stranded.length === 0 ? [] : db.transaction((tx) => enterAgain(tx, stranded, at));
}

async function enterAgain(tx: Transaction, ids: string[], at: string): Promise<string[]> {
  // Meanwhile they may have come back.
  const still = and(inArray(staff.id, ids), not(reviewing));
  const members = await tx.select({ id: staff.id }).from(staff).where(still).orderBy(asc(staff.id)).for('update');
  const departures: string[] = [];
  for (const { id: staffId } of members) {
    const [before] = await tx.select().from(absence).where(standsFor(staffId));
    const { to = null, enteredBy = 'system' } = before?.until === null ? before : {};
    departures.push(await enterDeparture(tx, { staffId, to, enteredBy, enteredAt: at }));
  }
  return departures;
}

const reviewing = sql`(${staff.active} and (${or(...reviewers.map((role) => sql`${staff.roles} ? ${role}`))}))`;

/** Of an open case: it lies with one of these, and no departure hands it over, or has left it. */
function strandedWith(db: Database, ids: string[]) {
  const number = sql`jsonb_build_object('acceptanceNumber', ${application.acceptanceNumber})`;
  const isLeft = sql`${absence.handover} -> 'left' @> jsonb_build_array(${number})`;
  const departed = and(eq(absence.staffId, application.assignee), isNull(absence.endedAt), isNull(absence.until));
  const departure = db
    .select()
    .from(absence)
    .where(and(departed, or(isNull(absence.handover), isLeft)));
  return and(inArray(application.assignee, ids), not(application.closed), notExists(departure));
}
