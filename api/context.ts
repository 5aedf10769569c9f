import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import type { Clock } from '../domain/dates.ts';
import type { Policies } from '../policy/versions.ts';
import type { AuditWriter } from '../store/audit/append.ts';
import type { Store } from '../store/open.ts';
import type { Inspector } from './files/content/inspect.ts';

/** What the routes work with. */
export interface ApiContext {
  store: Store;
  policies: Policies;
  temporal: Client;
  /** Records who reads and changes what. */
  audit: AuditWriter;
  log: Logger;
  now: Clock;
  /** Looks into what is uploaded. */
  inspector: Inspector;
  /** The key with which the insurance core signs its calls of our hook; undefined where it makes none. */
  insuranceHookSecret?: string | undefined;
  /** The key with which Twilio signs its receipts; undefined where it sends none. */
  twilioAuthToken?: string | undefined;
  /** Where the api is reached from outside; the receipts' signature covers this address. */
  publicUrl?: string | undefined;
  /** How many requests an address may send in a minute; undefined where nobody counts. */
  requestsPerMinute?: number | undefined;
  /** Addresses and networks of the proxies in front; without any an address is that of the connection. */
  trustedProxies?: string[] | undefined;
  /** Where Temporal Web is served: its pages may ask for `/codec/decode`. */
  temporalUiOrigin?: string | undefined;
}
