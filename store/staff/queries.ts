import { and, asc, eq, sql } from 'drizzle-orm';
import { application } from '../cases/tables.ts';
import type { Store } from '../open.ts';
import { isAny, prepared } from '../prepared.ts';
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

/** How to reach a member of staff. */
export async function contactOf({ db }: Store, id: string): Promise<Pick<StaffRow, 'email' | 'phone'> | undefined> {
  const [row] = await db.select({ email: staff.email, phone: staff.phone }).from(staff).where(eq(staff.id, id));
  return row;
}

/** What somebody is called, by their id. */
export type NameOf = (id: string) => string;

/** The names of those of the staff whose ids these are; whoever else it is keeps their id. */
export async function namesOf({ db }: Store, ids: Iterable<string | null | undefined>): Promise<NameOf> {
  const wanted = [...new Set(ids)].filter((id) => typeof id === 'string');
  const rows = wanted.length === 0 ? [] : await named(db, { ids: wanted });
  const names = new Map(rows.map(({ id, name }) => [id, name]));
  return (id) => names.get(id) ?? id;
}

const named = prepared('names of staff', (db) =>
  db.select({ id: staff.id, name: staff.name }).from(staff).where(isAny(staff.id, 'ids')),
);

/** All staff, those who have left too, with the number of open cases that each is in charge of. */
export function listStaff({ db }: Store) {
  const open = and(eq(application.assignee, staff.id), eq(application.closed, false));
  const { id, name, roles, active } = staff;
  return db
    .select({ id, name, roles, active, openCases: db.$count(application, open) })
    .from(staff)
    .orderBy(asc(id));
}

/** Who works here now, in no order. */
export const everyone = prepared('staff', (db) => db.select().from(staff).where(eq(staff.active, true)));
