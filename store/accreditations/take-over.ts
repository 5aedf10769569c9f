import { randomBytes } from 'node:crypto';
import { eq, or, sql } from 'drizzle-orm';
import { accreditationId } from '../../domain/accreditations/id.ts';
import { takenOverAccreditation } from '../../domain/accreditations/state.ts';
import { acceptanceNumber } from '../../domain/cases/acceptance-number.ts';
import { shanghaiDate, yearOf } from '../../domain/dates.ts';
import type { Store } from '../open.ts';
import { type Grant, grantAccreditation } from './grant.ts';
import { type AccreditationRow, accreditation } from './tables.ts';

/** An accreditation that an earlier system granted. */
export interface EarlierAccreditation
  extends Pick<Grant, 'person' | 'diseaseCode' | 'insuredType' | 'tier' | 'validFrom' | 'validUntil'>,
    Pick<Grant, 'institution' | 'furtherInstitutions'> {
  source: 'core' | 'import';
  registrationNumber: string;
}

/** What the policy says of what is taken over. */
export interface TakeOverRules {
  /** The city's region (行政区划代码), with which the new ids begin. */
  region: string;
  /** Days before the end at which the person is reminded to renew. */
  reminders: number[];
  /** The version in force on a Shanghai date. */
  versionAt(date: string): string;
}

/**
 * Takes over what an earlier system granted, once for each registration number, by the version of the policy that was
 * in force when it became valid. Its workflow is started by whoever needs it, or by housekeeping.
 * @param now instant
 * @returns the accreditation with that number, from whichever source it came first; it may have been granted here, and
 * registered under the number
 */
export async function takeOver(
  store: Store,
  { region, reminders, versionAt }: TakeOverRules,
  earlier: EarlierAccreditation,
  now: string,
): Promise<AccreditationRow> {
  const [known] = await store.db
    .select()
    .from(accreditation)
    .where(eq(accreditation.registrationNumber, earlier.registrationNumber));
  if (known) return known;
  const today = shanghaiDate(now);
  return grantAccreditation(store, {
    ...earlier,
    id: accreditationId(acceptanceNumber(region, yearOf(today), randomBytes(8))),
    createdAt: now,
    sourceKey: earlier.registrationNumber,
    policyVersion: versionAt(earlier.validFrom),
    begunOn: earlier.validFrom,
    state: takenOverAccreditation(earlier, reminders, today),
  });
}

/**
 * Imports what earlier systems granted. Each line is written by itself, so an import that was broken off and is
 * repeated goes on where it stopped.
 * @param now instant
 * @returns how many it imported, and how many were known already; among these is what was granted here and registered
 * under the number since
 */
export async function importAccreditations(
  store: Store,
  rules: TakeOverRules,
  list: Omit<EarlierAccreditation, 'source'>[],
  now: string,
): Promise<{ imported: number; known: number }> {
  const known = await knownNumbers(store, list);
  const unknown = list.filter(({ registrationNumber }) => !known.has(registrationNumber));
  for (const earlier of unknown) await takeOver(store, rules, { ...earlier, source: 'import' }, now);
  return { imported: unknown.length, known: list.length - unknown.length };
}

async function knownNumbers({ db }: Store, list: Pick<EarlierAccreditation, 'registrationNumber'>[]) {
  const { sourceKey, registrationNumber } = accreditation;
  const numbers = sql.param(list.map((earlier) => earlier.registrationNumber));
  const rows = await db
    .select({ sourceKey, registrationNumber })
    .from(accreditation)
    .where(or(sql`${sourceKey} = any(${numbers})`, sql`${registrationNumber} = any(${numbers})`));
  return new Set(rows.flatMap((row) => [row.sourceKey, row.registrationNumber]));
}
