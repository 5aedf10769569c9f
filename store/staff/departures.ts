import { randomUUID } from 'node:crypto';
import { and, eq, exists, isNull, not, notExists, or, sql } from 'drizzle-orm';
import { shanghaiDate } from '../../domain/dates.ts';
import { reviewers } from '../../domain/staff/roles.ts';
import { application } from '../cases/tables.ts';
import type { Store, Transaction } from '../open.ts';
import { type AbsenceRow, absence, staff } from './tables.ts';

type Entered = Pick<AbsenceRow, 'staffId' | 'to' | 'enteredBy' | 'enteredAt'>;

/**
 * Enters that somebody reviews nothing from today on (离岗), in place of the absence or departure that stands. The
 * caller has locked their row, or the list.
 * @returns the departure's id
 */
export async function enterDeparture(tx: Transaction, entered: Entered): Promise<string> {
  const { staffId, enteredAt } = entered;
  const [id, from] = [randomUUID(), shanghaiDate(enteredAt)];
  const standing = and(eq(absence.staffId, staffId), isNull(absence.endedAt));
  await tx.update(absence).set({ endedAt: enteredAt }).where(standing);
  await tx.insert(absence).values({ ...entered, id, from, until: null });
  return id;
}

/**
 * Enters departures anew for those who have got a case after theirs was handed over: it was assigned while they were
 * being retired, or by a signal, which nobody checks. What can't be handed over doesn't count.
 * @param at instant
 * @returns the departures' ids
 */
export function departAgain({ db }: Store, at: string): Promise<string[]> {
  return db.transaction(async (tx) => {
    const stranded = await tx.select({ id: staff.id }).from(staff).where(isStranded(tx)).for('update');
    const ids: string[] = [];
    for (const { id: staffId } of stranded) {
      const [before] = await tx
        .select()
        .from(absence)
        .where(and(eq(absence.staffId, staffId), isNull(absence.endedAt)));
      const { to = null, enteredBy = 'system' } = before?.until === null ? before : {};
      ids.push(await enterDeparture(tx, { staffId, to, enteredBy, enteredAt: at }));
    }
    return ids;
  });
}

/** Of a member of staff: reviews nothing, and is in charge of an open case that no departure hands over, or has left. */
function isStranded(tx: Transaction) {
  const reviewing = reviewers.map((role) => sql`${staff.roles} ? ${role}`);
  const left = sql`${absence.handover} -> 'left' @> jsonb_build_array(
    jsonb_build_object('acceptanceNumber', ${application.acceptanceNumber}))`;
  const departure = tx
    .select()
    .from(absence)
    .where(
      and(
        eq(absence.staffId, staff.id),
        isNull(absence.endedAt),
        isNull(absence.until),
        or(isNull(absence.handover), left),
      ),
    );
  const cases = tx
    .select()
    .from(application)
    .where(and(eq(application.assignee, staff.id), not(application.closed), notExists(departure)));
  return and(sql`not (${staff.active} and (${or(...reviewing)}))`, exists(cases));
}
