import { isStaff } from '../../domain/staff/roles.ts';
import type { ApplicationRow } from '../../store/cases/tables.ts';
import type { ApiContext } from '../context.ts';
import type { About } from '../http/audit.ts';
import type { User } from '../http/auth.ts';
import { caseView } from './answers.ts';
import { deskView } from './desk.ts';

/**
 * A case as it is opened: for staff with what else lies on the desk; what of that tells of other cases is recorded as
 * read, too.
 */
export async function shownCase(context: ApiContext, row: ApplicationRow, user: User) {
  const view = await caseView(context, row, user);
  const about: About = { objects: [row.acceptanceNumber], people: [row.idNumberHash] };
  if (!isStaff(user)) return { body: view, about };
  const desk = await deskView(context, row, user);
  const others = [...desk.otherCases, ...desk.accreditations].map((other) => {
    return 'acceptanceNumber' in other ? other.acceptanceNumber : other.accreditationId;
  });
  return { body: { ...view, ...desk }, about: { ...about, objects: [row.acceptanceNumber, ...others] } };
}
