import { z } from 'zod';
import { callOutcomes, messageStates } from '../store/types.ts';

/** What the routes answer about messages, calls and phones, for /openapi.json. Instants are UTC. */
const instant = z.string().openapi({ format: 'date-time' });

/** Calls that reached nobody. */
const callTries = z.array(z.object({ at: instant, by: z.string(), note: z.string().optional() }));

/** What became of each message about a case or an accreditation. */
export const messagesAnswer = z.array(
  z.object({
    id: z.string(),
    purpose: z.string(),
    channel: z.enum(['sms', 'email', 'app']),
    recipient: z.string(),
    body: z.string(),
    state: z.enum(messageStates),
    createdAt: instant,
    leavesAt: instant,
    settledAt: instant.nullable(),
    failure: z.string().nullable(),
    carriedBy: z.string().nullable().openapi({ description: 'The message that says it together with others' }),
    attempts: z.array(
      z.object({
        provider: z.string(),
        startedAt: instant,
        outcome: z.string().nullable().openapi({ description: 'Null while nobody knows' }),
        receipt: z.string().nullable(),
      }),
    ),
    steps: z.array(z.object({ step: z.string(), at: instant })),
    call: z
      .object({
        since: instant,
        tries: callTries,
        outcome: z.enum(callOutcomes).nullable(),
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
      purpose: z.string(),
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
      purpose: z.string(),
      body: z.string(),
      createdAt: instant,
    }),
  ),
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
