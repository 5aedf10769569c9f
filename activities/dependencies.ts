import type { Clock } from '../domain/dates.ts';
import type { Policies } from '../policy/versions.ts';
import type { Divergence } from '../store/in-order.ts';
import type { Store } from '../store/open.ts';
import type { RetainedCounts } from './contract.ts';
import type { InsuranceCore } from './insurance/adapters/core.ts';
import type { NotificationProvider, SmsProviders } from './notifications/adapters/provider.ts';

/** What housekeeping has found apart. */
export interface FoundApart {
  /** Of a case its acceptance number. */
  workflowId: string;
  wrong: string;
  /** How its workflow ended, or what showed that it is missing. */
  how?: string | undefined;
  /** Of the last change, as the row and the workflow have it. */
  row?: number | undefined;
  workflow?: number | undefined;
  /** What was done about it; null where nothing was, so that somebody has to look at it (docs/operations.md). */
  done: string | null;
}

/** The parts of the outer world that activities work on. */
export interface ActivityDependencies {
  store: Store;
  policies: Policies;
  /** This process's clock; `workflowNow` is what a workflow that asked sees. */
  now: Clock;
  providers: { sms: SmsProviders; email: NotificationProvider };
  /** Twilio is Twilio itself, which sends abroad, and no server that stands in for it. */
  twilioIsReal: boolean;
  /**
   * Milliseconds after which a try counts as over, and a provider that doesn't show its notification hasn't taken it;
   * twenty seconds unless given.
   */
  settleMs?: number | undefined;
  /** Milliseconds for which a provider that fails is left alone; thirty seconds unless given. */
  circuitRestMs?: number | undefined;
  /** Where the staff see a case, with `{acceptanceNumber}`. */
  workbenchUrl: string;
  insurance: InsuranceCore;
  /**
   * Hears, for the operator and without personal data, of every answer of a provider of 短信 but that it has taken a
   * notification, and when the provider is left alone and takes notifications again.
   * @param about the notification's id, where it is about one
   */
  onProvider(about: { provider: string; notificationId?: string }, report: string): void;
  /**
   * Hears where a row and its workflow have come apart, which happens only after a restore. An alert watches it.
   * @param found `about` is an acceptance number or the id of an accreditation
   */
  onDivergence(found: { about: string; sequence: number; divergence: Divergence }): void;
  /**
   * Hears what housekeeping has found apart between store and Temporal, and what it did; for the operator, without
   * personal data.
   */
  onMended(found: FoundApart): void;
  /** Hears how much retention has erased in a batch. */
  onRetained(counts: RetainedCounts): void;
  /** Hears of errors that don't end an activity: what failed is left to its next run. */
  onError(activity: string, error: unknown): void;
}
