import { z } from 'zod';
import { type MessageName, malformedFields } from '../../domain/cases/messages.ts';
import { isIsoDate, shanghaiInstant } from '../../domain/dates.ts';
import { channels } from '../../domain/vocabulary.ts';
import { publishedYears, supersededArrangements } from '../../policy/calendar/arrangements.ts';

const date = z.string().refine(isIsoDate, 'must be a date YYYY-MM-DD');
const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time HH:MM');
const days = z.record(date, z.string().min(1));
const finalYear = z
  .int()
  .refine((year) => publishedYears().includes(year), 'must be a year with a published arrangement');
const supersededYear = z
  .string()
  .refine(
    (year) => supersededArrangements().some((arrangement) => String(arrangement.year) === year),
    'was never changed',
  );

/** The messages that a scenario may send, and who sends each unless the step says otherwise. */
const senders = {
  approve: 'reviewer-1',
  reject: 'reviewer-1',
  requestMaterials: 'reviewer-1',
  requestVerification: 'reviewer-1',
  recordVerification: 'clerk-1',
  releaseClaims: 'supervisor-1',
  assign: 'supervisor-1',
  resubmit: 'applicant-1',
  appeal: 'applicant-1',
  withdraw: 'applicant-1',
} satisfies Partial<Record<MessageName, string>>;
type SentName = keyof typeof senders;
const sentNames = Object.keys(senders) as SentName[];

const payload = z.looseObject({ by: z.string().optional() });
const step = z
  .strictObject({
    /** Either a date, or `workingDay`: so many working days after the acceptance, by the calendar in force then. */
    on: date.optional(),
    workingDay: z.int().positive().max(250).optional(),
    at: time.default('10:00'),
    ...(Object.fromEntries(sentNames.map((name) => [name, payload.optional()])) as Record<
      SentName,
      z.ZodOptional<typeof payload>
    >),
    publish: z
      .union([
        z.strictObject({ final: finalYear }),
        z.strictObject({ year: z.int(), daysOff: days, makeUpDays: days.default({}), circular: z.string().min(1) }),
      ])
      .optional(),
  })
  .superRefine((draft, context) => {
    if ((draft.on === undefined) === (draft.workingDay === undefined)) {
      context.addIssue({ code: 'custom', message: 'needs either `on` or `workingDay`' });
    }
    const done = [...sentNames, 'publish' as const].filter((name) => draft[name] !== undefined);
    if (done.length !== 1) {
      context.addIssue({ code: 'custom', message: `needs one of ${sentNames.join(', ')}, publish` });
    }
    for (const name of sentNames.filter((sent) => draft[sent] !== undefined)) {
      for (const field of malformedFields(name, { by: senders[name], ...draft[name] })) {
        context.addIssue({ code: 'custom', path: [name, field], message: 'is missing or malformed' });
      }
    }
  })
  .transform(({ on, workingDay, at, publish, ...sent }) => {
    const name = sentNames.find((sentName) => sent[sentName] !== undefined);
    const authority = name === 'assign' ? { authority: 'supervisor' as const } : {};
    const message = name && { name, payload: { by: senders[name], ...authority, ...sent[name] } };
    return { on, workingDay, at, publish, message };
  });

/** A scenario file: a submission, and what happens on which day. Dates and times are Shanghai's. */
export const scenarioSchema = z.strictObject({
  title: z.string().min(1),
  /** `YYYY-MM-DD HH:MM` */
  submittedAt: z
    .string()
    .refine((text) => isIsoDate(text.slice(0, 10)) && time.safeParse(text.slice(11)).success && text[10] === ' ', {
      message: 'must be a date and a time, YYYY-MM-DD HH:MM',
    })
    .transform((text) => shanghaiInstant(text.slice(0, 10), text.slice(11))),
  channel: z.enum(channels).default('scApp'),
  /** Years for which the scenario begins with the arrangement that was changed later. */
  inForce: z.record(supersededYear, z.literal('superseded')).default({}),
  steps: z.array(step).default([]),
});
export type Scenario = z.infer<typeof scenarioSchema>;
export type Step = Scenario['steps'][number];
