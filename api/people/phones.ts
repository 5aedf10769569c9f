import { maskedPhone } from '../../domain/people/person.ts';
import type { PersonalData } from '../../store/cases/personal.ts';
import type { Person } from '../../store/people/personal.ts';
import type { User } from '../http/auth.ts';

/**
 * Phone numbers are there to be called: clerks see them in full, and who is in charge of the case (承办人); all others
 * masked.
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

/** Somebody as this user may see them; of an accreditation, and of a call, nobody is in charge. */
export function personFor<Somebody extends Pick<Person, 'phone'>>(
  user: User,
  person: Somebody,
  assignee: string | null = null,
): Somebody {
  return mayCall(user, assignee) ? person : { ...person, phone: maskedPhone(person.phone) };
}
