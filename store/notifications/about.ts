import { eq, type SQL, sql } from 'drizzle-orm';
import { message } from './tables.ts';

/** What messages are about: an application, or an accreditation. */
export type About = { acceptanceNumber: string } | { accreditationId: string };

/** The change that messages are about. */
export type Cause = About & { sequence: number };

/** Acceptance number or accreditation id. */
export function numberOf(cause: Cause): string {
  return 'acceptanceNumber' in cause ? cause.acceptanceNumber : cause.accreditationId;
}

/**
 * Tells people from one another: only messages with the same key can become one. Two members of a family may share a
 * phone, and one person may give two.
 */
export function personKey(idNumberHash: string, phoneHash: string): string {
  return `${idNumberHash} ${phoneHash}`;
}

/** Of messages: those about an application or an accreditation. */
export function isAbout(about: About): SQL {
  return 'acceptanceNumber' in about
    ? eq(message.acceptanceNumber, about.acceptanceNumber)
    : eq(message.accreditationId, about.accreditationId);
}

/** Of messages: those about the accreditation whose `accreditationId` is given. */
export const isOfAccreditation = eq(message.accreditationId, sql.placeholder('accreditationId'));
