import { receiptNames, stepNames } from '../../domain/names.ts';
import { deliverySteps } from '../../domain/notifications/delivery.ts';
import { receiptStates } from '../../domain/notifications/receipts.ts';
import { callsAbout, type OpenCall } from '../../store/notifications/calls.ts';
import { attemptsOf } from '../../store/notifications/queries.ts';
import {
  type AttemptRow,
  attemptOutcomes,
  type CallRow,
  callOutcomes,
  type NotificationRow,
  notificationPurposes,
  notificationStates,
} from '../../store/notifications/tables.ts';
import type { Store } from '../../store/open.ts';
import { instant } from '../http/answers.ts';
import type { User } from '../http/auth.ts';
import { pageAnswer } from '../http/paging.ts';
import { z } from '../http/zod.ts';
import { personFor } from '../people/phones.ts';
import { attemptOutcomeNames, callOutcomeNames, notificationStateNames, purposeNames } from './names.ts';

const purpose = z.enum(notificationPurposes).openapi({ description: 'What it tells' });

/** Attempts to call that reached nobody. */
const callTries = z.array(z.object({ at: instant, by: z.string(), note: z.string().optional() }));

/** What became of each notification about a case or an accreditation. */
export const notificationsAnswer = z.array(
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
    state: z.enum(notificationStates).openapi({
      description:
        '`dispatched`: a provider has taken it, and nobody knows yet whether it arrived; `delivered`: it arrived, or lies in the APP inbox; ' +
        '`overtaken`: something newer made it pointless before it was known to have arrived',
    }),
    stateName: z.string(),
    createdAt: instant,
    leaving: z.enum(['anyTime', 'sendingHours', 'collected', 'briefing']).openapi({
      description:
        'When it may leave: at once; in the sending hours of working days; in those, at the end of its hour, with others to the same person; ' +
        'with the next daily briefing to the staff',
    }),
    leavesAt: instant
      .nullable()
      .openapi({ description: 'Not to be sent before; null where it leaves with a briefing' }),
    settledAt: instant.nullable(),
    failure: z.string().nullable(),
    carriedBy: z.string().nullable().openapi({ description: 'The notification that says it together with others' }),
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
      .openapi({ description: 'Nobody has to make an open one whose notification is delivered or overtaken' }),
  }),
);

const callItemAnswer = z.object({
  id: z.string().openapi({ description: "The notification's that didn't arrive" }),
  since: instant,
  acceptanceNumber: z.string().nullable(),
  accreditationId: z.string().nullable(),
  name: z.string(),
  phone: z.string().openapi({ description: 'In full for clerks; empty where nobody knows it' }),
  purpose,
  purposeName: z.string(),
  texts: z.array(z.string()).openapi({ description: 'What to say: what the 短信 said' }),
  tries: callTries,
});
export const callsAnswer = pageAnswer(callItemAnswer);

const inboxItemAnswer = z.object({
  id: z.string(),
  acceptanceNumber: z.string().nullable(),
  accreditationId: z.string().nullable().openapi({ description: 'Where it is about an accreditation' }),
  purpose,
  body: z.string(),
  createdAt: instant,
  readAt: instant.nullable().openapi({ description: 'When the person has read it first, in whichever app' }),
});
/** An entry of the APP inbox, as the store returns it. */
export type InboxItem = z.infer<typeof inboxItemAnswer>;
const unread = z.number().openapi({ description: "How many of all the inbox's entries the person hasn't read" });
export const inboxAnswer = pageAnswer(inboxItemAnswer).extend({ unread });
export const readMarkAnswer = inboxItemAnswer.pick({ id: true, readAt: true }).extend({ unread });

type Notifications = z.infer<typeof notificationsAnswer>;

/** What became of each of these notifications, for staff. */
export async function notificationsView(store: Store, notifications: NotificationRow[]): Promise<Notifications> {
  const attempts = await attemptsOf(store, notifications);
  const calls = await callsAbout(store, notifications);
  return notifications.map((row) => {
    const { id, purpose, channel, recipient, body, state, createdAt, leaving, settledAt, failure, carriedBy } = row;
    return {
      ...{ id, purpose, purposeName: purposeNames[purpose], channel, recipient, body },
      ...{ state, stateName: notificationStateNames[state], createdAt, leaving, settledAt, failure, carriedBy },
      // For the briefing, the stored instant is only when it was written.
      leavesAt: leaving === 'briefing' ? null : row.leavesAt,
      steps: row.steps.map(({ step, at }) => ({ step, stepName: stepNames[step], at })),
      attempts: attempts.filter(({ notificationId }) => notificationId === id).map(attemptView),
      call: callView(calls.get(id)),
    };
  });
}

function attemptView({ provider, startedAt, outcome, receipt }: AttemptRow): Notifications[number]['attempts'][number] {
  const outcomeName = outcome && attemptOutcomeNames[outcome];
  return { provider, startedAt, outcome, outcomeName, receipt, receiptName: receipt && receiptNames[receipt] };
}

function callView(call: CallRow | undefined): Notifications[number]['call'] {
  if (!call) return null;
  const { createdAt: since, tries, outcome, note, doneAt, doneBy } = call;
  return { since, tries, outcome, outcomeName: outcome && callOutcomeNames[outcome], note, doneAt, doneBy };
}

/** A call to be made, as this user may see it. */
export function callItem(user: User, call: OpenCall): z.infer<typeof callItemAnswer> {
  return { ...personFor(user, call), purposeName: purposeNames[call.purpose] };
}
