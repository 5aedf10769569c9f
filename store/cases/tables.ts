import { sql } from 'drizzle-orm';
import {
  type AnyPgColumn,
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
} from 'drizzle-orm/pg-core';
import type { Attendance } from '../../domain/cases/attendance.ts';
import type { InsuredPerson } from '../../domain/cases/eligibility.ts';
import type { ApplicationState } from '../../domain/cases/state.ts';
import type { EntryDetail, EntryKind } from '../../domain/cases/timeline.ts';
import type { ApplicationType, Channel, MaterialKind, Status, Via } from '../../domain/vocabulary.ts';
import { day, instant } from '../columns.ts';
import { encrypted, sealed } from '../encryption/columns.ts';

/** The part of the form that names neither applicant nor agent. */
export interface ApplicationForm {
  insuredType: 'employee' | 'resident' | 'flexible';
  /** Where the disease was diagnosed. */
  hospital: { code: string; name: string; level: number };
  /** By whom, and on which day (Shanghai); missing where the form doesn't say. */
  diagnosis?: { doctor: { name: string; code?: string | undefined }; diagnosedOn: string };
  hasElectronicVoucher: boolean;
  student?: boolean;
  residesElsewhere?: boolean;
  crossRegionFilingNumber?: string;
  designatedInstitution?: string;
  /** Those beside it, where the disease allows several. */
  furtherInstitutions?: string[];
  accreditationId?: string;
  /** Instant at which who applied at the window had taken a ticket, where it had closed. */
  ticketTakenAt?: string;
}

/**
 * `open`: one open application per person, disease and type. `yearly`: one change of institution (定点变更) a calendar
 * year per person.
 */
export type ClaimKind = 'open' | 'yearly';

/**
 * What the worklist is sorted by: a case whose clock stands still comes last. Index and query both use it, since they
 * have to be written alike.
 */
export const dueLast = (dueOn: AnyPgColumn) => sql`(coalesce(${dueOn}, 'infinity'))`;

/** The end of an acceptance number as notifications show it: `tailOf`. Index and query both use it. */
export const tailOfNumber = (acceptanceNumber: AnyPgColumn) => sql<string>`(right(${acceptanceNumber}, 6))`;

/** One application: what was filed, and the read model that its workflow writes. */
export const application = pgTable(
  'application',
  {
    acceptanceNumber: text('acceptance_number').primaryKey(),
    /**
     * Who filed it: the keyed hash of a person's ID number (the applicant, or an agent), or the id of the clerk at the
     * window.
     */
    submittedBy: text('submitted_by').notNull(),
    submittedAt: instant('submitted_at').notNull(),
    type: text('type').$type<ApplicationType>().notNull(),
    channel: text('channel').$type<Channel>().notNull(),
    diseaseCode: text('disease_code').notNull(),
    /** Names, ID numbers and phones of applicant and agent, and the signature. */
    personal: sealed('application.personal').notNull(),
    idNumberHash: text('id_number_hash').notNull(),
    phoneHash: text('phone_hash').notNull(),
    /** Keyed hashes of the applicant's name and of their phone's last four digits (`searchColumns`). */
    nameHash: text('name_hash').notNull(),
    phoneTailHash: text('phone_tail_hash').notNull(),
    /** Keyed hash of the agent's (代办人) ID number; null without one. */
    agentHash: text('agent_hash'),
    form: encrypted<ApplicationForm>('application.form').notNull(),
    policyVersion: text('policy_version').notNull(),
    /** The accreditation that is to be renewed or changed, or that the approval brought. */
    accreditationId: text('accreditation_id'),
    /** What the insurance core said of the applicant when it was asked. */
    insured: encrypted<InsuredPerson>('application.insured'),
    /** The phone that the insurance core has on record; null where it has none, or hasn't been asked. */
    corePhone: encrypted<string>('application.core_phone'),
    /** Sequence of the last change recorded; 0 while the workflow hasn't recorded anything. */
    sequence: integer('sequence').notNull().default(0),
    status: text('status').$type<Status>().notNull(),
    round: integer('round').notNull(),
    state: jsonb('state').$type<ApplicationState>().notNull(),
    assignee: text('assignee'),
    /** Until then `next` offers the case to nobody else, since somebody is just taking it (`reserveNext`). */
    reservedUntil: instant('reserved_until'),
    /** Id of who is taking it, until they have an answer: asked again, it is this one that they get. */
    reservedFor: text('reserved_for'),
    escalationLevel: smallint('escalation_level').notNull().default(0),
    dueOn: day('due_on'),
    provisional: boolean('provisional').notNull().default(false),
    workingDaysLeft: integer('working_days_left'),
    windowEndsOn: day('window_ends_on'),
    appealUntil: day('appeal_until'),
    /** The dates as the people of the case were told them last. */
    announcedDueOn: day('announced_due_on'),
    announcedWindowEndsOn: day('announced_window_ends_on'),
    /** Version of the calendar behind these dates. */
    calendarVersion: integer('calendar_version'),
    /** A changed calendar has moved something ahead of the case, and its workflow hasn't heard of it yet. */
    calendarUnheard: boolean('calendar_unheard').notNull().default(false),
    closed: boolean('closed').notNull().default(false),
    /** Changes of its phone at the window: which clerk made them. They don't review it (回避). */
    attended: jsonb('attended').$type<Attendance[]>().notNull().default([]),
    /** Instant from which on nothing in it tells of a person any more (`store/retention/erase-case.ts`). */
    erasedAt: instant('erased_at'),
  },
  (table) => [
    index('application_list').on(table.submittedAt, table.acceptanceNumber),
    ...worklistIndexes(table),
    index('application_reserved').on(table.reservedFor).where(sql`${table.reservedFor} is not null`),
    index('application_tail').on(tailOfNumber(table.acceptanceNumber)),
    index('application_name').on(table.nameHash),
    index('application_phone_tail').on(table.phoneTailHash),
    index('application_submitted_by').on(table.submittedBy, table.submittedAt),
    index('application_person').on(table.idNumberHash),
    index('application_phone').on(table.phoneHash),
    index('application_agent').on(table.agentHash).where(sql`${table.agentHash} is not null`),
    index('application_calendar_unheard').on(table.acceptanceNumber).where(sql`${table.calendarUnheard}`),
    index('application_open').on(table.acceptanceNumber).where(sql`not ${table.closed}`),
  ],
);
export type ApplicationRow = typeof application.$inferSelect;

/**
 * The worklist's pages go by its two orders, or, where few cases fit, by the index of all filters, from which its total
 * is counted without looking at the rows (`bench/README.md`). One more for each filter would save little, and make it
 * dearer to move all due dates. Ended cases are left out, so these stay small however many there are.
 */
function worklistIndexes(
  table: Record<
    | 'acceptanceNumber'
    | 'assignee'
    | 'channel'
    | 'closed'
    | 'diseaseCode'
    | 'dueOn'
    | 'escalationLevel'
    | 'status'
    | 'submittedAt'
    | 'type',
    AnyPgColumn
  >,
) {
  const byDueDate = [dueLast(table.dueOn), table.submittedAt, table.acceptanceNumber] as const;
  const open = sql`not ${table.closed}`;
  return [
    index('application_worklist')
      .on(...byDueDate)
      .where(open),
    index('application_pool')
      .on(...byDueDate)
      .where(sql`not ${table.closed} and ${table.assignee} is null`),
    index('application_age').on(table.submittedAt, table.acceptanceNumber).where(open),
    index('application_assignee')
      .on(table.assignee, ...byDueDate)
      .where(open),
    index('application_total')
      .on(
        ...[table.status, table.assignee, table.diseaseCode, table.type, table.channel],
        ...[table.escalationLevel, table.dueOn],
      )
      .where(open),
  ];
}

/**
 * A form as it was filed, or as a resubmission or a new phone changed it; kept once it was changed, so that none is
 * lost. The application's row holds what is in force.
 */
export const formVersion = pgTable(
  'form_version',
  {
    id: text('id').primaryKey(),
    acceptanceNumber: text('acceptance_number')
      .notNull()
      .references(() => application.acceptanceNumber),
    personal: sealed('form_version.personal').notNull(),
    phoneHash: text('phone_hash').notNull(),
    /** As of an application. */
    agentHash: text('agent_hash'),
    form: encrypted<ApplicationForm>('form_version.form').notNull(),
    /**
     * Sequence of the change that brought it into force, 0 for the submission; null for one whose resubmission wasn't
     * recorded.
     */
    sequence: integer('sequence'),
    /**
     * Instant at which a new phone was confirmed, where that is all that changed; the sequence is then that of the
     * change before.
     */
    confirmedAt: instant('confirmed_at'),
  },
  (table) => [
    index('form_version_case').on(table.acceptanceNumber, table.sequence),
    index('form_version_agent').on(table.agentHash).where(sql`${table.agentHash} is not null`),
  ],
);

/**
 * What only one application may hold at a time (`store/cases/claims.ts`); the keys hold keyed hashes, no ID numbers.
 */
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
export type MaterialRow = typeof material.$inferSelect;

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
    detail: encrypted<EntryDetail>('timeline.detail').notNull(),
    /** Of the detail what statistics count: the rung of an escalation, and what was asked for late or belatedly. */
    level: smallint('level'),
    late: boolean('late').notNull(),
    belated: boolean('belated').notNull(),
    /** Id of the Update that caused it, so that a retried request finds what the first try did. */
    requestId: text('request_id'),
  },
  (table) => [
    primaryKey({ columns: [table.acceptanceNumber, table.sequence] }),
    index('timeline_request').on(table.requestId),
    index('timeline_at').on(table.at),
  ],
);
export type TimelineRow = typeof timeline.$inferSelect;
