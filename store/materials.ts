import { and, asc, eq, isNull } from 'drizzle-orm';
import type { Material } from '../domain/materials.ts';
import { material } from './schema.ts';
import type { Database, Transaction } from './store.ts';

export type MaterialRow = typeof material.$inferSelect;

/** The materials of a case that nothing later has replaced, in the order in which they came. */
export function materialsInForce(db: Database | Transaction, acceptanceNumber: string): Promise<MaterialRow[]> {
  const inForce = and(eq(material.acceptanceNumber, acceptanceNumber), isNull(material.replacedBy));
  const order = [asc(material.sequence), asc(material.position)];
  return db
    .select()
    .from(material)
    .where(inForce)
    .orderBy(...order);
}

/** A stored material as the rules know it. */
export function asMaterial({ kind, fileIds, issuedOn, originalSeen }: MaterialRow): Material {
  return { kind, fileIds, ...(issuedOn ? { issuedOn } : {}), ...(originalSeen ? { originalSeen } : {}) };
}
