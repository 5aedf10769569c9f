import { isStaff } from '../../domain/staff/roles.ts';
import { readCase } from '../../store/cases/queries.ts';
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
  const { acceptanceNumber, idNumberHash, assignee } = row;
  const read = await readCase(context.store, acceptanceNumber);
  const view = await caseView(context, row, read, user);
  const about: About = { objects: [acceptanceNumber], people: [idNumberHash], assignee };
  if (!isStaff(user)) return { body: view, about };
  const desk = await deskView(context, row, read.entries, user);
  const cases = desk.otherCases.map((other) => other.acceptanceNumber);
  const accreditations = desk.accreditations.map(({ accreditationId }) => accreditationId);
  const objects = [acceptanceNumber, ...cases, ...accreditations];
  return { body: { ...view, ...desk }, about: { ...about, objects } };
}
