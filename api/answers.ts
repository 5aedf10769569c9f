import { z } from 'zod';
import { applicationTypes, channels, statuses } from '../domain/application.ts';
import { materialKinds } from '../domain/materials.ts';

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
  assignee: z.string().nullable(),
  escalationLevel: z.number(),
  applicant: z.object({ name: z.string(), idNumber: z.string(), phone: z.string() }),
  agent: z.unknown().optional(),
  signature: z.unknown(),
  form: z.unknown(),
  materials: z.array(z.object({ kind, issuedOn: date.nullable(), files: z.array(fileAnswer) })),
  findings: z.array(z.object({ kind, code: z.string(), detail: z.string() })),
  messages: z.array(z.unknown()),
});

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
    awaiting: z.object({ what: z.string(), kinds: z.array(kind).optional(), until: date.optional() }).nullable(),
    timeline: z.array(timelineEntry),
    ...staffView.partial().shape,
  })
  .openapi('Progress');

/** A case without what happened to it. */
export const summaryAnswer = progressAnswer.omit({ timeline: true }).openapi('Summary');

export const worklistAnswer = z.object({
  items: z.array(
    summaryAnswer.extend({ applicantName: z.string(), assignee: z.string().nullable(), escalationLevel: z.number() }),
  ),
  nextCursor: z.string().nullable(),
});

export const listAnswer = z.object({
  items: z.array(summaryAnswer),
  nextCursor: z.string().nullable(),
});

export const inboxAnswer = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      acceptanceNumber: z.string(),
      purpose: z.string(),
      body: z.string(),
      createdAt: instant,
    }),
  ),
});

export const dueDateAnswer = z.object({
  dueOn: date,
  provisional: z.boolean(),
  days: z
    .array(
      z.object({
        date,
        counted: z.boolean(),
        rule: z.enum(['dayOfAcceptance', 'workingDay', 'makeUpDay', 'weekend', 'holiday', 'clockStopped']),
        name: z.string().optional(),
        notice: z.string().optional(),
      }),
    )
    .optional(),
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
      materials: z.object({
        new: z.array(z.object({ kinds: z.array(kind), name: z.string(), when: z.string() })),
      }),
    }),
  ),
  benefit: z.unknown(),
});
