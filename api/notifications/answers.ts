import { deliverySteps } from '../../domain/notifications/delivery.ts';
import { receiptStates } from '../../domain/notifications/receipts.ts';
import { attemptOutcomes, callOutcomes, messagePurposes, messageStates } from '../../store/notifications/tables.ts';
import { z } from '../http/zod.ts';

/** What the routes answer about messages, calls and phones, for /openapi.json. Instants are UTC. */
const instant = z.string().openapi({ format: 'date-time' });

const purpose = z.enum(messagePurposes).openapi({ description: 'What it tells' });

/** Calls that reached nobody. */
const callTries = z.array(z.object({ at: instant, by: z.string(), note: z.string().optional() }));

/** What became of each message about a case or an accreditation. */
export const messagesAnswer = z.array(
  z.object({
    id: z.string(),
    purpose,
    purposeName: z.string(),
    channel: z.enum(['sms', 'email', 'app']),
    recipient: z.string().openapi({
      description:
        '`applicant`, the id of one of the staff, or `newPhone` and `formerPhone`: the phone that the applicant confirms, and the one before',
    }),
    body: z.string(),
    state: z.enum(messageStates).openapi({
      description:
        '`sent`: a provider has taken it, and nobody knows yet whether it arrived; `delivered`: it arrived, or lies in the APP inbox; ' +
        '`overtaken`: something newer made it pointless before it was known to have arrived',
    }),
    stateName: z.string(),
    createdAt: instant,
    leaving: z.enum(['anyTime', 'sendingHours', 'collected', 'digest']).openapi({
      description:
        'When it may leave: at once; in the sending hours of working days; in those, at the end of its hour, with others to the same person; ' +
        'with the next daily digest to the staff',
    }),
    leavesAt: instant.nullable().openapi({ description: 'Not to be sent before; null where it leaves with a digest' }),
    settledAt: instant.nullable(),
    failure: z.string().nullable(),
    carriedBy: z.string().nullable().openapi({ description: 'The message that says it together with others' }),
    attempts: z.array(
      z.object({
        provider: z.string(),
        startedAt: instant,
        outcome: z
          .enum(attemptOutcomes)
          .nullable()
          .openapi({ description: 'Null while nobody knows; `notTaken`: the provider does not have it' }),
        outcomeName: z.string().nullable(),
        receipt: z.enum(receiptStates).nullable().openapi({ description: 'Null unless the provider has taken it' }),
        receiptName: z.string().nullable(),
      }),
    ),
    steps: z
      .array(z.object({ step: z.enum(deliverySteps), stepName: z.string(), at: instant }))
      .openapi({ description: 'Further ways that were tried after it had failed' }),
    call: z
      .object({
        since: instant,
        tries: callTries,
        outcome: z.enum(callOutcomes).nullable().openapi({ description: 'Null while it is to be made' }),
        outcomeName: z.string().nullable(),
        note: z.string().nullable(),
        doneAt: instant.nullable(),
        doneBy: z.string().nullable(),
      })
      .nullable()
      .openapi({ description: 'Nobody has to make an open one whose message is delivered or overtaken' }),
  }),
);

export const callsAnswer = z.object({
  items: z.array(
    z.object({
      id: z.string().openapi({ description: "The message's that didn't arrive" }),
      since: instant,
      acceptanceNumber: z.string().nullable(),
      accreditationId: z.string().nullable(),
      name: z.string(),
      phone: z.string().openapi({ description: 'In full for clerks; empty where nobody knows it' }),
      purpose,
      purposeName: z.string(),
      texts: z.array(z.string()).openapi({ description: 'What to say: what the 短信 said' }),
      tries: callTries,
    }),
  ),
  nextCursor: z.string().nullable(),
});

export const inboxAnswer = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      acceptanceNumber: z.string().nullable(),
      accreditationId: z.string().nullable().openapi({ description: 'Where it is about an accreditation' }),
      purpose,
      body: z.string(),
      createdAt: instant,
    }),
  ),
  nextCursor: z.string().nullable(),
});

/** Of what was sent to a new phone, and of what is in force: no more of a phone than tells it from others. */
export const phoneCodeAnswer = z.object({
  phone: z.string().openapi({ example: '139****9009' }),
  expiresAt: instant.openapi({ description: 'Until then the code can be given' }),
});
export const phoneAnswer = phoneCodeAnswer.pick({ phone: true }).extend({
  alsoChanged: z
    .array(z.string())
    .openapi({ description: "Acceptance numbers of the person's other cases whose phone changed with it" }),
});
