import { isAcceptanceNumber } from '../../domain/cases/acceptance-number.ts';
import { findApplication } from '../../store/cases/queries.ts';
import type { ApplicationRow } from '../../store/cases/tables.ts';
import type { ApiContext } from '../context.ts';
import { isStaff, type User } from '../http/auth.ts';
import { Problem, problems } from '../http/errors.ts';

/** @throws Problem 404, the same for somebody else's case as for none */
export async function visibleCase(
  { store }: ApiContext,
  acceptanceNumber: string,
  user: User,
): Promise<ApplicationRow> {
  // What can't be a number isn't looked up: not everything that fits into a path fits into a query.
  const row = isAcceptanceNumber(acceptanceNumber) ? await findApplication(store, acceptanceNumber) : undefined;
  if (!row || !(isStaff(user) || row.submittedBy === user.subject)) throw problems.notFound();
  return row;
}

/**
 * A case is its applicant's; one that was filed at the window any clerk's, whoever is there that day.
 * @throws Problem 403 where somebody may see the case, and not act for its applicant
 */
export function assertActsFor({ submittedBy, channel }: ApplicationRow, { subject, roles }: User): void {
  if (channel === 'window' ? roles.includes('clerk') : submittedBy === subject) return;
  if (channel === 'window') throw problems.forbidden();
  const detail = '网上提交的申请由申请人本人在原申请渠道办理,窗口不能代办。';
  throw new Problem(403, 'applicants-own', detail);
}
