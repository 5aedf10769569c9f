import { tailOf } from '../../domain/cases/acceptance-number.ts';
import type { SmsText } from '../../domain/notifications/drafts.ts';
import type { Policy } from '../schema.ts';
import { LONGEST_VALUE, listInShort, smsText } from '../texts.ts';

/** One of several reminders to the same person. */
export interface Reminder {
  acceptanceNumber: string | null;
  accreditationId: string | null;
  parameters: Record<string, string> | null;
}

/** What several reminders to one person become: one 短信 that says how many, and for which numbers. */
export function collectedText({ notifying, city }: Policy, reminders: Reminder[]): SmsText {
  const tails = reminders.map(({ acceptanceNumber, accreditationId }) =>
    tailOf(acceptanceNumber ?? accreditationId ?? ''),
  );
  const values = {
    surname: reminders[0]?.parameters?.surname ?? '',
    count: reminders.length,
    tails: listInShort([...new Set(tails)], LONGEST_VALUE),
    hotline: city.hotline,
  };
  return smsText(notifying.collected, values);
}
