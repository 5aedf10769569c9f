import { eq } from 'drizzle-orm';
import type { Store } from '../open.ts';
import { type ApplicationRow, application } from './tables.ts';

/**
 * What the insurance core has said of the applicant: null where it doesn't know them; the phone that it has on record;
 * and which accreditation is to be renewed or changed.
 */
export type Learnt = Pick<ApplicationRow, 'insured' | 'corePhone'> & Partial<Pick<ApplicationRow, 'accreditationId'>>;

/** Keeps what the insurance core has said of an applicant. */
export async function rememberLearnt(store: Store, acceptanceNumber: string, learnt: Learnt): Promise<void> {
  await store.db.update(application).set(learnt).where(eq(application.acceptanceNumber, acceptanceNumber));
}
