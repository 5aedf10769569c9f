import { z } from 'zod';
import { notifiedEvents } from '../../domain/notifications/events.ts';
import { count, template, time } from '../values.ts';

/**
 * What a text that leaves the house may say, by type: of the person only what they are addressed by (as a rule the
 * surname), and the number's end.
 */
const textParameters = {
  surname: 'text',
  tail: 'text',
  dueOn: 'date',
  items: 'text',
  /** As many of the items as fit into a 短信. */
  someItems: 'text',
  windowEndsOn: 'date',
  left: 'number',
  level: 'number',
  hotline: 'text',
  previousDueOn: 'date',
  previousWindowEndsOn: 'date',
  appealUntil: 'date',
  place: 'text',
  hours: 'text',
  bring: 'text',
  validFrom: 'date',
  /** A date, or 长期. */
  validUntil: 'text',
  noticeDays: 'number',
} as const;
const text = template(Object.keys(textParameters));
/** The APP inbox is read by the signed-in applicant only, so it may also give reasons, and the ways that remain. */
const parameterTypes = { ...textParameters, reason: 'text', refusals: 'text', remedies: 'text' } as const;
const appText = template(Object.keys(parameterTypes));
export type TextParameter = keyof typeof parameterTypes;
export type TextParameterType<Name extends TextParameter> = (typeof parameterTypes)[Name];
/** Providers of 短信 that this service can speak to. */
export const smsProviders = ['twilio', 'aliyun'] as const;
export type SmsProviderName = (typeof smsProviders)[number];
const templateCode = z.string().regex(/^SMS_\w{1,60}$/);

/** How notifications are sent, and what is done where one doesn't arrive. */
export const notifying = z.strictObject({
  /** 短信 leave only then, on working days, unless the notification says `anyTime`. */
  sendingHours: z
    .strictObject({ from: time, to: time })
    .refine(({ from, to }) => from < to, 'must end after it begins'),
  /**
   * How many 短信 an account may cause to a phone on a Shanghai day by filing and appealing; what comes on top is only in
   * the APP inbox. Results, and what the office asks for, always go.
   */
  causedPerDay: count,
  /** The providers of 短信: the first that is configured, allowed and working takes a notification. */
  smsProviders: z
    .array(z.enum(smsProviders))
    .min(1, 'must name at least one provider, or nobody gets a 短信')
    .refine((names) => new Set(names).size === names.length, 'must name each provider once'),
  /** Mainland numbers may be given to a provider abroad (个人信息保护法第 38 条以下). */
  abroad: z.boolean(),
  /**
   * When a provider is asked for a receipt that is missing, and when a notification without one counts as not arrived.
   */
  receiptMinutes: count,
  receiptHours: count,
  /** How long a provider that may have a notification, and can't be asked, keeps it from the others. */
  uncertainMinutes: count,
  /** Waits: for the other provider, from there for a clerk's call, and how long the clerk has for it. */
  delivery: z.strictObject({ otherProviderMinutes: count, callMinutes: count, callHours: count }),
  /** The mail to the supervisors about a call that nobody has made in time. */
  callOverdue: z.strictObject({ subject: template(['tail', 'hours']), text: template(['tail', 'hours']) }),
  /** When staff get their daily briefing, on working days. */
  briefingAt: time,
  /** Its subject and its first line; the notifications follow. */
  briefing: z.strictObject({ subject: template(['count']), opening: template(['count']) }),
  /**
   * What each admin reads in one briefing a week, from 1 December on, while next year's circular is missing, with how
   * many open cases rest on the estimate.
   */
  circularMissing: z.strictObject({ subject: template(['year']), text: template(['year', 'count']) }),
  /** What several reminders to one person within the hour become. */
  collected: z.strictObject({
    sms: template(['surname', 'count', 'tails', 'hotline']),
    aliyun: templateCode.optional(),
  }),
  /** The code (验证码) that confirms a new phone: how long it is valid, its wrong tries, and how many may be sent. */
  phoneCode: z.strictObject({
    minutes: count.max(60),
    tries: count.max(10),
    /** For a case. */
    perHour: count,
    /** To a phone. */
    perDay: count,
    /** For all cases that a person filed online, on a Shanghai day. */
    perAccountDay: count,
    sms: template(['code', 'minutes', 'tail']).refine((sms) => sms.includes('{code}'), 'must say {code}'),
    aliyun: templateCode.optional(),
  }),
  /** The 短信 to the old phone. By now that may be somebody else's, so it gives no name. */
  phoneReplaced: z.strictObject({
    sms: template(['tail', 'hotline']),
    aliyun: templateCode.optional(),
    /** What lies in the APP inbox after that, for each case and accreditation: the new phone, masked. */
    app: template(['tail', 'phone', 'hotline']).refine(
      (app) => app.includes('{tail}') && app.includes('{phone}'),
      'must say {tail} and {phone}',
    ),
  }),
  /**
   * The 短信 to a person's earlier phones after a filing that names another one, or that an agent made. It gives no name,
   * either.
   */
  filedOtherwise: z.strictObject({ sms: template(['tail', 'hotline']), aliyun: templateCode.optional() }),
  /** The 短信 to a person's phones once a clerk has done something to an online case for who was at the window. */
  actedAtWindow: z.strictObject({ sms: template(['tail', 'hotline']), aliyun: templateCode.optional() }),
});

/** What somebody is told of an event, and how. */
export const notification = z
  .strictObject({
    on: z.enum(notifiedEvents),
    /**
     * When it leaves: a 短信 at any time, in the sending hours or collected; an e-mail at any time or in the briefing.
     */
    leaves: z.enum(['anyTime', 'sendingHours', 'collected', 'briefing']).default('sendingHours'),
    /** Code of the template (模板) under which 阿里云 knows the 短信; its parameters are the text's. */
    aliyun: templateCode.optional(),
    /**
     * `reviewer` is the assignee, and nobody while there is none; `assignee` falls back to the supervisors then;
     * `escalation` is whom the rung names.
     */
    to: z.enum(['applicant', 'reviewer', 'assignee', 'escalation']),
    sms: text.optional(),
    app: appText.optional(),
    email: z.strictObject({ subject: text, text }).optional(),
  })
  .refine(({ sms, app, email }) => sms || app || email, 'needs at least one of sms, app, email')
  .refine(({ to, app }) => to === 'applicant' || !app, { path: ['app'], message: 'staff have no APP inbox' })
  .refine(({ to, email }) => to !== 'applicant' || !email, {
    path: ['email'],
    message: 'applicants have no e-mail address',
  });
