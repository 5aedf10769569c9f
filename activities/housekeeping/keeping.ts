import type { Client } from '@temporalio/client';
import type { Clock } from '../../domain/dates.ts';
import type { Policies } from '../../policy/versions.ts';
import type { Store } from '../../store/open.ts';

/** What brings rows and workflows together again. */
export interface Keeping {
  client: Client;
  store: Store;
  policies: Policies;
  now: Clock;
}
