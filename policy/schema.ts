import { z } from 'zod';
import { isIsoDate } from '../domain/dates.ts';
import { noticeKinds } from '../domain/notices.ts';
import { notifiedEvents } from '../domain/notifications/events.ts';
import { materialKinds, refusalReasons, roles } from '../domain/vocabulary.ts';

const date = z.string().refine(isIsoDate, 'must be a date YYYY-MM-DD');
const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time HH:MM');
const count = z.number().int().positive();
const descending = z
  .array(count)
  .refine((days) => days.every((day, i) => i === 0 || day < (days[i - 1] as number)), 'must go down, each number once');
const window = z.strictObject({ days: count.max(365), reminders: descending });

const rung = z.strictObject({ afterWorkingDays: z.number().int().min(0), notify: z.enum(['supervisor', 'director']) });
const clocks = z.strictObject({
  workingDays: count.max(250),
  closesAt: time,
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

/** A day that every year has, `MM-DD`; most years have no 29 February. */
const monthDay = z.string().refine((text) => isIsoDate(`2023-${text}`), 'must be a day MM-DD of every year');
const calendar = z.strictObject({
  /** Days off that the city adds to the statutory ones, for years that are only estimated. */
  localDaysOff: z.array(z.strictObject({ on: monthDay, name: z.string().min(1) })).superRefine(unique('on')),
  /** How many open cases a second hear of a changed calendar. */
  signalsPerSecond: count.max(500),
});

const ratio = z
  .tuple([z.number(), z.number()])
  .refine(([from, to]) => 0 < from && from <= to && to <= 100, 'must be 0–100, from ≤ to');
const benefit = z.strictObject({
  deductible: z.number().min(0),
  ratio,
  /** By age, from so many full years on. */
  byAge: z
    .array(z.strictObject({ from: z.number().int().min(0), ratio }))
    .min(1)
    .refine((bands) => bands.every(({ from }, i) => i === 0 || from > (bands[i - 1]?.from ?? 0)), 'must go up by age')
    .optional(),
  /** By contribution tier (缴费档次). */
  byTier: z.record(z.string(), ratio).optional(),
  note: z.string(),
});

/** What a text that leaves the house may say, by type: of the person only the surname and the number's end. */
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
/** What the reasons for not accepting an application may say: the numbers of a renewal. */
const refusalText = template(['opensDaysBefore', 'closesDaysAfter']);

function template(parameters: readonly string[]) {
  return z
    .string()
    .min(1)
    .superRefine((value, context) => {
      for (const [, name] of value.matchAll(/\{([^{}]*)\}/g)) {
        if (!parameters.includes(name as string)) {
          context.addIssue({
            code: 'custom',
            message: `unknown parameter {${name}}; there are ${parameters.join(', ')}`,
          });
        }
      }
    });
}

/** Providers of 短信 that this service can speak to. */
export const smsProviders = ['twilio', 'aliyun'] as const;
export type SmsProviderName = (typeof smsProviders)[number];
const templateCode = z.string().regex(/^SMS_\w{1,60}$/);

/** How notifications are sent, and what is done where one doesn't arrive. */
const notifying = z.strictObject({
  /** 短信 leave only then, on working days, unless the notification says `anyTime`. */
  sendingHours: z
    .strictObject({ from: time, to: time })
    .refine(({ from, to }) => from < to, 'must end after it begins'),
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
    /** For all cases that an account filed online, on a Shanghai day. */
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
});

const notification = z
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

const disease = z.strictObject({
  code: z.string().regex(/^M\d{5}$/),
  name: z.string().min(1),
  photo: z.boolean(),
  /** Two reviewers have to approve (双人复核). */
  fourEyes: z.boolean().default(false),
  /** No deductible for it (免起付线). */
  noDeductible: z.boolean().default(false),
  /** Months that an accreditation lasts before the disease is reviewed again (定期复审); null where it doesn't end. */
  validMonths: count.nullable().default(null),
  /** Not approved before the originals were seen at the window (线下核验). */
  verification: z.boolean().default(false),
});

const kinds = z.array(z.enum(materialKinds)).min(1);

const refusals = z.record(z.enum(refusalReasons), z.strictObject({ reason: refusalText, remedy: refusalText }));

const remedy = (...parameters: string[]) => z.strictObject({ name: z.string().min(1), detail: template(parameters) });
const remedies = z.strictObject({
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

/** What a notice's words may say beside its lists; it goes to the person only. */
const caseNoticeText = template([
  'acceptanceNumber',
  'disease',
  'type',
  'submittedOn',
  'acceptedOn',
  'workingDays',
  'dueOn',
  'windowEndsOn',
  'left',
  'reason',
  'hotline',
  'place',
  'hours',
]);
const revocationText = template(['accreditationId', 'disease', 'reason', 'revokedOn', 'hotline', 'place', 'hours']);
const caseNotice = notice({
  text: caseNoticeText,
  items: z.enum(['materials', 'problems', 'refusals', 'remedies']).optional(),
  when: z.enum(['provisional', 'clockStopped', 'clockRuns']).optional(),
});
const notices = z
  .strictObject({
    office: z.string().min(1),
    acceptance: caseNotice,
    refusal: caseNotice,
    supplement: caseNotice,
    rejection: caseNotice,
    revocation: notice({ text: revocationText, items: z.enum(['remedies']).optional() }),
  })
  .superRefine((byKind, context) => {
    // Numbers run per kind, so two kinds with one prefix would give a number twice.
    for (const [index, kind] of noticeKinds.entries()) {
      if (noticeKinds.findIndex((other) => byKind[other].prefix === byKind[kind].prefix) === index) continue;
      const message = `${byKind[kind].prefix} stands twice`;
      context.addIssue({ code: 'custom', path: [kind, 'prefix'], message });
    }
  });

function notice<Section extends z.ZodRawShape>(section: Section) {
  return z.strictObject({
    /** Of the document number (文号). */
    prefix: z.string().min(1),
    title: z.string().min(1),
    sections: z.array(z.strictObject(section)).min(1),
  });
}

const staff = z.strictObject({
  id: z.string().regex(/^[\w.-]{1,64}$/),
  roles: z.array(z.enum(roles).exclude(['applicant'])).min(1),
  email: z.email(),
  phone: z.string().regex(/^\+\d{8,15}$/, 'must be E.164, e.g. +8613900000000'),
});

/** A city's policy file, value by value; how they go together is checked in `checks/`. */
export const policySchema = z.strictObject({
  version: z.string().min(1),
  effectiveFrom: date,
  city: z.strictObject({
    name: z.string().min(1),
    region: z.string().regex(/^\d{6}$/),
    hotline: z.string().min(1),
  }),
  clocks,
  /** Where the applicant comes with the originals (线下核验), and what to bring. */
  window: z.strictObject({ place: z.string().min(1), bring: z.string().min(1) }),
  /** When the window (线下窗口) is open, on working days. */
  officeHours: z
    .array(z.strictObject({ from: time, to: time }).refine(({ from, to }) => from < to, 'must end after it begins'))
    .min(1),
  calendar,
  materials: z.strictObject({
    /** What each type of application (申请类型) asks for; card, voucher and photo under the guide's conditions. */
    asked: z.strictObject({ new: kinds, renewal: kinds, changeInstitution: kinds }),
    minimumHospitalLevel: z.number().int().min(1).max(3),
    recordMonths: count,
    names: z.record(z.enum(materialKinds), z.string().min(1)),
    maximumFileMegabytes: count.max(50),
  }),
  /** Below this age people apply through a guardian (监护人), as students do. */
  guardianUnder: count,
  /** Days before its end at which people are reminded to renew, and after the decision by when it has to begin. */
  accreditation: z.strictObject({ reminders: descending, startsWithinDays: z.number().int().min(0) }),
  /** When a renewal (续期) is possible: calendar days before and after the end of the accreditation. */
  renewal: z.strictObject({ opensDaysBefore: count, closesDaysAfter: z.number().int().min(0) }),
  /** Why an application isn't accepted (不予受理), and what the person can do. */
  refusals,
  /** Reasons for a rejection (不予认定) to choose from, by code. */
  rejectionGrounds: z.record(z.string().regex(/^\w{1,64}$/), z.string().min(1)),
  /** The ways that remain (救济途径) after a refusal, a rejection or a revocation. */
  remedies,
  /** What people get on paper (告知书), and who issues it. */
  notices,
  /** The most parts that a 短信 may be split into, each of which is paid for. */
  texts: z.strictObject({ maximumSmsParts: count }),
  catalogue: z.array(disease).min(1).superRefine(unique('code')),
  benefit: z.strictObject({ employee: benefit, resident: benefit, flexible: benefit, note: z.string() }),
  staff: z.array(staff).min(1).superRefine(unique('id')),
  notifying,
  notifications: z.array(notification),
});

function unique<Key extends string>(key: Key) {
  return (items: Record<Key, string>[], context: z.RefinementCtx) => {
    for (const [index, item] of items.entries()) {
      const first = items.findIndex((other) => other[key] === item[key]);
      if (first < index) context.addIssue({ code: 'custom', path: [index, key], message: `${item[key]} stands twice` });
    }
  };
}

export type Policy = z.infer<typeof policySchema>;
export type Notification = Policy['notifications'][number];
export type StaffRole = Policy['staff'][number]['roles'][number];
