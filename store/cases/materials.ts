import { and, asc, eq, inArray, isNull } from 'drizzle-orm';
import type { Material } from '../../domain/cases/materials.ts';
import type { HandingIn } from '../../domain/files/papers.ts';
import { takeFiles } from '../files/hand-in.ts';
import type { Database, Transaction } from '../open.ts';
import { insertion, isOf, prepared } from '../prepared.ts';
import { type MaterialRow, material } from './tables.ts';

/** The materials of a case that nothing later has replaced, in the order in which they came. */
export function materialsInForce(db: Database | Transaction, acceptanceNumber: string): Promise<MaterialRow[]> {
  return inForce(db, { acceptanceNumber });
}

const inForce = prepared('materials in force', (db) =>
  db
    .select()
    .from(material)
    .where(and(isOf(material), isNull(material.replacedBy)))
    .orderBy(asc(material.sequence), asc(material.position)),
);

/** Every material that a case ever had, in the order in which they came. */
export function allMaterials(db: Database | Transaction, acceptanceNumber: string): Promise<MaterialRow[]> {
  return everyMaterial(db, { acceptanceNumber });
}

const everyMaterial = prepared('materials', (db) =>
  db.select().from(material).where(isOf(material)).orderBy(asc(material.sequence), asc(material.position)),
);

/** A stored material as the rules know it. */
export function asMaterial({ kind, fileIds, issuedOn, originalSeen }: MaterialRow): Material {
  return { kind, fileIds, ...(issuedOn ? { issuedOn } : {}), ...(originalSeen ? { originalSeen } : {}) };
}

/**
 * Adds materials to a case: those of the same kinds are replaced, their files become readable with the case.
 * A file that isn't theirs to hand in isn't given to the case, whoever sent its id.
 * @returns how many files are the case's from now on
 */
export async function addMaterials(
  tx: Transaction,
  acceptanceNumber: string,
  handing: HandingIn,
  sequence: number,
  materials: Material[],
): Promise<number> {
  // With the submission come the first ones.
  if (sequence > 0) await replaceMaterials(tx, acceptanceNumber, sequence, materials);
  await insertMaterials(
    tx,
    materials.map(({ kind, fileIds, issuedOn = null, originalSeen = false }, position) => {
      return { acceptanceNumber, sequence, position, kind, fileIds, issuedOn, originalSeen };
    }),
  );
  const ids = materials.flatMap(({ fileIds }) => fileIds);
  return takeFiles(tx, ids, acceptanceNumber, handing);
}

async function replaceMaterials(tx: Transaction, acceptanceNumber: string, sequence: number, by: Material[]) {
  const kinds = [...new Set(by.map(({ kind }) => kind))];
  const ofSameKinds = and(
    eq(material.acceptanceNumber, acceptanceNumber),
    inArray(material.kind, kinds),
    isNull(material.replacedBy),
  );
  await tx.update(material).set({ replacedBy: sequence }).where(ofSameKinds);
}

const insertMaterials = insertion('materials', material, [
  ...(['acceptanceNumber', 'sequence', 'position', 'kind', 'fileIds', 'issuedOn', 'originalSeen'] as const),
]);
