import { defineSearchAttributeKey, SearchAttributeType, TypedSearchAttributes } from '@temporalio/common';
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { AccreditationStart, ApplicationStart } from '../activities/contract.ts';
import type { AccreditationMessageName, AccreditationMessages } from '../domain/accreditations/messages.ts';
import type { Awaiting } from '../domain/cases/awaiting.ts';
import type { MessageName, Messages } from '../domain/cases/messages.ts';
import type { EntryKind } from '../domain/cases/timeline.ts';
import type { Handover } from '../domain/staff/absence.ts';
import type { AccreditationStatus, Status, Via } from '../domain/vocabulary.ts';

/**
 * The contract of the `application` workflow with every client: the api, Temporal Web, the CLI and other systems.
 * The workflow id is the acceptance number (受理号).
 */
export const taskQueue = 'applications';

/**
 * The queue of everything that can wait for a decision: what goes through all cases (housekeeping, a new calendar, an
 * absence), what goes to many people at once (the briefing), and what is tried again in its own time (deliveries). A
 * worker of its own with few slots serves it, so that however much of it there is, a decision finds a free slot. What a
 * person waits for stays on `taskQueue`: cases, accreditations, and codes for a new phone.
 */
export const housekeepingQueue = 'housekeeping';

export type { ApplicationStart, MessageName };

/** What the query `progress` and every Update answer. */
export interface Progress {
  acceptanceNumber: string;
  /** Of the last change; what is answered by an Update is recorded. */
  sequence: number;
  status: Status;
  round: number;
  /** Shanghai dates; `dueOn` is null while the clock stands still. */
  acceptedOn: string;
  dueOn: string | null;
  /** `dueOn` rests on a year whose holidays aren't published yet. */
  provisional: boolean;
  escalationLevel: number;
  assignee: string | null;
  awaiting: Awaiting | null;
  /** The present round. Free text is not part of it. */
  timeline: { sequence: number; at: string; kind: EntryKind; by: string; via: Via }[];
}

export const progress = defineQuery<Progress>('progress');

/**
 * Each message is an Update, which answers with the new progress or fails with type `Conflict` or
 * `MalformedMessage`, and a Signal of the same name and payload. A signal that doesn't fit is noted in the
 * timeline and changes nothing.
 */
export const messages = {
  approve: both('approve'),
  reject: both('reject'),
  requestMaterials: both('requestMaterials'),
  requestVerification: both('requestVerification'),
  recordVerification: both('recordVerification'),
  resubmit: both('resubmit'),
  appeal: both('appeal'),
  withdraw: both('withdraw'),
  assign: both('assign'),
  releaseClaims: both('releaseClaims'),
  calendarChanged: both('calendarChanged'),
};

function both<Name extends MessageName>(name: Name) {
  return { update: defineUpdate<Progress, [Messages[Name]]>(name), signal: defineSignal<[Messages[Name]]>(name) };
}

/** Search attributes: no personal and no health data. */
export const searchAttributes = {
  caseStatus: defineSearchAttributeKey('CaseStatus', SearchAttributeType.KEYWORD),
  applicationType: defineSearchAttributeKey('ApplicationType', SearchAttributeType.KEYWORD),
  channel: defineSearchAttributeKey('Channel', SearchAttributeType.KEYWORD),
  dueOn: defineSearchAttributeKey('DueOn', SearchAttributeType.DATETIME),
  escalationLevel: defineSearchAttributeKey('EscalationLevel', SearchAttributeType.INT),
};

/**
 * How a case's workflow is started, by whoever starts it. Search attributes that are known by then are given at once:
 * setting them later costs an event.
 */
export function applicationOptions(start: ApplicationStart) {
  const { caseStatus, applicationType, channel, escalationLevel } = searchAttributes;
  return {
    workflowId: start.acceptanceNumber,
    taskQueue,
    typedSearchAttributes: new TypedSearchAttributes([
      { key: caseStatus, value: start.state.status },
      { key: applicationType, value: start.type },
      { key: channel, value: start.channel },
      { key: escalationLevel, value: start.state.escalationLevel },
    ]),
    // A case whose worker has died is given to another one after this time.
    workflowTaskTimeout: '5s',
    staticSummary: `门特认定申请 ${start.acceptanceNumber}`,
  };
}

export interface CalendarChangeStart {
  /** Of the calendar that the cases are told of. */
  version: number;
}

/** What the query `progress` of a `calendarChange` workflow answers, and what it returns in the end. */
export interface CalendarChangeProgress {
  version: number;
  state: 'running' | 'done' | 'superseded';
  /** Cases that hadn't heard when it began; null until it has counted them. */
  total: number | null;
  signalled: number;
  /** Cases that ended before they were told. */
  ended: number;
  /** The newer calendar that made this one give way. */
  supersededBy?: number;
}

export const calendarChangeProgress = defineQuery<CalendarChangeProgress>('progress');

/** How the workflow of a publication is started, by whoever starts it. */
export function calendarChangeOptions(version: number) {
  return {
    workflowId: `calendar-change-${version}`,
    taskQueue: housekeepingQueue,
    staticSummary: `放假安排第 ${version} 版,通知在办申请`,
  };
}

/**
 * The messages of the `accreditation` workflow, whose id is the accreditation's. As for a case, each is an Update
 * and a Signal.
 */
export const accreditationMessages = {
  renewalFiled: bothOf('renewalFiled'),
  renewalEnded: bothOf('renewalEnded'),
  renewed: bothOf('renewed'),
  institutionChanged: bothOf('institutionChanged'),
  revoke: bothOf('revoke'),
};

function bothOf<Name extends AccreditationMessageName>(name: Name) {
  return {
    update: defineUpdate<AccreditationProgress, [AccreditationMessages[Name]]>(name),
    signal: defineSignal<[AccreditationMessages[Name]]>(name),
  };
}

/** What the query `progress` of an `accreditation` workflow and its Updates answer; Shanghai dates. */
export interface AccreditationProgress {
  accreditationId: string;
  /** Of the last change; what is answered by an Update is recorded. */
  sequence: number;
  status: AccreditationStatus;
  validFrom: string;
  validUntil: string | null;
  /** Acceptance number of the renewal that is being decided. */
  renewal: string | null;
}

export const accreditationProgress = defineQuery<AccreditationProgress>('progress');

/** How an accreditation's workflow is started, by whoever starts it. */
export function accreditationOptions({ accreditationId, status }: AccreditationStart) {
  return {
    workflowId: accreditationId,
    taskQueue,
    typedSearchAttributes: new TypedSearchAttributes([{ key: searchAttributes.caseStatus, value: status }]),
    workflowTaskTimeout: '5s', // as for an application
    staticSummary: `门特认定 ${accreditationId}`,
  };
}

export interface AbsenceStart {
  absenceId: string;
}

/** What the query `progress` of an `absence` workflow answers, and what it returns in the end. */
export interface AbsenceProgress extends Handover {
  /** `dropped`: the absence was changed or ended before everything was handed over, or was over already. */
  state: 'planned' | 'handedOver' | 'dropped';
}

export const absenceProgress = defineQuery<AbsenceProgress>('progress');

/** How an absence's workflow is started, by whoever starts it. */
export function absenceOptions({ absenceId }: AbsenceStart) {
  return {
    workflowId: `absence-${absenceId}`,
    taskQueue: housekeepingQueue,
    staticSummary: '审核人员不在岗,移交在办申请',
  };
}

export interface DeliveryStart {
  notificationId: string;
}

/** How what is done about a 短信 that hasn't arrived is started: the workflow id is the notification's. */
export function deliveryOptions({ notificationId }: DeliveryStart) {
  return { workflowId: notificationId, taskQueue: housekeepingQueue, staticSummary: '短信未送达,改用其他方式告知' };
}

export interface DispatchNotificationStart {
  notificationId: string;
  /** Instant after which there is no use in sending it any more. */
  until?: string;
}

/** How the dispatch of a notification about a new phone is started, by whoever starts it. */
export function dispatchNotificationOptions({ notificationId }: DispatchNotificationStart) {
  return { workflowId: notificationId, taskQueue, staticSummary: '单独发送的短信' };
}

export interface HousekeepingStart {
  /** How many passes it makes before it ends; the Schedule then begins the next one. */
  passes?: number;
}

/** What the query `progress` of the `housekeeping` workflow answers, and what it returns in the end. */
export interface HousekeepingProgress {
  passes: number;
  /** Workflows that it began, and rows that it brought up to date. */
  mended: number;
  /** Activities that failed; the next pass does their work. */
  failed: number;
}

export const housekeepingProgress = defineQuery<HousekeepingProgress>('progress');
