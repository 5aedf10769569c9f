import { randomUUID } from 'node:crypto';
import type { Store } from '../../store/open.ts';
import { staff } from '../../store/staff/tables.ts';

/** Somebody of the staff whom no other test knows. @returns their id */
export async function hire({ db }: Store, role = 'reviewer'): Promise<string> {
  const id = `${role}-${randomUUID()}`;
  await db.insert(staff).values({ id, roles: [role], email: `${id}@pzh-ybj.example`, phone: '+8613900000099' });
  return id;
}
