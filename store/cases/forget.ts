import { and, eq, gte } from 'drizzle-orm';
import { dropUnsaid } from '../notifications/overtaken.ts';
import type { Transaction } from '../open.ts';
import { material, timeline } from './tables.ts';

/**
 * Takes back the entries and materials from a sequence on, and what they would tell. A notice that was issued stays:
 * somebody may hold it.
 */
export async function forgetFrom(
  tx: Transaction,
  { acceptanceNumber, sequence }: { acceptanceNumber: string; sequence: number },
): Promise<void> {
  const entries = and(eq(timeline.acceptanceNumber, acceptanceNumber), gte(timeline.sequence, sequence));
  await tx.delete(timeline).where(entries);
  const ofCase = eq(material.acceptanceNumber, acceptanceNumber);
  await tx.delete(material).where(and(ofCase, gte(material.sequence, sequence)));
  const replaced = and(ofCase, gte(material.replacedBy, sequence));
  await tx.update(material).set({ replacedBy: null }).where(replaced);
  await dropUnsaid(tx, { acceptanceNumber, sequence });
}
