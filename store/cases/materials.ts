import { and, asc, isNull } from 'drizzle-orm';
import type { Material } from '../../domain/cases/materials.ts';
import type { Database, Transaction } from '../open.ts';
import { isOf, prepared } from '../prepared.ts';
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

/** A stored material as the rules know it. */
export function asMaterial({ kind, fileIds, issuedOn, originalSeen }: MaterialRow): Material {
  return { kind, fileIds, ...(issuedOn ? { issuedOn } : {}), ...(originalSeen ? { originalSeen } : {}) };
}
