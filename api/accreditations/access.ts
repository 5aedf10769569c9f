import { isAccreditationId } from '../../domain/accreditations/id.ts';
import { findAccreditation } from '../../store/accreditations/queries.ts';
import type { AccreditationRow } from '../../store/accreditations/tables.ts';
import type { ApiContext } from '../context.ts';
import { isStaff, type User } from '../http/auth.ts';
import { problems } from '../http/errors.ts';

/** @throws Problem 404, for somebody else's accreditation too, so that nobody learns that it exists */
export async function visibleAccreditation({ store }: ApiContext, id: string, user: User): Promise<AccreditationRow> {
  const row = isAccreditationId(id) ? await findAccreditation(store, id) : undefined;
  if (!row || !(isStaff(user) || row.idNumberHash === user.person?.hash)) throw problems.notFound();
  return row;
}
