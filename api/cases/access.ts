import { isAcceptanceNumber } from '../../domain/cases/acceptance-number.ts';
import type { Role } from '../../domain/vocabulary.ts';
import { findApplication } from '../../store/cases/queries.ts';
import type { ApplicationRow } from '../../store/cases/tables.ts';
import type { ApiContext } from '../context.ts';
import { isStaff, type User } from '../http/auth.ts';
import { Problem, problems } from '../http/errors.ts';

/** @throws Problem 404, for somebody else's case too, so that nobody learns that it exists */
export async function visibleCase(
  { store }: ApiContext,
  acceptanceNumber: string,
  user: User,
): Promise<ApplicationRow> {
  // What can't be an acceptance number isn't looked up: a path may hold characters that PostgreSQL refuses.
  const row = isAcceptanceNumber(acceptanceNumber) ? await findApplication(store, acceptanceNumber) : undefined;
  if (!row || row.erasedAt || !(isStaff(user) || row.submittedBy === user.subject)) throw problems.notFound();
  return row;
}

/** Who may act for an applicant; `assertActsFor` says in which case. */
export const actors: readonly Role[] = ['applicant', 'clerk'];

/**
 * Only its applicant acts on an online case. For a case that was filed at the window any clerk does, since the one who
 * filed it may be off that day.
 * @throws Problem 403 for somebody who may see the case but not act for its applicant
 */
export function assertActsFor({ submittedBy, channel }: ApplicationRow, { subject, roles }: User): void {
  if (channel === 'window' ? roles.includes('clerk') : submittedBy === subject) return;
  if (channel === 'window') throw problems.forbidden();
  const detail = '网上提交的申请由申请人本人在原申请渠道办理,窗口不能代办。';
  throw new Problem(403, 'applicants-own', detail);
}
