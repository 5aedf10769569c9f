import { fateOf } from './numbers.ts';
import type { SmsOf } from './outbox.ts';

export const SENT_AFTER_MS = 150;
const FINAL_AFTER_MS = 300;

/** Something that happens to a message after it was taken. */
export interface Step {
  /** Counted from when it was taken. */
  afterMs: number;
  status: 'sent' | 'delivered' | 'undelivered';
  error?: { code: number; message: string };
}

const unknownHandset = { code: 30005, message: 'Unknown destination handset' };

/** What happens to a message after it was taken; a message that stays under way isn't even sent. */
export function courseOf(to: string): Step[] {
  const fate = fateOf(to);
  if (fate === 'underWay') return [];
  const undelivered = { status: 'undelivered', error: unknownHandset } as const;
  const final = fate === 'undelivered' ? undelivered : ({ status: 'delivered' } as const);
  return [
    { afterMs: SENT_AFTER_MS, status: 'sent' },
    { afterMs: FINAL_AFTER_MS, ...final },
  ];
}

/** How far a message has come. That follows from when it was taken alone, so it outlives a restart. */
export function stateOf({ at, to }: SmsOf<'twilio'>, now = Date.now()) {
  const taken = Date.parse(at);
  const steps = courseOf(to).filter(({ afterMs }) => taken + afterMs <= now);
  const last = steps.at(-1);
  return {
    status: last?.status ?? 'queued',
    error: last?.error,
    /** Null while the message is queued, as with Twilio. */
    sentAt: last ? taken + SENT_AFTER_MS : null,
    updatedAt: taken + (last?.afterMs ?? 0),
  };
}
