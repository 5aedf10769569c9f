import { and, asc, eq, sql } from 'drizzle-orm';
import { application } from '../cases/tables.ts';
import type { Store } from '../open.ts';
import { prepared } from '../prepared.ts';
import { type StaffRow, staff } from './tables.ts';

/** What decides what a member of staff may do. */
export type Membership = Pick<StaffRow, 'id' | 'roles' | 'active'>;

/** A member of staff by their opaque id, without how to reach them: every request asks, and that lies encrypted. */
export async function findStaff(store: Store, id: string): Promise<Membership | undefined> {
  const [row] = await withId(store.db, { id });
  return row;
}

const withId = prepared('member of staff', (db) =>
  db
    .select({ id: staff.id, roles: staff.roles, active: staff.active })
    .from(staff)
    .where(eq(staff.id, sql.placeholder('id'))),
);

/** All staff, those who have left too, with the number of open cases that each is in charge of. */
export function listStaff({ db }: Store) {
  const open = and(eq(application.assignee, staff.id), eq(application.closed, false));
  return db
    .select({ id: staff.id, roles: staff.roles, active: staff.active, openCases: db.$count(application, open) })
    .from(staff)
    .orderBy(asc(staff.id));
}

/** Adds somebody to the staff, or changes what is known of them. */
export async function saveMember({ db }: Store, member: StaffRow): Promise<void> {
  const { id: _, ...changes } = member;
  await db.insert(staff).values(member).onConflictDoUpdate({ target: staff.id, set: changes });
}

/** Who works here now, in no order. */
export const everyone = prepared('staff', (db) => db.select().from(staff).where(eq(staff.active, true)));
