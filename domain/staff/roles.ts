import { type Role, roles } from '../vocabulary.ts';

/** Those who work on cases and may see them all. An admin keeps calendar and staff, and needs to see no case. */
export const caseStaff: readonly Role[] = ['clerk', 'reviewer', 'supervisor', 'director'];

/** The roles of the office, which its list of staff gives. */
export const officeRoles = roles.filter((role) => role !== 'applicant');

/** Those who may be in charge of a case (承办人). */
export const reviewers: readonly Role[] = ['reviewer', 'supervisor'];

export const isReviewer = (member: { roles: string[] }) => reviewers.some((role) => member.roles.includes(role));

/** Whether somebody works here now, and may be in charge of a case; undefined stands for who isn't on the list of staff. */
export function reviewsNow<Member extends { roles: string[]; active: boolean }>(
  member: Member | undefined,
): member is Member & { active: true } {
  return member?.active === true && isReviewer(member);
}

export const isStaff = (user: { roles: readonly Role[] }) => user.roles.some((role) => caseStaff.includes(role));

/**
 * The roles that count for somebody. Anybody may apply; the office's roles are for who is on its staff now, and has
 * them there too.
 * @param claimed what the token says
 * @param member their row in the list of staff; undefined for somebody who isn't in it
 */
export function rolesHeld(
  claimed: readonly Role[],
  member: { roles: readonly string[]; active: boolean } | undefined,
): Role[] {
  const inOffice = member?.active ? member.roles : [];
  return roles.filter((role) => claimed.includes(role) && (role === 'applicant' || inOffice.includes(role)));
}

/** Whether somebody claims a role that only the list of staff can confirm. */
export const claimsOffice = (claimed: readonly Role[]) => claimed.some((role) => role !== 'applicant');
