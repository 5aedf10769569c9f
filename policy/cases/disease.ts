import { z } from 'zod';
import {
  diseaseClasses,
  insuredTypes,
  isMaterialKind,
  MOST_OWN_KINDS,
  materialConditions,
} from '../../domain/vocabulary.ts';
import { count, ratio, unique } from '../values.ts';

const kind = z.string().refine(isMaterialKind, 'must be a kind of material, such as medicalRecord');
export const kinds = z.array(kind).min(1);

/** What each type of application (申请类型) asks for; card, voucher and photo under the guide's conditions. */
export const askedKinds = z.strictObject({ new: kinds, renewal: kinds, changeInstitution: kinds });

/** Kinds of material that the city adds to those of the guide, by an id that tells of no disease. */
export const ownKinds = z
  .record(
    kind,
    z.strictObject({
      name: z.string().min(1),
      /** What the applicant is told of it: what it has to show, where it is got. */
      hint: z.string().min(1).optional(),
      /** Asked for only then; always, where it isn't given. */
      when: z.enum(materialConditions).optional(),
    }),
  )
  .refine((own) => Object.keys(own).length <= MOST_OWN_KINDS, `must be ${MOST_OWN_KINDS} at most`);

/** Hospitals that a disease may name as those whose diagnosis counts (认定医院). */
export const hospitals = z
  .array(z.strictObject({ code: z.string().min(1).max(50), name: z.string().min(1).max(100) }))
  .superRefine(unique('code'));

/** What is paid for one disease to one kind of insured people, where that isn't what they get for all. */
const ownBenefit = z
  .strictObject({
    /** The most that is paid in a year (年度支付限额), yuan. */
    limit: z.number().positive().optional(),
    /** Percentages, from–to, whatever the age or the tier. */
    ratio: ratio.optional(),
  })
  .refine(({ limit, ratio }) => limit !== undefined || ratio !== undefined, 'must give a limit or a ratio');

/** A disease of the catalogue; what it doesn't say is as the policy has it for all. */
export const disease = z.strictObject({
  /** As the insurance core knows it: up to 30 characters (opsp_dise_code), also of 两病. */
  code: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,29}$/, 'must be 1–30 letters, digits, dots, hyphens'),
  name: z.string().min(1),
  photo: z.boolean(),
  /** Ⅰ类, Ⅱ类. */
  class: z.enum(diseaseClasses).optional(),
  /** Two reviewers have to approve (双人复核). */
  fourEyes: z.boolean().default(false),
  /** No deductible for it (免起付线). */
  noDeductible: z.boolean().default(false),
  /** Months that an accreditation lasts before the disease is reviewed again (定期复审); null where it doesn't end. */
  validMonths: count.nullable().default(null),
  /** Not approved before the originals were seen at the window (线下核验). */
  verification: z.boolean().default(false),
  /** Working days for the decision. */
  workingDays: count.max(250).optional(),
  recordMonths: count.optional(),
  hospitalLevel: z.number().int().min(1).max(3).optional(),
  /** Codes of the only hospitals whose diagnosis counts. */
  hospitals: z.array(z.string()).min(1).optional(),
  /** What a type of application asks for, in the place of `materials.asked`. */
  materials: askedKinds.partial().optional(),
  /** The only kinds of insured people whom it is for. */
  insuredTypes: z.array(z.enum(insuredTypes)).min(1).optional(),
  benefit: z.partialRecord(z.enum(insuredTypes), ownBenefit).optional(),
  /** How many designated institutions (定点医疗机构) a person may have for it. */
  institutions: z.number().int().min(1).max(3).optional(),
});
