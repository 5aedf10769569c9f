import { openJsonLines } from './json-lines.ts';

interface Sent {
  id: string;
  /** Instant at which it was accepted, ISO. */
  at: string;
  from: string;
  to: string;
  body: string;
}

export type OutboxMessage = (Sent & { kind: 'sms' }) | (Sent & { kind: 'email'; subject: string });

/** Everything that the stand-ins have accepted. */
export interface Outbox {
  add(message: OutboxMessage): void;
  /** Newest first. */
  messages(): OutboxMessage[];
}

/** @param dataDir where `outbox.jsonl` keeps the messages across restarts; undefined keeps them in memory only */
export function createOutbox(dataDir: string | undefined): Outbox {
  const kept = openJsonLines<OutboxMessage>(dataDir, 'outbox.jsonl');
  const messages = kept.entries;
  return {
    add(message) {
      messages.push(message);
      kept.append(message);
    },
    messages: () => messages.toReversed(),
  };
}
