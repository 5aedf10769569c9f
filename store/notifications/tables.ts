import { sql } from 'drizzle-orm';
import { boolean, index, integer, jsonb, pgTable, primaryKey, smallint, text } from 'drizzle-orm/pg-core';
import type { TakenStep } from '../../domain/notifications/delivery.ts';
import { notifiedEvents } from '../../domain/notifications/events.ts';
import type { ReceiptState } from '../../domain/notifications/receipts.ts';
import type { Leaving } from '../../domain/notifications/sending-hours.ts';
import { accreditation } from '../accreditations/tables.ts';
import { application } from '../cases/tables.ts';
import { instant } from '../columns.ts';
import { encrypted, sealed } from '../encryption/columns.ts';

/**
 * What a notification tells: an event of the policy's, that nobody has called, a code for a new phone, that the phone
 * was changed, that somebody has filed by another phone or as an agent, that a clerk acted for who was at the window, or
 * that a year's circular is missing.
 */
export const notificationPurposes = [
  ...notifiedEvents,
  'callOverdue',
  'phoneCode',
  'phoneReplaced',
  'filedOtherwise',
  'actedAtWindow',
  'circularMissing',
] as const;
export type NotificationPurpose = (typeof notificationPurposes)[number];

/**
 * `dispatched`: a provider has taken it; `overtaken`: something newer made it pointless before it was known to have arrived.
 */
export const notificationStates = ['queued', 'dispatched', 'delivered', 'failed', 'overtaken'] as const;
export type NotificationState = (typeof notificationStates)[number];

/** The states in which nobody has to be told any more what a notification says. */
export const doneStates: NotificationState[] = ['delivered', 'overtaken'];

/**
 * What came of a try to dispatch a notification; `notTaken`: the provider doesn't have it, and it can be tried again.
 */
export const attemptOutcomes = ['taken', 'refused', 'notTaken'] as const;
export type AttemptOutcome = (typeof attemptOutcomes)[number];

/** How a call ended (电话告知): reached, or the number is wrong. */
export const callOutcomes = ['reached', 'wrongNumber'] as const;
export type CallOutcome = (typeof callOutcomes)[number];

/** A call that reached nobody. */
export interface CallTry {
  /** Instant. */
  at: string;
  by: string;
  note?: string;
}

/** A text to one recipient over one channel; written with the change that causes it, dispatched afterwards. */
export const notification = pgTable(
  'notification',
  {
    id: text('id').primaryKey(),
    /** What it is about: one of the two, or neither where it tells the admins of the calendar. */
    acceptanceNumber: text('acceptance_number').references(() => application.acceptanceNumber),
    accreditationId: text('accreditation_id').references(() => accreditation.id),
    sequence: integer('sequence').notNull(),
    purpose: text('purpose').$type<NotificationPurpose>().notNull(),
    channel: text('channel').$type<'sms' | 'email' | 'app'>().notNull(),
    /** `applicant`, or a staff id; `newPhone` and `formerPhone` of an applicant's are sealed. */
    recipient: text('recipient').notNull(),
    /** The same for all notifications to one person at one phone (`personKey`); or a staff id. */
    recipientKey: text('recipient_key').notNull(),
    subject: encrypted<string>('notification.subject'),
    body: encrypted<string>('notification.body').notNull(),
    /** Of a 短信: the template that 阿里云 knows it by, and what the words say beside the template's. */
    templateCode: text('template_code'),
    parameters: encrypted<Record<string, string>>('notification.parameters'),
    /**
     * `SealedNotification`: the phone that is neither the case's nor somebody's of the staff, and
     * words that nobody else may read.
     */
    sealed: sealed('notification.sealed'),
    createdAt: instant('created_at').notNull(),
    leaving: text('leaving').$type<Leaving | 'briefing'>().notNull(),
    /** Not to be dispatched before. */
    leavesAt: instant('leaves_at').notNull(),
    /** Instant after which it says nothing any more; null where it always does. */
    until: instant('until'),
    /** Id of the notification that says it together with others. */
    carriedBy: text('carried_by'),
    state: text('state').$type<NotificationState>().notNull(),
    /** Instant of the state, once the notification isn't queued any more. */
    settledAt: instant('settled_at'),
    failure: text('failure'),
    /** A `delivery` workflow has taken care of its having failed. */
    followed: boolean('followed').notNull().default(false),
    /** Ways that were tried after it had failed (`domain/notifications/delivery.ts`). */
    steps: jsonb('steps').$type<TakenStep[]>().notNull().default([]),
    /** Of what lies in the APP inbox: who has read it, by the keyed hash of their ID number, and when (instant). */
    readBy: jsonb('read_by').$type<Record<string, string>>().notNull().default({}),
  },
  (table) => [
    index('notification_case').on(table.acceptanceNumber, table.sequence),
    index('notification_accreditation').on(table.accreditationId, table.sequence),
    index('notification_carried').on(table.carriedBy).where(sql`${table.carriedBy} is not null`),
    index('notification_queued').on(table.recipientKey, table.leaving).where(sql`${table.state} = 'queued'`),
    index('notification_failed').on(table.settledAt).where(sql`${table.state} = 'failed' and not ${table.followed}`),
  ],
);
export type NotificationRow = typeof notification.$inferSelect;

/**
 * One try to dispatch a notification, written before anything is sent, so that whoever tries again can ask what became
 * of it.
 */
export const attempt = pgTable(
  'attempt',
  {
    notificationId: text('notification_id')
      .notNull()
      .references(() => notification.id),
    number: smallint('number').notNull(),
    provider: text('provider').notNull(),
    startedAt: instant('started_at').notNull(),
    /** Null while nobody knows. */
    outcome: text('outcome').$type<AttemptOutcome>(),
    /** Not unique: a provider may know two notifications of the same words as one. */
    providerId: text('provider_id'),
    receipt: text('receipt').$type<ReceiptState>(),
    /** When the provider is asked for the receipt; null where that is over, or there is none. */
    askAt: instant('ask_at'),
    /** `SealedAttempt`. */
    sealed: sealed('attempt.sealed').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.notificationId, table.number] }),
    index('attempt_provider').on(table.provider, table.providerId),
    index('attempt_ask').on(table.askAt).where(sql`${table.askAt} is not null`),
  ],
);
export type AttemptRow = typeof attempt.$inferSelect;

/** Somebody who gets no 短信 has to be called (电话告知): a clerk's task. Its id is the notification's. */
export const call = pgTable(
  'call',
  {
    notificationId: text('notification_id')
      .primaryKey()
      .references(() => notification.id),
    createdAt: instant('created_at').notNull(),
    /** Calls that reached nobody. */
    tries: encrypted<CallTry[]>('call.tries')
      .notNull()
      .$default(() => []),
    doneAt: instant('done_at'),
    doneBy: text('done_by'),
    outcome: text('outcome').$type<CallOutcome>(),
    note: encrypted<string>('call.note'),
  },
  (table) => [index('call_open').on(table.createdAt).where(sql`${table.doneAt} is null`)],
);
export type CallRow = typeof call.$inferSelect;
