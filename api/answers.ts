import { accreditationStatuses } from '../domain/accreditations/state.ts';
import { insuredTypes } from '../domain/cases/eligibility.ts';
import { materialKinds } from '../domain/cases/materials.ts';
import { applicationTypes, channels, statuses } from '../domain/cases/state.ts';
import { noticeKinds } from '../domain/notices.ts';
import { z } from './http/zod.ts';
import { messagesAnswer } from './notifications/answers.ts';

/** What the routes answer, for /openapi.json and for those who read it. Dates are Shanghai dates, instants UTC. */
const date = z.string().openapi({ format: 'date' });
const instant = z.string().openapi({ format: 'date-time' });
const kind = z.enum(materialKinds);

const timelineEntry = z.object({
  sequence: z.number(),
  at: instant,
  kind: z.string(),
  kindName: z.string(),
  round: z.number(),
  status: z.enum(statuses),
  detail: z.record(z.string(), z.unknown()),
  by: z.string().optional().openapi({ description: 'Staff only' }),
  via: z
    .enum(['api', 'signal', 'system'])
    .optional()
    .openapi({ description: 'Staff only; by a signal, `by` is only claimed' }),
});

export const fileAnswer = z
  .object({ fileId: z.string(), sha256: z.string(), contentType: z.string(), size: z.number() })
  .openapi('File');

const staffView = z.object({
  policyVersion: z.string().openapi({ description: 'Which it was accepted under' }),
  assignee: z.string().nullable(),
  escalationLevel: z.number(),
  applicant: z.object({
    name: z.string(),
    idNumber: z.string(),
    phone: z.string().openapi({ description: 'In full for clerks and for the assignee, for others 138****8001' }),
  }),
  agent: z.unknown().optional(),
  signature: z.unknown(),
  insured: z.unknown().openapi({ description: 'What the insurance core says of the applicant' }),
  form: z.unknown(),
  formVersions: z.array(z.unknown()).openapi({
    description: 'Every form that was ever in force, once a resubmission has corrected it or a new phone was confirmed',
  }),
  materials: z.array(
    z.object({ kind, issuedOn: date.nullable(), originalSeen: z.boolean(), files: z.array(fileAnswer) }),
  ),
  findings: z.array(
    z.object({
      kind: kind.optional().openapi({ description: 'Of the material, where it is about one' }),
      reason: z.string(),
      detail: z.string(),
    }),
  ),
  messages: messagesAnswer,
});

const remedies = z
  .array(z.object({ way: z.string(), name: z.string(), detail: z.string() }))
  .openapi({ description: 'The ways that remain once it is refused, rejected or revoked; empty until then' });

export const progressAnswer = z
  .object({
    acceptanceNumber: z.string(),
    type: z.enum(applicationTypes),
    channel: z.enum(channels),
    diseaseCode: z.string(),
    diseaseName: z.string(),
    status: z.enum(statuses),
    statusName: z.string(),
    round: z.number(),
    submittedAt: instant,
    acceptedOn: date,
    dueOn: date.nullable().openapi({ description: 'Null while the clock stands still' }),
    provisional: z.boolean(),
    overdue: z.boolean(),
    workingDaysLeft: z.number().nullable().openapi({ description: 'While the clock stands still' }),
    awaiting: z
      .object({
        what: z.string(),
        kinds: z.array(kind).optional(),
        until: date.optional(),
        appealUntil: date.optional(),
      })
      .nullable(),
    remedies,
    window: z
      .object({ place: z.string(), bring: z.string(), hours: z.string() })
      .optional()
      .openapi({ description: 'Where, on working days, the originals are to be shown, while that is awaited' }),
    phone: z.string().optional().openapi({
      example: '139****9009',
      description: "The applicant's own view only: where 短信 about the case go, masked",
    }),
    timeline: z.array(timelineEntry),
    ...staffView.partial().shape,
  })
  .openapi('Progress');

/** A case without what happened to it, and what can be done about that. */
export const summaryAnswer = progressAnswer.omit({ remedies: true, phone: true, timeline: true }).openapi('Summary');

export const noticesAnswer = z.object({
  items: z.array(
    z.object({
      noticeId: z.string(),
      kind: z.enum(noticeKinds),
      title: z.string(),
      documentNumber: z.string().openapi({ description: '文号' }),
      issuedOn: date,
    }),
  ),
});

const worklistItem = summaryAnswer.extend({
  applicantName: z.string(),
  assignee: z.string().nullable(),
  escalationLevel: z.number(),
});

export const worklistAnswer = z.object({
  items: z.array(worklistItem),
  nextCursor: z.string().nullable(),
});

export const listAnswer = z.object({
  items: z.array(summaryAnswer),
  nextCursor: z.string().nullable(),
});

/** What was granted, until when, and what it pays. */
export const accreditationSummaryAnswer = z
  .object({
    accreditationId: z.string(),
    diseaseCode: z.string(),
    diseaseName: z.string(),
    insuredType: z.enum(insuredTypes),
    institution: z.string().nullable(),
    status: z.enum(accreditationStatuses),
    statusName: z.string(),
    validFrom: date,
    validUntil: date.nullable().openapi({ description: 'Null where it does not end' }),
    registrationNumber: z.string().nullable().openapi({ description: "The insurance core's" }),
    source: z.enum(['application', 'core', 'import']),
    renewal: z.string().nullable().openapi({ description: 'Acceptance number of the renewal being decided' }),
    benefit: z.object({
      deductible: z.number().openapi({ description: 'Yuan a year' }),
      ratio: z.array(z.number()).openapi({ description: 'Percent, from and to' }),
      note: z.string(),
    }),
  })
  .openapi('AccreditationSummary');

export const accreditationAnswer = accreditationSummaryAnswer
  .extend({
    applicant: z.unknown().optional().openapi({ description: 'Staff only' }),
    messages: messagesAnswer.optional().openapi({ description: 'Staff only' }),
    remedies,
    timeline: z.array(
      z.object({
        sequence: z.number(),
        at: instant,
        kind: z.string(),
        kindName: z.string(),
        status: z.enum(accreditationStatuses),
        detail: z.record(z.string(), z.unknown()),
        by: z.string().optional().openapi({ description: 'Staff only' }),
        via: z.string().optional().openapi({ description: 'Staff only' }),
      }),
    ),
  })
  .openapi('Accreditation');

export const accreditationListAnswer = z.object({
  items: z.array(accreditationSummaryAnswer),
  nextCursor: z.string().nullable(),
});

/** What one person applied for, and what they were granted. */
export const personAnswer = z.object({
  applications: z.array(worklistItem),
  accreditations: z.array(accreditationSummaryAnswer.extend({ applicantName: z.string() })),
});

/** Somebody of the staff, and their absence where one was entered that is not over. */
export const staffAnswer = z
  .object({
    id: z.string(),
    roles: z.array(z.string()),
    openCases: z.number().openapi({ description: 'Cases they are in charge of' }),
    absence: z
      .object({
        from: date,
        until: date,
        to: z.string().openapi({ description: 'Who takes over' }),
        enteredBy: z.string(),
        workflowId: z.string().openapi({ description: 'Of the workflow that hands the cases over' }),
        handover: z
          .object({
            handedOver: z.number(),
            left: z
              .array(z.object({ acceptanceNumber: z.string(), objection: z.string(), detail: z.string() }))
              .openapi({ description: 'Cases for a supervisor to give to somebody else' }),
          })
          .nullable()
          .openapi({ description: 'Null until the cases were handed over' }),
      })
      .nullable(),
  })
  .openapi('Staff');

export const staffListAnswer = z.object({ items: z.array(staffAnswer) });

const pause = z.object({ from: date, to: date.nullable() });
const explainedDay = z.object({
  date,
  counted: z.boolean(),
  rule: z.enum(['dayOfAcceptance', 'workingDay', 'makeUpDay', 'weekend', 'holiday', 'clockStopped']),
  ruleName: z.string(),
  name: z.string().optional().openapi({ description: 'Of the holiday' }),
  notice: z.string().optional().openapi({ description: 'The paper that decides the day' }),
  pause: pause.optional().openapi({ description: 'The clock stood still after `from`, up to and including `to`' }),
});

/** A due date with its reasons; `acceptanceNumber` where it is a case's. */
export const explanationAnswer = z
  .object({
    acceptanceNumber: z.string().optional(),
    acceptedOn: date,
    workingDays: z.number(),
    pauses: z.array(pause),
    calendarVersion: z.number(),
    dueOn: date.nullable().openapi({ description: 'Null while the clock stands still' }),
    provisional: z.boolean(),
    workingDaysLeft: z.number().nullable().openapi({ description: 'While the clock stands still' }),
    days: z.array(explainedDay),
    digest: z.string().openapi({
      description:
        'SHA-256 in hex of this answer without `digest`, as JSON with sorted keys and no white space in UTF-8 (RFC 8785)',
    }),
  })
  .openapi('Explanation');

export const dueDateAnswer = z
  .object({ dueOn: date, provisional: z.boolean() })
  .extend(explanationAnswer.omit({ dueOn: true, provisional: true, acceptanceNumber: true }).partial().shape);

const days = z.record(date, z.string());
const publishedArrangement = z.object({
  version: z
    .number()
    .openapi({ description: 'Of the calendar that brought it; 0 for what was changed before this system' }),
  daysOff: days,
  makeUpDays: days,
  notice: z.string().nullable(),
  publishedOn: date.nullable(),
  enteredBy: z.string(),
  enteredAt: instant,
});

/** A year's days off, and all that was ever published for it. */
export const arrangementAnswer = z.object({
  year: z.number(),
  basis: z.enum(['published', 'estimated']),
  calendarVersion: z.number().openapi({ description: 'Of the whole calendar, now' }),
  daysOff: days,
  makeUpDays: days,
  notice: z.string().nullable(),
  publishedOn: date.nullable(),
  history: z.array(publishedArrangement),
});

const move = z.object({ from: date, to: date });
/** What a publication moves, or would move. */
export const publicationAnswer = z.object({
  year: z.number(),
  calendarVersion: z.number().openapi({ description: 'Of the calendar in force' }),
  earlier: z.number().openapi({ description: 'Cases of which a date comes earlier' }),
  later: z.number(),
  datesUnchanged: z
    .number()
    .openapi({ description: 'Cases of which only a reminder moves, or the date is no longer provisional' }),
  cases: z.array(
    z.object({
      acceptanceNumber: z.string(),
      status: z.enum(statuses),
      dueOn: move.optional(),
      windowEndsOn: move.optional().openapi({ description: "Last day of the applicant's window" }),
    }),
  ),
  workflowId: z.string().optional().openapi({ description: 'Of the workflow that tells the cases' }),
});

export const catalogueAnswer = z.object({
  policyVersion: z.string(),
  city: z.string(),
  officeHours: z
    .array(z.object({ from: z.string(), to: z.string() }))
    .openapi({ description: 'Of the window, on working days' }),
  diseases: z.array(
    z.object({
      code: z.string(),
      name: z.string(),
      noDeductible: z.boolean().openapi({ description: '免起付线' }),
      validMonths: z
        .number()
        .nullable()
        .openapi({ description: 'Until it has to be renewed; null where it does not end' }),
      verification: z.boolean().openapi({ description: 'The originals have to be seen at the window' }),
      materials: z.record(
        z.enum(applicationTypes),
        z.array(z.object({ kinds: z.array(kind), name: z.string(), when: z.string() })),
      ),
    }),
  ),
  benefit: z.unknown(),
  rejectionGrounds: z.record(z.string(), z.string()).openapi({ description: 'Reasons to choose from, by code' }),
});
