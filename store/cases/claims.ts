import { and, inArray, ne } from 'drizzle-orm';
import type { ApplicationState } from '../../domain/cases/state.ts';
import { yearOf } from '../../domain/dates.ts';
import type { ApplicationType } from '../../domain/vocabulary.ts';
import type { Transaction } from '../open.ts';
import { insertion, isOf, prepared } from '../prepared.ts';
import { type ClaimKind, claim } from './tables.ts';

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
  /** Shanghai date. */
  acceptedOn: string;
}

/** @throws ClaimTaken */
export async function takeClaims(tx: Transaction, claimant: Claimant): Promise<void> {
  const { acceptanceNumber, type, diseaseCode, idNumberHash, acceptedOn } = claimant;
  const wanted: { kind: ClaimKind; key: string }[] = [
    { kind: 'open', key: `open:${type}:${diseaseCode}:${idNumberHash}` },
    ...(type === 'changeInstitution'
      ? [{ kind: 'yearly' as const, key: `yearly:${type}:${yearOf(acceptedOn)}:${idNumberHash}` }]
      : []),
  ];
  const rows = wanted.map((wantedClaim) => ({ ...wantedClaim, acceptanceNumber }));
  const taken = await insertClaims(tx, rows);
  const missing = wanted.filter(({ key }) => !taken.some((row) => row.key === key)).map(({ key }) => key);
  if (missing.length === 0) return;
  const [first] = await tx.select().from(claim).where(inArray(claim.key, missing)).orderBy(claim.kind);
  // The claim was given up between the two queries: a repeated request gets it.
  throw first ? new ClaimTaken(first.kind, first.acceptanceNumber) : new Error('A claim was given up just now');
}

const insertClaims = insertion('claims', claim, ['key', 'kind', 'acceptanceNumber']);

/** A case that has ended lets others apply; a change that was granted counts for its year. */
export async function releaseClaims(tx: Transaction, acceptanceNumber: string, { status }: ApplicationState) {
  await (status === 'approved' ? releaseOpen : releaseAll)(tx, { acceptanceNumber });
}

const releaseAll = prepared('claims of a case', (db) => db.delete(claim).where(isOf(claim)));
const releaseOpen = prepared('open claims of a case', (db) =>
  db.delete(claim).where(and(isOf(claim), ne(claim.kind, 'yearly'))),
);
