import { sql } from 'drizzle-orm';
import {
  type AnyPgColumn,
  boolean,
  customType,
  date,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import type { AccreditationState, AccreditationStatus } from '../domain/accreditations/state.ts';
import type { AccreditationEntryDetail, AccreditationEntryKind } from '../domain/accreditations/timeline.ts';
import type { InsuredPerson, InsuredType } from '../domain/cases/eligibility.ts';
import type { MaterialKind } from '../domain/cases/materials.ts';
import type { ApplicationState, ApplicationType, Channel, Status } from '../domain/cases/state.ts';
import type { EntryDetail, EntryKind, Via } from '../domain/cases/timeline.ts';
import type { NoticeKind } from '../domain/notices.ts';
import type { TakenStep } from '../domain/notifications/delivery.ts';
import type { ReceiptState } from '../domain/notifications/receipts.ts';
import type { Leaving } from '../domain/notifications/sending-hours.ts';
import type { Handover } from '../domain/staff/absence.ts';
import type {
  AccreditationSource,
  ApplicationForm,
  AttemptOutcome,
  CallOutcome,
  CallTry,
  ClaimKind,
  MessagePurpose,
  MessageState,
} from './types.ts';

/** An instant as ISO 8601 in UTC, on both sides; PostgreSQL writes it in another form. */
const instant = customType<{ data: string; driverData: string }>({
  dataType: () => 'timestamp with time zone',
  fromDriver: (value) => new Date(value).toISOString(),
});
const day = (name: string) => date(name, { mode: 'string' });

/** By what the worklist is sorted: a case whose clock stands still comes last. As written, so that it is the same in index and query. */
export const dueLast = (dueOn: AnyPgColumn) => sql`(coalesce(${dueOn}, 'infinity'))`;

/** One application: what was filed (personal data encrypted), and the read model that its workflow writes. */
export const application = pgTable(
  'application',
  {
    acceptanceNumber: text('acceptance_number').primaryKey(),
    /** Token subject of who filed it. */
    submittedBy: text('submitted_by').notNull(),
    submittedAt: instant('submitted_at').notNull(),
    type: text('type').$type<ApplicationType>().notNull(),
    channel: text('channel').$type<Channel>().notNull(),
    diseaseCode: text('disease_code').notNull(),
    /** Encrypted JSON: names, ID numbers and phones of applicant and agent, and the signature. */
    personal: text('personal').notNull(),
    idNumberHash: text('id_number_hash').notNull(),
    phoneHash: text('phone_hash').notNull(),
    form: jsonb('form').$type<ApplicationForm>().notNull(),
    policyVersion: text('policy_version').notNull(),
    /** The accreditation that is to be renewed or changed, or that the approval brought. */
    accreditationId: text('accreditation_id'),
    /** What the insurance core said of the applicant when it was asked. */
    insured: jsonb('insured').$type<InsuredPerson>(),
    /** Sequence of the last change recorded; 0 while the workflow hasn't recorded anything. */
    sequence: integer('sequence').notNull().default(0),
    status: text('status').$type<Status>().notNull(),
    round: integer('round').notNull(),
    state: jsonb('state').$type<ApplicationState>().notNull(),
    assignee: text('assignee'),
    escalationLevel: smallint('escalation_level').notNull().default(0),
    dueOn: day('due_on'),
    provisional: boolean('provisional').notNull().default(false),
    workingDaysLeft: integer('working_days_left'),
    windowEndsOn: day('window_ends_on'),
    appealUntil: day('appeal_until'),
    /** The dates as the people of the case were told them last. */
    toldDueOn: day('told_due_on'),
    toldWindowEndsOn: day('told_window_ends_on'),
    /** Version of the calendar behind these dates. */
    calendarVersion: integer('calendar_version'),
    /** A changed calendar has moved something ahead of the case, and its workflow hasn't heard of it yet. */
    calendarUnheard: boolean('calendar_unheard').notNull().default(false),
    closed: boolean('closed').notNull().default(false),
  },
  (table) => [
    index('application_list').on(table.submittedAt, table.acceptanceNumber),
    index('application_worklist')
      .on(dueLast(table.dueOn), table.submittedAt, table.acceptanceNumber)
      .where(sql`not ${table.closed}`),
    index('application_assignee').on(table.assignee, table.dueOn).where(sql`not ${table.closed}`),
    index('application_submitted_by').on(table.submittedBy, table.submittedAt),
    index('application_person').on(table.idNumberHash),
    index('application_calendar_unheard').on(table.acceptanceNumber).where(sql`${table.calendarUnheard}`),
    index('application_open').on(table.acceptanceNumber).where(sql`not ${table.closed}`),
  ],
);

/**
 * A form as it was filed, or as a resubmission or a new phone changed it; kept once it was changed, so that none is lost. The application's row
 * holds what is in force.
 */
export const formVersion = pgTable(
  'form_version',
  {
    id: text('id').primaryKey(),
    acceptanceNumber: text('acceptance_number')
      .notNull()
      .references(() => application.acceptanceNumber),
    personal: text('personal').notNull(),
    phoneHash: text('phone_hash').notNull(),
    form: jsonb('form').$type<ApplicationForm>().notNull(),
    /** Sequence of the change that brought it into force, 0 for the submission; null for one whose resubmission wasn't recorded. */
    sequence: integer('sequence'),
    /** Instant at which a new phone was confirmed, where that is all that changed; the sequence is then that of the change before. */
    confirmedAt: instant('confirmed_at'),
  },
  (table) => [index('form_version_case').on(table.acceptanceNumber, table.sequence)],
);

/** A code (验证码) that was sent to a new phone of a case's; the last one counts. */
export const phoneCode = pgTable(
  'phone_code',
  {
    acceptanceNumber: text('acceptance_number')
      .notNull()
      .references(() => application.acceptanceNumber),
    /** Counts within the case. */
    number: integer('number').notNull(),
    /** Encrypted. */
    phone: text('phone').notNull(),
    phoneHash: text('phone_hash').notNull(),
    codeHash: text('code_hash').notNull(),
    createdAt: instant('created_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
    wrongTries: smallint('wrong_tries').notNull().default(0),
    confirmedAt: instant('confirmed_at'),
    /** Counts within a phone and a day (Shanghai date), so that requests at once can't have more of them than the policy allows. */
    day: day('day').notNull(),
    ofDay: smallint('of_day').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.acceptanceNumber, table.number] }),
    uniqueIndex('phone_code_of_day').on(table.phoneHash, table.day, table.ofDay),
  ],
);

/** What only one application may hold at a time (`store/cases/claims.ts`); the keys hold keyed hashes, no ID numbers. */
export const claim = pgTable(
  'claim',
  {
    key: text('key').primaryKey(),
    kind: text('kind').$type<ClaimKind>().notNull(),
    acceptanceNumber: text('acceptance_number')
      .notNull()
      .references(() => application.acceptanceNumber),
  },
  (table) => [index('claim_case').on(table.acceptanceNumber)],
);

/** Every material ever handed in; the ones that a later supplement replaced are kept. */
export const material = pgTable(
  'material',
  {
    acceptanceNumber: text('acceptance_number')
      .notNull()
      .references(() => application.acceptanceNumber),
    /** Sequence of the change that brought it; 0 for the submission. */
    sequence: integer('sequence').notNull(),
    position: integer('position').notNull(),
    kind: text('kind').$type<MaterialKind>().notNull(),
    fileIds: jsonb('file_ids').$type<string[]>().notNull(),
    issuedOn: day('issued_on'),
    /** A clerk compared it with the original at the window (现场核验原件). */
    originalSeen: boolean('original_seen').notNull().default(false),
    /** Sequence of the change that replaced it. */
    replacedBy: integer('replaced_by'),
  },
  (table) => [primaryKey({ columns: [table.acceptanceNumber, table.sequence, table.position] })],
);

/** An uploaded file; its content lies encrypted in FILES_DIR under its id. */
export const file = pgTable(
  'file',
  {
    id: text('id').primaryKey(),
    sha256: text('sha256').notNull(),
    contentType: text('content_type').notNull(),
    size: integer('size').notNull(),
    uploadedBy: text('uploaded_by').notNull(),
    uploadedAt: instant('uploaded_at').notNull(),
    /** The case it was handed in with; null until then. */
    acceptanceNumber: text('acceptance_number').references(() => application.acceptanceNumber),
  },
  (table) => [index('file_sha256').on(table.sha256), index('file_case').on(table.acceptanceNumber)],
);

/** What happened to a case, in order. */
export const timeline = pgTable(
  'timeline',
  {
    acceptanceNumber: text('acceptance_number')
      .notNull()
      .references(() => application.acceptanceNumber),
    sequence: integer('sequence').notNull(),
    at: instant('at').notNull(),
    round: integer('round').notNull(),
    kind: text('kind').$type<EntryKind>().notNull(),
    by: text('by').notNull(),
    via: text('via').$type<Via>().notNull(),
    status: text('status').$type<Status>().notNull(),
    detail: jsonb('detail').$type<EntryDetail>().notNull(),
    /** Id of the Update that caused it, so that a retried request finds what the first try did. */
    requestId: text('request_id'),
  },
  (table) => [
    primaryKey({ columns: [table.acceptanceNumber, table.sequence] }),
    index('timeline_request').on(table.requestId),
    index('timeline_at').on(table.at),
  ],
);

/**
 * One accreditation (认定): who was granted what (personal data encrypted), and the read model that its workflow writes. Its id is also
 * the workflow id.
 */
export const accreditation = pgTable(
  'accreditation',
  {
    id: text('id').primaryKey(),
    createdAt: instant('created_at').notNull(),
    source: text('source').$type<AccreditationSource>().notNull(),
    /** What it was granted for, once: an acceptance number, or the number that it had in an earlier system. */
    sourceKey: text('source_key').notNull().unique(),
    /** Token subject of who filed for it; null for what an earlier system granted. */
    submittedBy: text('submitted_by'),
    /** Encrypted JSON: name, ID number, phone. */
    personal: text('personal').notNull(),
    idNumberHash: text('id_number_hash').notNull(),
    diseaseCode: text('disease_code').notNull(),
    insuredType: text('insured_type').$type<InsuredType>().notNull(),
    tier: text('tier'),
    /** Designated institution (定点医疗机构). */
    institution: text('institution'),
    /** Of the policy under which it was granted, or last renewed. */
    policyVersion: text('policy_version').notNull(),
    /** The insurance core's number for it. */
    registrationNumber: text('registration_number'),
    validFrom: day('valid_from').notNull(),
    validUntil: day('valid_until'),
    status: text('status').$type<AccreditationStatus>().notNull(),
    state: jsonb('state').$type<AccreditationState>().notNull(),
    /** Sequence of the last change recorded; 0 while the workflow hasn't recorded anything. */
    sequence: integer('sequence').notNull().default(0),
    closed: boolean('closed').notNull().default(false),
  },
  (table) => [
    index('accreditation_person').on(table.idNumberHash, table.diseaseCode),
    index('accreditation_submitted_by').on(table.submittedBy),
    index('accreditation_list').on(table.createdAt, table.id),
    index('accreditation_status').on(table.status, table.createdAt, table.id),
    index('accreditation_registration').on(table.registrationNumber),
    index('accreditation_open').on(table.id).where(sql`not ${table.closed}`),
  ],
);

/** What happened to an accreditation, in order. */
export const accreditationEntry = pgTable(
  'accreditation_entry',
  {
    accreditationId: text('accreditation_id')
      .notNull()
      .references(() => accreditation.id),
    sequence: integer('sequence').notNull(),
    at: instant('at').notNull(),
    kind: text('kind').$type<AccreditationEntryKind>().notNull(),
    by: text('by').notNull(),
    via: text('via').$type<Via>().notNull(),
    status: text('status').$type<AccreditationStatus>().notNull(),
    detail: jsonb('detail').$type<AccreditationEntryDetail>().notNull(),
    /** Id of the Update that caused it. */
    requestId: text('request_id'),
  },
  (table) => [
    primaryKey({ columns: [table.accreditationId, table.sequence] }),
    index('accreditation_entry_request').on(table.requestId),
  ],
);

/** A text to one recipient over one channel; written with the change that causes it, handed over afterwards. */
export const message = pgTable(
  'message',
  {
    id: text('id').primaryKey(),
    /** What it is about: one of the two. */
    acceptanceNumber: text('acceptance_number').references(() => application.acceptanceNumber),
    accreditationId: text('accreditation_id').references(() => accreditation.id),
    sequence: integer('sequence').notNull(),
    purpose: text('purpose').$type<MessagePurpose>().notNull(),
    channel: text('channel').$type<'sms' | 'email' | 'app'>().notNull(),
    /** `applicant`, or a staff id; `newPhone` and `formerPhone` of an applicant's are sealed. */
    recipient: text('recipient').notNull(),
    /** The same for all messages to one person at one phone (`personKey`); or a staff id. */
    recipientKey: text('recipient_key').notNull(),
    subject: text('subject'),
    body: text('body').notNull(),
    /** Of a 短信: the template that 阿里云 knows it by, and what the words say beside the template's. */
    templateCode: text('template_code'),
    parameters: jsonb('parameters').$type<Record<string, string>>(),
    /** Encrypted JSON (`SealedMessage`): the phone that is neither the case's nor somebody's of the staff, and words that nobody else may read. */
    sealed: text('sealed'),
    createdAt: instant('created_at').notNull(),
    leaving: text('leaving').$type<Leaving | 'digest'>().notNull(),
    /** Not to be handed over before. */
    leavesAt: instant('leaves_at').notNull(),
    /** Instant after which it says nothing any more; null where it always does. */
    until: instant('until'),
    /** Id of the message that says it together with others. */
    carriedBy: text('carried_by'),
    state: text('state').$type<MessageState>().notNull(),
    /** Instant of the state, once the message isn't queued any more. */
    settledAt: instant('settled_at'),
    failure: text('failure'),
    /** A `delivery` workflow has taken care of its having failed. */
    followed: boolean('followed').notNull().default(false),
    /** Ways that were tried after it had failed (`domain/notifications/delivery.ts`). */
    steps: jsonb('steps').$type<TakenStep[]>().notNull().default([]),
  },
  (table) => [
    index('message_case').on(table.acceptanceNumber, table.sequence),
    index('message_accreditation').on(table.accreditationId, table.sequence),
    index('message_carried').on(table.carriedBy).where(sql`${table.carriedBy} is not null`),
    index('message_queued').on(table.recipientKey, table.leaving).where(sql`${table.state} = 'queued'`),
    index('message_failed').on(table.settledAt).where(sql`${table.state} = 'failed' and not ${table.followed}`),
  ],
);

/** One try to hand a message over, written before anything is sent, so that whoever tries again can ask what became of it. */
export const attempt = pgTable(
  'attempt',
  {
    messageId: text('message_id')
      .notNull()
      .references(() => message.id),
    number: smallint('number').notNull(),
    provider: text('provider').notNull(),
    startedAt: instant('started_at').notNull(),
    /** Null while nobody knows. */
    outcome: text('outcome').$type<AttemptOutcome>(),
    /** Not unique: a provider may know two messages of the same words as one. */
    providerId: text('provider_id'),
    receipt: text('receipt').$type<ReceiptState>(),
    /** When the provider is asked for the receipt; null where that is over, or there is none. */
    askAt: instant('ask_at'),
    /** Encrypted JSON (`SealedAttempt`). */
    sealed: text('sealed').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.messageId, table.number] }),
    index('attempt_provider').on(table.provider, table.providerId),
    index('attempt_ask').on(table.askAt).where(sql`${table.askAt} is not null`),
  ],
);

/** Somebody who gets no 短信 has to be called (电话告知): a clerk's task. Its id is the message's. */
export const call = pgTable(
  'call',
  {
    messageId: text('message_id')
      .primaryKey()
      .references(() => message.id),
    createdAt: instant('created_at').notNull(),
    /** Calls that reached nobody. */
    tries: jsonb('tries').$type<CallTry[]>().notNull().default([]),
    doneAt: instant('done_at'),
    doneBy: text('done_by'),
    outcome: text('outcome').$type<CallOutcome>(),
    note: text('note'),
  },
  (table) => [index('call_open').on(table.createdAt).where(sql`${table.doneAt} is null`)],
);

/** A notice (告知书) as it was issued, once for the change that it tells of; what it says never changes. */
export const notice = pgTable(
  'notice',
  {
    id: text('id').primaryKey(),
    /** What it is about: one of the two. */
    acceptanceNumber: text('acceptance_number').references(() => application.acceptanceNumber),
    accreditationId: text('accreditation_id').references(() => accreditation.id),
    sequence: integer('sequence').notNull(),
    kind: text('kind').$type<NoticeKind>().notNull(),
    /** The document number (文号) counts within a kind and a year. */
    year: smallint('year').notNull(),
    number: integer('number').notNull(),
    /** Encrypted JSON: the whole text, which names the person. */
    content: text('content').notNull(),
  },
  (table) => [
    // Not unique: one stays that was issued for a change that was replaced after a restore.
    index('notice_case').on(table.acceptanceNumber, table.sequence),
    index('notice_accreditation').on(table.accreditationId, table.sequence),
    uniqueIndex('notice_number').on(table.kind, table.year, table.number),
  ],
);

/** The last document number of a kind and a year. Whoever issues a notice holds it to the end, so no number is lost or given twice. */
export const noticeCounter = pgTable(
  'notice_counter',
  {
    kind: text('kind').$type<NoticeKind>().notNull(),
    year: smallint('year').notNull(),
    last: integer('last').notNull(),
  },
  (table) => [primaryKey({ columns: [table.kind, table.year] })],
);

/** A request that carried an Idempotency-Key, and what it was answered. */
export const idempotency = pgTable(
  'idempotency',
  {
    subject: text('subject').notNull(),
    key: text('key').notNull(),
    bodyHash: text('body_hash').notNull(),
    acceptanceNumber: text('acceptance_number').notNull(),
    createdAt: instant('created_at').notNull(),
    /** What was answered, encrypted like all that tells of people; null while the first try is under way, or died. */
    answer: text('answer'),
  },
  (table) => [primaryKey({ columns: [table.subject, table.key] })],
);

/** Staff (工作人员): opaque id, roles, where to reach them. */
export const staff = pgTable('staff', {
  id: text('id').primaryKey(),
  roles: jsonb('roles').$type<string[]>().notNull(),
  email: text('email').notNull(),
  phone: text('phone').notNull(),
});

/**
 * An absence (不在岗) that was entered for somebody of the staff; those that were replaced, ended or are over are kept. Its id is part of its
 * workflow's.
 */
export const absence = pgTable(
  'absence',
  {
    id: text('id').primaryKey(),
    staffId: text('staff_id')
      .notNull()
      .references(() => staff.id),
    from: day('first_day').notNull(),
    until: day('last_day').notNull(),
    /** Who takes over (接替人). */
    to: text('substitute')
      .notNull()
      .references(() => staff.id),
    enteredBy: text('entered_by').notNull(),
    enteredAt: instant('entered_at').notNull(),
    /** Its workflow has begun. */
    started: boolean('started').notNull().default(false),
    /** When another one was entered in its place, or it was ended; null while it stands. */
    endedAt: instant('ended_at'),
    /** What became of the open cases; null until they were handed over. */
    handover: jsonb('handover').$type<Handover>(),
  },
  (table) => [uniqueIndex('absence_standing').on(table.staffId).where(sql`${table.endedAt} is null`)],
);

/** One row: the version of the calendar that is in force. Whoever computes due dates holds it under a share lock. */
export const calendar = pgTable('calendar', {
  id: smallint('id').primaryKey(),
  version: integer('version').notNull(),
  /** The version that all open cases have been recomputed by; an earlier one while a publication is under way, or was cut off. */
  recomputed: integer('recomputed').notNull().default(0),
});

/**
 * A year's arrangement; a change is a new row with the calendar version that brought it, so what was in force is never lost.
 * Version 0 is what the State Council had changed before this system came to be.
 */
export const arrangement = pgTable(
  'arrangement',
  {
    year: smallint('year').notNull(),
    version: integer('version').notNull(),
    daysOff: jsonb('days_off').$type<Record<string, string>>().notNull(),
    makeUpDays: jsonb('make_up_days').$type<Record<string, string>>().notNull(),
    notice: text('notice'),
    publishedOn: day('published_on'),
    /** Token subject of the admin; `system` for those that came with the program. */
    enteredBy: text('entered_by').notNull().default('system'),
    enteredAt: instant('entered_at').notNull().default(sql`now()`),
  },
  (table) => [primaryKey({ columns: [table.year, table.version] })],
);
