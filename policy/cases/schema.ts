import { z } from 'zod';
import { refusalReasons } from '../../domain/vocabulary.ts';
import { count, descending, template, time } from '../values.ts';

const window = z.strictObject({ days: count.max(365), reminders: descending });

const rung = z.strictObject({ afterWorkingDays: z.number().int().min(0), notify: z.enum(['supervisor', 'director']) });
/** The clocks (期限) of a case: its own, the windows of the applicant, the reminders and the ladder. */
export const clocks = z.strictObject({
  workingDays: count.max(250),
  closesAt: time,
  ticketMinutes: z.number().int().min(0).max(120),
  remindsAt: time,
  eligibilityNoticeMinutes: count.max(1440),
  reviewerReminders: descending,
  ladder: z
    .array(rung)
    .min(1)
    .refine(
      (rungs) => rungs.every((rung, i) => i === 0 || rung.afterWorkingDays > (rungs[i - 1]?.afterWorkingDays ?? 0)),
      'each rung must come later than the one before',
    ),
  oneTimeNotice: z
    .strictObject({ enabled: z.boolean(), workingDays: count, remindAfter: count })
    .refine(({ workingDays, remindAfter }) => remindAfter < workingDays, {
      path: ['remindAfter'],
      message: 'must come before the working days are over',
    }),
  supplementStopsClock: z.boolean(),
  supplement: window,
  verificationStopsClock: z.boolean(),
  verification: window,
  resubmission: window,
  appeal: window,
});

/** What the reasons for not accepting an application may say: the numbers of a renewal. */
const refusalText = template(['opensDaysBefore', 'closesDaysAfter']);
/** Why an application isn't accepted (不予受理), and what the person can do. */
export const refusals = z.record(z.enum(refusalReasons), z.strictObject({ reason: refusalText, remedy: refusalText }));

const askedText = template(['until', 'closesAt', 'place', 'hours', 'bring', 'hotline']);
/** What is asked of an applicant now, and how it is done: by the app, or at the window. */
export const asked = z.strictObject({
  materials: askedText,
  materialsAtWindow: askedText,
  verification: askedText,
  /** The ways that remain stand below it. */
  rejected: askedText,
  rejectedAtWindow: askedText,
});

const remedy = (...parameters: string[]) => z.strictObject({ name: z.string().min(1), detail: template(parameters) });
/** The ways that remain (救济途径). */
export const remedies = z.strictObject({
  /** A new application, once nothing stands in its way. */
  refile: remedy(),
  resubmit: remedy('windowEndsOn'),
  appeal: remedy('appealUntil'),
  feedback: remedy(),
  hotline: remedy('hotline'),
  /** 行政复议; days from when the person knows of the decision. */
  reconsideration: remedy('authority', 'days').extend({ authority: z.string().min(1), days: count }),
  /** 行政诉讼; months from then. */
  litigation: remedy('authority', 'months').extend({ authority: z.string().min(1), months: count }),
});
