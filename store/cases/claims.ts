import { and, eq, inArray, ne } from 'drizzle-orm';
import type { Change } from '../../domain/cases/timeline.ts';
import { yearOf } from '../../domain/dates.ts';
import { actsAsAgent } from '../../domain/people/person.ts';
import type { ApplicationType, Channel } from '../../domain/vocabulary.ts';
import type { Store, Transaction } from '../open.ts';
import { insertion, isOf, prepared } from '../prepared.ts';
import { lockApplication } from './lock.ts';
import { type ApplicationRow, type ClaimKind, claim } from './tables.ts';
import { writeEntry } from './timeline.ts';

/** An application would hold what another one holds already. */
export class ClaimTaken extends Error {
  readonly kind: ClaimKind;
  /** The one that came first. */
  readonly acceptanceNumber: string;

  constructor(kind: ClaimKind, acceptanceNumber: string) {
    super('Another application holds this already');
    this.kind = kind;
    this.acceptanceNumber = acceptanceNumber;
  }
}

interface Claimant {
  acceptanceNumber: string;
  type: ApplicationType;
  diseaseCode: string;
  idNumberHash: string;
  submittedBy: string;
  channel: Channel;
  /** Shanghai date. */
  acceptedOn: string;
}

interface Wanted {
  kind: ClaimKind;
  key: string;
}

/**
 * What a person files holds claims of the person's; an agent's filing respects them, and holds only that this agent has
 * filed this already. So nobody blocks a person by naming them.
 * @throws ClaimTaken
 */
export async function takeClaims(tx: Transaction, claimant: Claimant): Promise<void> {
  const { acceptanceNumber, submittedBy } = claimant;
  const ofPerson = claimsOfPerson(claimant);
  const asAgent = actsAsAgent(claimant, submittedBy);
  if (asAgent) await throwIfTaken(tx, ofPerson);
  const wanted = asAgent
    ? ofPerson.slice(0, 1).map(({ kind, key }) => ({ kind, key: `${key}:${submittedBy}` }))
    : ofPerson;
  const taken = await insertClaims(
    tx,
    wanted.map((wantedClaim) => ({ ...wantedClaim, acceptanceNumber })),
  );
  const missing = wanted.filter(({ key }) => !taken.some((row) => row.key === key));
  if (missing.length === 0) return;
  await throwIfTaken(tx, missing);
  // The claim was given up between the two queries: a repeated request gets it.
  throw new Error('A claim was given up just now');
}

function claimsOfPerson({ type, diseaseCode, idNumberHash, acceptedOn }: Claimant): Wanted[] {
  const open: Wanted = { kind: 'open', key: `open:${type}:${diseaseCode}:${idNumberHash}` };
  const yearly: Wanted = { kind: 'yearly', key: `yearly:${type}:${yearOf(acceptedOn)}:${idNumberHash}` };
  return type === 'changeInstitution' ? [open, yearly] : [open];
}

async function throwIfTaken(tx: Transaction, claims: Wanted[]): Promise<void> {
  const keys = claims.map(({ key }) => key);
  const [first] = await tx.select().from(claim).where(inArray(claim.key, keys)).orderBy(claim.kind);
  if (first) throw new ClaimTaken(first.kind, first.acceptanceNumber);
}

/**
 * Takes the year's one change for an application that is approved; what the person filed has it since the filing.
 * @returns false where another one has it
 */
export async function takeYear(store: Store, row: ApplicationRow): Promise<boolean> {
  const { acceptanceNumber } = row;
  const claims = claimsOfPerson({ ...row, acceptedOn: row.state.ledger.acceptedOn });
  const yearly = claims.find(({ kind }) => kind === 'yearly');
  if (!yearly) return true;
  await insertClaims(store.db, [{ ...yearly, acceptanceNumber }]);
  const [held] = await store.db.select().from(claim).where(eq(claim.key, yearly.key));
  return held?.acceptanceNumber === acceptanceNumber;
}

const insertClaims = insertion('claims', claim, ['key', 'kind', 'acceptanceNumber']);

/**
 * A case that has ended lets others apply; a change that was granted counts for its year. What a supervisor releases
 * holds nothing any more.
 */
export async function releaseClaims(
  tx: Transaction,
  acceptanceNumber: string,
  { entry, state }: Pick<Change, 'entry' | 'state'>,
): Promise<void> {
  if (entry.kind === 'claimsReleased') await releaseAll(tx, { acceptanceNumber });
  else if (state.closed) await (state.status === 'approved' ? releaseOpen : releaseAll)(tx, { acceptanceNumber });
}

/**
 * Releases what a case still holds that has ended, the year's one change. Its workflow is over, so the entry comes after
 * its last one.
 * @param release `by` a supervisor, `at` an instant, `requestId` tells it from others
 * @returns false where the case hasn't ended, or holds nothing
 */
export function releaseEnded(
  store: Store,
  acceptanceNumber: string,
  release: { by: string; reason: string; at: string; requestId: string },
): Promise<boolean> {
  const { by, reason, at, requestId } = release;
  return store.db.transaction(async (tx) => {
    const row = await lockApplication(tx, acceptanceNumber);
    if (!row.closed) return false;
    const released = await tx.delete(claim).where(eq(claim.acceptanceNumber, acceptanceNumber)).returning();
    if (released.length === 0) return false;
    const detail = { reason, authority: 'supervisor' } as const;
    const entry = { at, kind: 'claimsReleased', by, via: 'api', detail, requestId } as const;
    await writeEntry(tx, acceptanceNumber, { sequence: row.sequence + 1, state: row, entry });
    return true;
  });
}

const releaseAll = prepared('claims of a case', (db) => db.delete(claim).where(isOf(claim)));
const releaseOpen = prepared('open claims of a case', (db) =>
  db.delete(claim).where(and(isOf(claim), ne(claim.kind, 'yearly'))),
);
