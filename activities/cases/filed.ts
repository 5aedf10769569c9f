import { ApplicationFailure } from '@temporalio/common';
import { UnknownApplication } from '../../store/cases/lock.ts';
import { findApplication } from '../../store/cases/queries.ts';
import type { ApplicationRow } from '../../store/cases/tables.ts';
import type { Store } from '../../store/open.ts';

/** @throws ApplicationFailure of type `UnknownApplication` */
export async function filedApplication(store: Store, acceptanceNumber: string): Promise<ApplicationRow> {
  const row = await findApplication(store, acceptanceNumber);
  if (row) return row;
  return unknownApplication(new UnknownApplication('No application was filed under this number'));
}

/** No retry will make something appear that was never filed. */
export function unknownApplication(error: unknown): never {
  if (error instanceof UnknownApplication) throw ApplicationFailure.nonRetryable(error.message, 'UnknownApplication');
  throw error;
}
