import type { EntryDetail } from '../../domain/cases/timeline.ts';
import { refusalReasons } from '../../domain/vocabulary.ts';
import { date, instant } from '../http/answers.ts';
import { z } from '../http/zod.ts';
import { documentSeenSchema } from '../people/requests.ts';

const kind = z.string().openapi({ example: 'photo' });
const move = z.object({ from: date, to: date }).optional();
const staffOnly = (description = '') => ({ description: `${description} Staff only`.trim() });

/** What an entry of a case's timeline says beyond its kind: those that the kind has. */
const recorded = {
  reason: z.string(),
  grounds: z.array(z.string()).openapi({ description: "Codes of the catalogue's list of reasons", example: [] }),
  reasons: z.array(z.enum(refusalReasons)).openapi({ description: 'Why it is not accepted (不予受理)' }),
  items: z.array(z.object({ kind, problem: z.string().openapi({ example: '复印件看不清' }) })),
  kinds: z.array(kind),
  materials: z.array(
    z.object({
      kind,
      fileIds: z.array(z.string()).optional().openapi({ description: 'Not for an agent' }),
      issuedOn: date.optional(),
      originalSeen: z.boolean().optional(),
    }),
  ),
  documentSeen: documentSeenSchema,
  ticketTakenAt: instant.openapi({ description: 'When a ticket was taken at the window, where it had closed' }),
  to: z.string().nullable().openapi({ description: 'Who is put in charge, or hears of it; null: given back' }),
  passed: z.boolean(),
  level: z.number().openapi({ description: 'Of the escalation' }),
  left: z.number().openapi({ description: 'Days' }),
  validFrom: date,
  validUntil: date,
  accreditationId: z.string(),
  version: z.number().openapi({ description: 'Of the calendar' }),
  moves: z
    .object({ dueOn: move, windowEndsOn: move })
    .openapi({ description: 'What the calendar did to the dates that its people were told' }),
  note: z.string().openapi(staffOnly()),
  late: z.boolean().openapi(staffOnly('The first request came too late (一次性告知).')),
  belatedReason: z.string().openapi(staffOnly()),
  form: z.string().openapi(staffOnly('Id of the corrected form.')),
  authority: z.enum(['supervisor']).openapi(staffOnly()),
  message: z.string().openapi(staffOnly('Of a message that changed nothing: its name.')),
  fields: z.array(z.string()).openapi(staffOnly('Of such a message: what is malformed.')),
  objection: z.string().openapi(staffOnly('Of such a message: what speaks against its sender.')),
} satisfies Record<keyof EntryDetail, z.ZodType>;

/** An entry's detail as it is shown: what was recorded, and what is said beside it or in its place. */
export const entryDetail = z
  .object({
    ...recorded,
    groundNames: z.array(z.string()).openapi({ description: 'The `grounds` in words', example: [] }),
    toldTo: z.enum(['applicant']).openapi({ description: 'To an agent: who is told the reasons in their place' }),
    advice: z.string().openapi({
      description: 'To an agent: where the applicant learns the reasons',
      example: '可由本人登录申请渠道查看“我的申请”和 APP 消息。',
    }),
  })
  .partial();
export type ShownDetail = z.infer<typeof entryDetail>;
