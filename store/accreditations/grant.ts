import { and, eq, gte, sql } from 'drizzle-orm';
import { type AccreditationState, grantedAccreditation } from '../../domain/accreditations/state.ts';
import type { AccreditationChange } from '../../domain/accreditations/timeline.ts';
import type { InsuredType } from '../../domain/vocabulary.ts';
import { coreEvent } from '../insurance/tables.ts';
import type { Store } from '../open.ts';
import { lockPerson } from '../people/lock.ts';
import type { Person } from '../people/personal.ts';
import { given, prepared, slots } from '../prepared.ts';
import { sealPerson } from './personal.ts';
import { type AccreditationRow, type AccreditationSource, accreditation, accreditationEntry } from './tables.ts';

/** What is granted, or was granted by an earlier system. Shanghai dates, both included. */
export interface Grant {
  id: string;
  /** Instant. */
  createdAt: string;
  source: AccreditationSource;
  /** What it was granted for: there is one accreditation for each. */
  sourceKey: string;
  person: Person;
  diseaseCode: string;
  insuredType: InsuredType;
  tier: string | null;
  institution: string | null;
  furtherInstitutions?: string[] | null;
  policyVersion: string;
  registrationNumber: string | null;
  /** Events from this day on touch it (`accreditation.begunOn`). */
  begunOn: string;
  validFrom: string;
  validUntil: string | null;
  /** Where it isn't granted just now. */
  state?: AccreditationState;
}

/**
 * Writes down what was granted, once for each source; a repeated grant changes nothing. What the core has told of the
 * person before is looked at again. An accreditation without an end has no workflow that could record that it was
 * granted, so its entry is written here.
 * @returns the accreditation for that source
 */
export async function grantAccreditation(store: Store, grant: Grant): Promise<AccreditationRow> {
  const { person, state = grantedAccreditation(grant.validFrom, grant.validUntil), ...fields } = grant;
  const personal = sealPerson(store, grant.id, person);
  const idNumberHash = store.keyring.hash(person.idNumber);
  const sequence = grant.validUntil === null ? 1 : 0;
  const { furtherInstitutions = null } = fields;
  const row = { ...fields, furtherInstitutions, personal, idNumberHash, state, status: state.status, sequence };
  const entry = grantedEntry(grant);
  const detail = accreditationEntry.detail.mapToDriverValue(entry.detail);
  const granted = await store.db.transaction(async (tx) => {
    await lockPerson(tx, idNumberHash);
    return (await writeGrant(tx, { ...row, ...entry, detail }))[0];
  });
  if (granted) return granted;
  const [earlier] = await store.db.select().from(accreditation).where(eq(accreditation.sourceKey, grant.sourceKey));
  return earlier as AccreditationRow;
}

/**
 * Writes a grant that wasn't there, and its entry if it has one, in one statement: nobody sees the one without the
 * other. What was told of the person that may touch it, since the core's word may have come earlier, is to be looked at
 * again.
 */
const writeGrant = prepared('grant', (db) => {
  const granted = db.$with('granted').as(
    db
      .insert(accreditation)
      .values(
        slots(
          ...(['id', 'createdAt', 'source', 'sourceKey', 'personal', 'idNumberHash'] as const),
          ...(['diseaseCode', 'insuredType', 'tier', 'institution', 'furtherInstitutions'] as const),
          ...(['policyVersion', 'registrationNumber'] as const),
          ...(['begunOn', 'validFrom', 'validUntil', 'status', 'state', 'sequence'] as const),
        ) as never,
      )
      .onConflictDoNothing()
      .returning(),
  );
  const { at, kind, by, via, detail } = given('at', 'kind', 'by', 'via', 'detail');
  const step = sql`${granted.sequence}, ${at}::timestamptz, ${kind}, ${by}, ${via},
    ${granted.status}, ${detail}`;
  const entry = db
    .$with('entry')
    .as(
      db
        .insert(accreditationEntry)
        .select(sql`select ${granted.id}, ${step}, null from ${granted} where ${granted.sequence} > 0`)
        .returning({ sequence: accreditationEntry.sequence }),
    );
  const told = and(eq(coreEvent.idNumberHash, granted.idNumberHash), gte(coreEvent.happenedOn, granted.begunOn));
  const reopened = db.$with('reopened').as(
    db
      .update(coreEvent)
      .set({ settledAt: null, reopened: sql`${coreEvent.reopened} + 1` })
      .from(granted)
      .where(told)
      .returning({ id: coreEvent.eventId }),
  );
  return db.with(granted, entry, reopened).select().from(granted);
});

function grantedEntry({ createdAt, validFrom, validUntil }: Grant): AccreditationChange['entry'] {
  return { at: createdAt, kind: 'granted', by: 'system', via: 'system', detail: { validFrom, validUntil } };
}

/** Writes what an approved renewal or change brings; its workflow writes status and dates afterwards. */
export async function updateAccreditation(
  store: Store,
  id: string,
  {
    person,
    ...change
  }: Pick<Grant, 'person' | 'registrationNumber' | 'institution' | 'furtherInstitutions'> &
    Partial<Pick<Grant, 'policyVersion' | 'insuredType' | 'tier' | 'begunOn'>>,
): Promise<void> {
  const personal = sealPerson(store, id, person);
  await store.db
    .update(accreditation)
    .set({ ...change, personal })
    .where(eq(accreditation.id, id));
}
