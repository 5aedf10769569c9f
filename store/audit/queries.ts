import { and, arrayContains, arrayOverlaps, desc, eq, ne, or, type SQL, sql } from 'drizzle-orm';
import type { AuditPart, Circumstances } from '../../domain/audit.ts';
import { open } from '../encryption/sealing.ts';
import type { Store } from '../open.ts';
import { accreditationsOfPerson, casesOfPerson } from '../retention/person.ts';
import { auditContext } from './chain.ts';
import { type AuditEntryRow, auditEntry } from './tables.ts';

export interface AuditFilter {
  /** Of this thing: an acceptance number, or an id of an accreditation, a file, a notice. */
  object?: string | undefined;
  /** Of this person, by the keyed hash of the ID number: whatever is theirs. */
  person?: string | undefined;
  /** By this member of staff, or whoever else. */
  by?: string | undefined;
  /** Leaves out what was done of this kind. */
  without?: AuditPart | undefined;
  /** Where the last page ended. */
  after?: { at: string; chain: string; position: number } | undefined;
  limit: number;
}

/** Who has read and changed what, newest first. */
export async function auditEntries(
  store: Store,
  { object, person, by, without, after, limit }: AuditFilter,
): Promise<AuditEntryRow[]> {
  const { at, chain, position } = auditEntry;
  const where: (SQL | undefined)[] = [
    object === undefined ? undefined : arrayContains(auditEntry.objects, [object]),
    person === undefined ? undefined : await isAbout(store, person),
    by === undefined ? undefined : eq(auditEntry.by, by),
    without === undefined ? undefined : ne(auditEntry.part, without),
    after && sql`(${at}, ${chain}, ${position}) < (${after.at}, ${after.chain}, ${after.position})`,
  ];
  return store.db
    .select()
    .from(auditEntry)
    .where(and(...where))
    .orderBy(desc(at), desc(chain), desc(position))
    .limit(limit);
}

/** An entry that names the person, or one of their cases or accreditations: a list of calls names only these. */
async function isAbout(store: Store, person: string): Promise<SQL | undefined> {
  const held = [...(await casesOfPerson(store, person)), ...(await accreditationsOfPerson(store, person))];
  const objects = held.map(({ id }) => id);
  const named = arrayContains(auditEntry.people, [person]);
  return objects.length === 0 ? named : or(named, arrayOverlaps(auditEntry.objects, objects));
}

/** From where and for what reason; null once it was erased with a person. */
export function openCircumstances(store: Store, entry: AuditEntryRow): Circumstances | null {
  return entry.circumstances === null ? null : (open(store, auditContext(entry), entry.circumstances) as Circumstances);
}
