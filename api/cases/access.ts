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
  if (!row || !(isStaff(user) || isTheirs(row, user))) throw problems.notFound();
  return row;
}

/** Whether a case is this user's own, or they filed it: as an agent, or as a clerk at the window. */
export function isTheirs({ idNumberHash, submittedBy }: ApplicationRow, { subject, person }: User): boolean {
  return [subject, person?.hash].some((known) => known === submittedBy) || person?.hash === idNumberHash;
}

/** Who may act for an applicant; `assertActsFor` says in which case. */
export const actors: readonly Role[] = ['applicant', 'clerk'];

/**
 * On an online case its applicant acts, through any app, or the agent who filed it. For a case that was filed at the
 * window any clerk does, since the one who filed it may be off that day; its applicant sees it online, too.
 * @throws Problem 403 for somebody who may see the case but not act for its applicant
 */
export function assertActsFor(row: ApplicationRow, user: User): void {
  if (row.channel === 'window' ? user.roles.includes('clerk') : isTheirs(row, user)) return;
  if (row.channel === 'window') {
    throw new Problem(403, 'at-window', '这是在窗口提交的申请,请带身份证件到窗口办理。');
  }
  const detail = '网上提交的申请由申请人本人在原申请渠道办理,窗口不能代办。';
  throw new Problem(403, 'applicants-own', detail);
}
