import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import { shanghaiDate } from '../domain/dates.ts';
import type { Policy } from '../policy/schema.ts';
import type { Policies } from '../policy/versions.ts';
import type { Store } from '../store/open.ts';

/** What the routes work with. */
export interface ApiContext {
  store: Store;
  policies: Policies;
  temporal: Client;
  log: Logger;
  /** The clock: an instant. */
  now(): string;
  /** With which the insurance core signs what it tells; undefined where it doesn't tell anything. */
  insuranceHookSecret?: string | undefined;
  /** With which Twilio signs its receipts, and the public address that it signs; undefined where it sends none. */
  twilioAuthToken?: string | undefined;
  publicUrl?: string | undefined;
  /** Where Temporal Web is served: its pages may ask for `/codec/decode`. */
  temporalUiOrigin?: string | undefined;
}

/** The policy in force now. */
export function policyInForce({ policies, now }: Pick<ApiContext, 'policies' | 'now'>): Policy {
  return policies.at(shanghaiDate(now()));
}
