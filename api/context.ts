import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import type { Clock } from '../domain/dates.ts';
import type { Policies } from '../policy/versions.ts';
import type { Store } from '../store/open.ts';

/** What the routes work with. */
export interface ApiContext {
  store: Store;
  policies: Policies;
  temporal: Client;
  log: Logger;
  now: Clock;
  /** With which the insurance core signs what it tells; undefined where it doesn't tell anything. */
  insuranceHookSecret?: string | undefined;
  /** With which Twilio signs its receipts, and the public address that it signs; undefined where it sends none. */
  twilioAuthToken?: string | undefined;
  publicUrl?: string | undefined;
  /** Where Temporal Web is served: its pages may ask for `/codec/decode`. */
  temporalUiOrigin?: string | undefined;
}
