import { listAccreditations } from '../../store/accreditations/queries.ts';
import type { AccreditationRow } from '../../store/accreditations/tables.ts';
import { listApplications } from '../../store/cases/queries.ts';
import type { ApplicationRow } from '../../store/cases/tables.ts';
import type { Store } from '../../store/open.ts';

/** How many applications and accreditations of a person are answered at most; nobody comes near it. */
const limit = 100;

/** What one person applied for, and what they were granted, newest first, ended ones too. */
export interface Holdings {
  applications: ApplicationRow[];
  accreditations: AccreditationRow[];
}

/** @param idNumberHash whose: the keyed hash of their ID number */
export async function holdingsOf(store: Store, idNumberHash: string): Promise<Holdings> {
  const applications = await listApplications(store, { idNumberHash, limit });
  const accreditations = await listAccreditations(store, { idNumberHash, limit });
  return { applications, accreditations };
}
