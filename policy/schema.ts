import { z } from 'zod';
import { isIsoDate } from '../domain/dates.ts';
import { officeRoles } from '../domain/staff/roles.ts';
import { materialKinds } from '../domain/vocabulary.ts';
import { asked, clocks, refusals, remedies } from './cases/schema.ts';
import { notices } from './notices/schema.ts';
import { notification, notifying } from './notifications/schema.ts';
import { retention } from './retention/schema.ts';
import { count, date, descending, time, unique } from './values.ts';

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

const amount = z.strictObject({ files: count, megabytes: count });
/** How much an account may upload in a day, and have uploaded at a time without having handed it in. */
const quota = z.strictObject({ daily: amount, unused: amount });

const staff = z.strictObject({
  id: z.string().regex(/^[\w.-]{1,64}$/),
  roles: z.array(z.enum(officeRoles)).min(1),
  email: z.email(),
  phone: z.string().regex(/^\+\d{8,15}$/, 'must be E.164, e.g. +8613900000000'),
});

/** No policy can allow a larger file. */
export const MOST_FILE_MEGABYTES = 50;

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
    maximumFileMegabytes: count.max(MOST_FILE_MEGABYTES),
    /** Width × height of an image, in millions; to be decoded, it takes up to four bytes a pixel. */
    maximumMegapixels: count.max(200),
    uploads: z.strictObject({
      applicant: quota,
      /** At the window, for everybody who comes. */
      clerk: quota,
      /** Calendar days after which a file that nobody has handed in is deleted. */
      unusedDays: count,
    }),
  }),
  /** Separation of duties (回避): who recorded a verification (线下核验) may not decide alone. */
  duties: z.strictObject({ verifierApart: z.boolean() }),
  /** Below this age people apply through a guardian (监护人), as students do. */
  guardianUnder: count,
  /** How many calendar days before it comes in a form may be signed (签名). */
  signatureDays: count,
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
  /** What is asked of an applicant, in words (`policy/cases/asked.ts`). */
  asked,
  /** What people get on paper (告知书), and who issues it. */
  notices,
  /** The most parts that a 短信 may be split into, each of which is paid for. */
  texts: z.strictObject({ maximumSmsParts: count }),
  catalogue: z.array(disease).min(1).superRefine(unique('code')),
  benefit: z.strictObject({ employee: benefit, resident: benefit, flexible: benefit, note: z.string() }),
  staff: z.array(staff).min(1).superRefine(unique('id')),
  /**
   * How often somebody may do something, on a Shanghai day unless it says otherwise. What a clerk does at the window is
   * many people's, so it only counts for the clerk (`atWindow`).
   */
  limits: z.strictObject({
    filings: z.strictObject({ perAccount: count, perPerson: count, perPhone: count, atWindow: count }),
    uploads: z.strictObject({ perAccount: count, atWindow: count }),
    /** Of a person by their ID number, for each member of staff. */
    lookups: z.strictObject({ perHour: count, perDay: count }),
  }),
  notifying,
  notifications: z.array(notification),
  /** How long what is held about people is kept (保存期限). */
  retention,
});

export type Policy = z.infer<typeof policySchema>;
export type Notification = Policy['notifications'][number];
export type StaffRole = Policy['staff'][number]['roles'][number];
