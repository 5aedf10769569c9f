import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import type { Clock } from '../domain/dates.ts';
import type { Policies } from '../policy/versions.ts';
import type { AuditWriter } from '../store/audit/append.ts';
import type { Store } from '../store/open.ts';

/** What the routes work with. */
export interface ApiContext {
  store: Store;
  policies: Policies;
  temporal: Client;
  /** Records who reads and changes what. */
  audit: AuditWriter;
  log: Logger;
  now: Clock;
  /** The key with which the insurance core signs its calls of our hook; undefined where it makes none. */
  insuranceHookSecret?: string | undefined;
  /** The key with which Twilio signs its receipts; undefined where it sends none. */
  twilioAuthToken?: string | undefined;
  /** Where the api is reached from outside; the receipts' signature covers this address. */
  publicUrl?: string | undefined;
  /** Where Temporal Web is served: its pages may ask for `/codec/decode`. */
  temporalUiOrigin?: string | undefined;
}
