import { eq, type SQL, sql } from 'drizzle-orm';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';
import { notification } from './tables.ts';

/** What notifications and notices are about: an application, or an accreditation. */
export type About = { acceptanceNumber: string } | { accreditationId: string };

/** The change that they tell of. */
export type Cause = About & { sequence: number };

/** Acceptance number or accreditation id. */
export function numberOf(cause: Cause): string {
  return 'acceptanceNumber' in cause ? cause.acceptanceNumber : cause.accreditationId;
}

/**
 * Tells people from one another: only notifications with the same key can become one. Two members of a family may share
 * a phone, and one person may give two.
 */
export function personKey(idNumberHash: string, phoneHash: string): string {
  return `${idNumberHash} ${phoneHash}`;
}

/** Of notifications or notices: those about an application or an accreditation. */
export function isAbout(table: { acceptanceNumber: AnyPgColumn; accreditationId: AnyPgColumn }, about: About): SQL {
  return 'acceptanceNumber' in about
    ? eq(table.acceptanceNumber, about.acceptanceNumber)
    : eq(table.accreditationId, about.accreditationId);
}

/** Of notifications: those about the accreditation whose `accreditationId` is given. */
export const isOfAccreditation = eq(notification.accreditationId, sql.placeholder('accreditationId'));
