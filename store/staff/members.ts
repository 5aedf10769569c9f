import { and, eq, isNull, not, sql } from 'drizzle-orm';
import { reviewsNow } from '../../domain/staff/roles.ts';
import { application } from '../cases/tables.ts';
import { passOn } from '../notifications/pass-on.ts';
import type { Store, Transaction } from '../open.ts';
import { standsFor } from './absences.ts';
import { enterDeparture } from './departures.ts';
import { everyone } from './queries.ts';
import { absence, type StaffRow, staff } from './tables.ts';

/** Any number, as long as nobody else uses it on this database. */
const STAFF_LOCK = 510_401;

/** Nobody who is left could keep the list of staff. */
export class LastAdmin extends Error {}

/** Who changes the list, and when (instant). */
interface Act {
  by: string;
  at: string;
  /**
   * Who takes over the open cases of those who review nothing any more; null gives them back. Undefined leaves a
   * departure that stands as it is, and else gives them back.
   */
  to?: string | null | undefined;
}

/** What saving has changed, for those members of whom it has changed something. */
export interface SavedMember {
  id: string;
  change: 'added' | 'changed' | 'retired';
  /** Of the departure that began with it, whose workflow hands the open cases over. */
  departure?: string;
}

/**
 * Puts people on the list of staff, or changes what is known of them: all of them or none. It is in force with the next
 * request and the next change of a case. Who is retired, or reviews nothing any more, departs: that is entered in the
 * same transaction, so that no crash loses it, and their cases are handed over as those of somebody absent. What waits
 * for their briefing is passed on to the supervisors. Who reviews again gets no case back by themselves.
 * @throws LastAdmin where no active admin would be left
 */
export function saveMembers({ db }: Store, members: StaffRow[], act: Act): Promise<SavedMember[]> {
  return db.transaction((tx) => saveWithin(tx, members, act));
}

/** What saving would change: it is tried, and taken back. @throws LastAdmin */
export async function previewMembers({ db }: Store, members: StaffRow[], act: Act): Promise<SavedMember[]> {
  let saved: SavedMember[] = [];
  await db
    .transaction(async (tx) => {
      saved = await saveWithin(tx, members, act);
      throw new TakenBack();
    })
    .catch((error) => {
      if (!(error instanceof TakenBack)) throw error;
    });
  return saved;
}

class TakenBack extends Error {}

async function saveWithin(tx: Transaction, members: StaffRow[], act: Act): Promise<SavedMember[]> {
  // Of two who retire each other the second sees what the first has done.
  await tx.execute(sql`select pg_advisory_xact_lock(${STAFF_LOCK})`);
  const saved: SavedMember[] = [];
  const inOrder = members.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  for (const member of inOrder) saved.push(...(await saveOne(tx, member, act)));
  const admins = (await everyone(tx)).filter(({ roles }) => roles.includes('admin'));
  if (admins.length === 0) throw new LastAdmin('No active admin would be left');
  return saved;
}

async function saveOne(tx: Transaction, member: StaffRow, act: Act): Promise<SavedMember[]> {
  const { id, ...values } = member;
  const [before] = await tx.select().from(staff).where(eq(staff.id, id));
  await tx.insert(staff).values(member).onConflictDoUpdate({ target: staff.id, set: values });
  const departure = await departing(tx, before, member, act);
  const retired = before?.active === true && !member.active;
  if (retired || departure !== undefined) await passOn(tx, member, act.at);
  if (before && departure === undefined && isSame(before, member)) return [];
  const change = before ? (retired ? 'retired' : 'changed') : 'added';
  return [{ id, change, ...(departure === undefined ? {} : { departure }) }];
}

function isSame(before: StaffRow, after: StaffRow): boolean {
  const fields = ['name', 'email', 'phone', 'active'] as const;
  const sameRoles = before.roles.toSorted().join() === after.roles.toSorted().join();
  return sameRoles && fields.every((field) => before[field] === after[field]);
}

/** @returns the departure's id, where one begins */
async function departing(
  tx: Transaction,
  before: StaffRow | undefined,
  member: StaffRow,
  { by, at, to }: Act,
): Promise<string | undefined> {
  const standing = standsFor(member.id);
  if (reviewsNow(member)) {
    await tx
      .update(absence)
      .set({ endedAt: at })
      .where(and(standing, isNull(absence.until)));
    return undefined;
  }
  const [departed] = await tx
    .select()
    .from(absence)
    .where(and(standing, isNull(absence.until)));
  const inCharge = (departed ?? reviewsNow(before)) || (await isInCharge(tx, member.id));
  if (!inCharge || (departed && (to === undefined || to === departed.to))) return undefined;
  return enterDeparture(tx, { staffId: member.id, to: to ?? null, enteredBy: by, enteredAt: at });
}

const isInCharge = async (tx: Transaction, id: string) =>
  (await tx.$count(application, and(eq(application.assignee, id), not(application.closed)))) > 0;
