import type { OutboxMessage } from './outbox.ts';

export const SENT_AFTER_MS = 150;
const FINAL_AFTER_MS = 300;

/** One thing that happens to a message after it was taken. */
export interface Step {
  /** Since it was taken. */
  afterMs: number;
  status: 'sent' | 'delivered' | 'undelivered';
  error?: { code: number; message: string };
}

const unknownHandset = { code: 30005, message: 'Unknown destination handset' };

/** What happens to a message that was taken, by its number's ending: …0003 isn't delivered, …0004 stays queued, others are delivered. */
export function courseOf(to: string): Step[] {
  if (to.endsWith('0004')) return [];
  const final: Step = to.endsWith('0003')
    ? { afterMs: FINAL_AFTER_MS, status: 'undelivered', error: unknownHandset }
    : { afterMs: FINAL_AFTER_MS, status: 'delivered' };
  return [{ afterMs: SENT_AFTER_MS, status: 'sent' }, final];
}

/** How far a message is; all of it follows from when it was taken, and so outlives a restart. */
export function stateOf({ at, to }: OutboxMessage, now = Date.now()) {
  const taken = Date.parse(at);
  const steps = courseOf(to).filter(({ afterMs }) => taken + afterMs <= now);
  const last = steps.at(-1);
  return {
    status: last?.status ?? 'queued',
    error: last?.error,
    /** Null while it is queued, as with Twilio. */
    sentAt: last ? taken + SENT_AFTER_MS : null,
    updatedAt: taken + (last?.afterMs ?? 0),
  };
}
