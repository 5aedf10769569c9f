import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

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
  if (dataDir) mkdirSync(dataDir, { recursive: true });
  const file = dataDir && join(dataDir, 'outbox.jsonl');
  const messages = file && existsSync(file) ? readMessages(file) : [];
  return {
    add(message) {
      messages.push(message);
      // The line break comes first, so that a line that a kill cut short doesn't swallow the next one.
      if (file) appendFileSync(file, `\n${JSON.stringify(message)}`);
    },
    messages: () => messages.toReversed(),
  };
}

/** A line that doesn't parse was cut short when the process was killed. */
function readMessages(file: string): OutboxMessage[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        return [JSON.parse(line) as OutboxMessage];
      } catch {
        return [];
      }
    });
}
