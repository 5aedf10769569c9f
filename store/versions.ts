import { accreditation } from './accreditations/tables.ts';
import { application } from './cases/tables.ts';
import type { Database, Transaction } from './open.ts';

/** The versions of the policy that a case or an accreditation keeps, each once for the cases and for the others. */
export async function keptVersions(db: Database | Transaction): Promise<string[]> {
  const kept: string[] = [];
  for (const table of [application, accreditation]) {
    const rows = await db.selectDistinct({ version: table.policyVersion }).from(table);
    kept.push(...rows.map(({ version }) => version));
  }
  return kept;
}
