import { and, eq } from 'drizzle-orm';
import type { Transaction } from '../open.ts';
import { everyone } from '../staff/queries.ts';
import type { StaffRow } from '../staff/tables.ts';
import { addressedTo, change, withOpenAttempt } from './briefing.ts';
import { leadOf, lockNotifications } from './settling.ts';
import { notification } from './tables.ts';

/**
 * Passes on to the supervisors what waits for the briefing of somebody who has no case any more. Where a case has found
 * somebody by the hour of the briefing, it goes to them, as ever. What isn't about a case is for nobody else, and is
 * dropped if its reader has left.
 * @param at instant
 */
export async function passOn(tx: Transaction, { id, active }: StaffRow, at: string): Promise<void> {
  const { leaving, state, recipient } = notification;
  const waiting = and(eq(leaving, 'briefing'), eq(state, 'queued'), eq(recipient, id));
  const rows = await lockNotifications(tx, waiting);
  if (rows.length === 0) return;
  const supervisors = (await everyone(tx)).filter((one) => one.roles.includes('supervisor') && one.id !== id);
  const ofCases = supervisors.length === 0 ? [] : rows.filter(({ acceptanceNumber }) => acceptanceNumber !== null);
  const passed = ofCases.flatMap((row) => supervisors.map((supervisor) => addressedTo(supervisor.id, row)));
  if (passed.length > 0) await tx.insert(notification).values(passed).onConflictDoNothing();
  const forNobody = active ? [] : rows.filter(({ acceptanceNumber }) => acceptanceNumber === null);
  // One that may have gone out already is finished as it is.
  const uncertain = await withOpenAttempt(tx, rows);
  const loose = [...ofCases, ...forNobody].filter((row) => !uncertain.includes(leadOf(row)));
  await change(tx, loose, { state: 'overtaken', settledAt: at, carriedBy: null });
}
