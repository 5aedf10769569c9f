import type { Policy } from '../policy/schema.ts';
import type { Store } from '../store/store.ts';
import type { InsuranceCore } from './adapters/insurance.ts';
import type { MessageProvider } from './adapters/provider.ts';

/** The parts of the outer world that activities work on. */
export interface ActivityDependencies {
  store: Store;
  policy: Policy;
  providers: Record<'sms' | 'email', MessageProvider>;
  insurance: InsuranceCore;
  /** Told of errors before they are shortened for Temporal's history. */
  onError(activity: string, error: unknown): void;
}
