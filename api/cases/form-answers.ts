import { type InsuredPerson, insuranceStatuses } from '../../domain/cases/eligibility.ts';
import { insuredTypes } from '../../domain/vocabulary.ts';
import type { ApplicationForm } from '../../store/cases/tables.ts';
import { date, instant } from '../http/answers.ts';
import { z } from '../http/zod.ts';

const typed = <Field extends string>(...fields: Field[]) =>
  z
    .object(Object.fromEntries(fields.map((field) => [field, z.string()])) as Record<Field, z.ZodString>)
    .partial()
    .optional()
    .openapi({ description: 'What was typed, where it was understood otherwise' });

/** Somebody of whom staff see who they are. */
export const somebody = z.object({
  name: z.string().openapi({ example: '李娜' }),
  idNumber: z.string().openapi({ example: '510402198803152122' }),
  phone: z.string().openapi({
    description: 'In full for clerks and for the assignee, for others masked',
    example: '138****8001',
  }),
  typed: typed('name', 'idNumber', 'phone'),
});

const people = {
  applicant: somebody,
  agent: somebody.extend({ relation: z.string().openapi({ example: '母亲' }) }).optional(),
  signature: z.object({
    name: z.string().openapi({ example: '李娜' }),
    signedAt: z.string().openapi({ format: 'date-time', example: '2026-11-23T10:00:00+08:00' }),
    typed: typed('name'),
  }),
};

const form = z
  .object({
    insuredType: z.enum(insuredTypes),
    hospital: z.object({
      code: z.string().openapi({ example: 'H51040001' }),
      name: z.string().openapi({ example: '攀枝花市中心医院' }),
      level: z.number().openapi({ example: 3 }),
    }),
    diagnosis: z
      .object({
        doctor: z.object({ name: z.string().openapi({ example: '王芳' }), code: z.string().optional() }),
        diagnosedOn: date,
      })
      .optional(),
    hasElectronicVoucher: z.boolean(),
    student: z.boolean().optional(),
    residesElsewhere: z.boolean().optional(),
    crossRegionFilingNumber: z.string().optional(),
    designatedInstitution: z.string().optional().openapi({ example: '攀枝花市中心医院' }),
    furtherInstitutions: z.array(z.string()).optional(),
    accreditationId: z.string().optional().openapi({ description: 'Of the accreditation that is renewed or changed' }),
    ticketTakenAt: instant
      .optional()
      .openapi({ description: 'When a ticket was taken at the window, where it had closed' }),
  } satisfies Record<keyof ApplicationForm, z.ZodType>)
  .openapi({ description: 'The part of the form that names no person' });

const insured = z
  .object({
    status: z.enum(insuranceStatuses),
    arrears: z.boolean().openapi({ description: 'Contributions are owed (欠费)' }),
    insuredType: z.enum(insuredTypes),
    region: z.string().openapi({ example: '510402' }),
    tier: z.string().optional().openapi({ description: 'Contribution tier (缴费档次) of a resident' }),
  } satisfies Record<keyof InsuredPerson, z.ZodType>)
  .nullable()
  .openapi({ description: 'What the insurance core says of the applicant; null until it has answered' });

/** A case's form as staff see it, and every form that was in force before. */
export const formAnswers = {
  ...people,
  insured,
  form,
  formVersions: z
    .array(
      z.object({
        sequence: z.number().nullable().openapi({ description: 'Of the entry of the timeline that brought it' }),
        confirmedAt: instant.nullable().openapi({ description: 'When a new phone was confirmed' }),
        ...people,
        form,
      }),
    )
    .openapi({
      description:
        'Every form that was ever in force, once a resubmission has corrected it or a new phone was confirmed',
    }),
};
