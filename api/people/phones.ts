import { maskedPhone } from '../../domain/people/person.ts';
import { withPhone } from '../../domain/people/typed.ts';
import type { PersonalData } from '../../store/cases/personal.ts';
import type { Person } from '../../store/people/personal.ts';
import type { User } from '../http/auth.ts';

/**
 * Whether a user needs to call: clerks, and whoever is in charge of the case (承办人), see phone numbers in full; all
 * others see them masked.
 */
const mayCall = ({ subject, roles }: User, assignee: string | null) => roles.includes('clerk') || subject === assignee;

/** A case's people as this user may see them. */
export function peopleFor(
  user: User,
  assignee: string | null,
  { applicant, agent, ...rest }: PersonalData,
): PersonalData {
  const shown = <Somebody extends Person>(person: Somebody) => personFor(user, person, assignee);
  return { ...rest, applicant: shown(applicant), ...(agent ? { agent: shown(agent) } : {}) };
}

/** A person as this user may see them. @param assignee of the case; null for accreditations and calls */
export function personFor<Somebody extends Pick<Person, 'phone' | 'typed'>>(
  user: User,
  person: Somebody,
  assignee: string | null = null,
): Somebody {
  return mayCall(user, assignee) ? person : withPhone(person, maskedPhone(person.phone));
}
