import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { Store } from '../../store/open.ts';
import { staff } from '../../store/staff/tables.ts';

/** Puts somebody on the list of staff with this role, unless they have it there; who was retired stays so. */
export async function enrol({ db }: Store, id: string, role: string): Promise<void> {
  const row = { id, name: id, roles: [role], email: `${id}@pzh-ybj.example`, phone: '+8613900000099' };
  const more = sql`case when ${staff.roles} ? ${role} then ${staff.roles} else ${staff.roles} || ${JSON.stringify([role])}::jsonb end`;
  await db
    .insert(staff)
    .values(row)
    .onConflictDoUpdate({ target: staff.id, set: { roles: more } });
}

/** Somebody of the staff whom no other test knows, called like their id. @returns their id */
export async function hire({ db }: Store, role = 'reviewer'): Promise<string> {
  const id = `${role}-${randomUUID()}`;
  await db
    .insert(staff)
    .values({ id, name: id, roles: [role], email: `${id}@pzh-ybj.example`, phone: '+8613900000099' });
  return id;
}
