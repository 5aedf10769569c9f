import { shanghaiDate } from '../domain/dates.ts';
import type { Policy } from '../policy/schema.ts';
import type { Policies } from '../policy/versions.ts';
import type { Store } from '../store/store.ts';
import type { InsuranceCore } from './adapters/insurance.ts';
import type { MessageProvider } from './adapters/provider.ts';

/** The parts of the outer world that activities work on. */
export interface ActivityDependencies {
  store: Store;
  policies: Policies;
  providers: Record<'sms' | 'email', MessageProvider>;
  insurance: InsuranceCore;
  /** Told of errors before they are shortened for Temporal's history. */
  onError(activity: string, error: unknown): void;
}

/** The policy in force now. */
export function policyInForce({ policies }: Pick<ActivityDependencies, 'policies'>): Policy {
  return policies.at(shanghaiDate(new Date().toISOString()));
}
