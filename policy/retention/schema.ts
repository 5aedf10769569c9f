import { z } from 'zod';
import { count, time } from '../values.ts';

/** How long what is held about people is kept (保存期限); what each means is said at `RetentionRules`. */
export const retention = z.strictObject({
  /** When it is gone through each day, in Shanghai. */
  runsAt: time,
  caseYears: count,
  accreditationYears: count,
  inboxDays: count,
  notificationDays: count,
  callDays: count,
  /** Longer than anybody goes on trying: after that a repeated request counts as a new one. */
  requestDays: count.min(2),
});
