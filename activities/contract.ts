import type { Registered } from '../domain/accreditations/grant.ts';
import type { AccreditationMilestone } from '../domain/accreditations/milestones.ts';
import type { AccreditationState } from '../domain/accreditations/state.ts';
import type { AccreditationChange } from '../domain/accreditations/timeline.ts';
import type { Schedule } from '../domain/cases/schedule.ts';
import type { ApplicationState } from '../domain/cases/state.ts';
import type { Change } from '../domain/cases/timeline.ts';
import type { DueStep, OutwardChannel, Parcel, Unsent } from '../domain/notifications/delivery.ts';
import type { Retained } from '../domain/retention.ts';
import type { Handover } from '../domain/staff/absence.ts';
import type { AccreditationStatus, ApplicationType, Channel, RefusalReason } from '../domain/vocabulary.ts';

/** What starts a case's workflow: no personal and no health data, since every operator can read it. */
export interface ApplicationStart {
  /** Acceptance number; also the workflow id. */
  acceptanceNumber: string;
  type: ApplicationType;
  channel: Channel;
  /** The state at submission. */
  state: ApplicationState;
}

/** What a workflow carries over when it continues as new, or is begun again from its row. */
export interface Carried {
  /** Of the last step recorded. */
  sequence: number;
  /**
   * Ids of the Updates that were applied last. Temporal forgets them with the run, while their senders may send them
   * again.
   */
  requests: string[];
  /** Notifications that haven't left yet. */
  parcels: Parcel[];
}

/** As `Carried`, of a case. */
export interface CarriedCase extends Carried {
  /** The latest entries of the present round. */
  timeline: (Pick<Change['entry'], 'at' | 'kind' | 'by' | 'via'> & { sequence: number })[];
  /** What lies ahead; null where that is to be read. */
  schedule: Schedule | null;
  /** What the search attributes say. */
  published: { status: string; dueAt: string | null; level: number };
}

/** What starts an accreditation's workflow, which reads the rest from its row: no personal and no health data. */
export interface AccreditationStart {
  /** Also the workflow id. */
  accreditationId: string;
  status: AccreditationStatus;
}

/** What a carrying-out leaves to the workflow. */
export interface CaseCarriedOut {
  schedule: Schedule;
  unsent: Unsent[];
  /** What the insurance core has agreed to, recorded with the rest; missing where it wasn't asked, or is slow. */
  followed?: Change | undefined;
  /**
   * What the core objects to, on which the workflow decides: the person isn't eligible, or the core doesn't register
   * the approval.
   */
  refusal?: { reasons: RefusalReason[] } | { reason: string } | undefined;
}

/** As `CaseCarriedOut`, of an accreditation. */
export interface AccreditationCarriedOut {
  milestones: AccreditationMilestone[];
  unsent: Unsent[];
  /** The insurance core has heard of the revocation that the accreditation owed it. */
  coreInformed: boolean;
}

/**
 * What carries decisions out. These are ordinary activities, since an effect must not come before the workflow task
 * that decided on it is durable; a local activity runs within that task.
 */
export interface CarryingActivities {
  /**
   * Records changes of a case in their order, in one transaction and each at most once. Then it dispatches the
   * notifications that may leave now, for about two seconds; the rest is left to the workflow. Fails for good with type
   * `UnknownApplication` where nothing was filed under the number; all else is retried.
   * @param busy channels over which earlier notifications of the case haven't left yet: theirs go first
   * @param sequence of the last change, and `state` after it, also where there are no changes
   * @param asksCore whether to ask the insurance core first, for about two seconds, for what the state waits for:
   * whether the person is eligible (then there needn't be any changes), or that it registers an approval. What it
   * agrees to is recorded as the next change; the workflow decides nothing meanwhile.
   */
  carryOut(input: {
    acceptanceNumber: string;
    sequence: number;
    state: ApplicationState;
    changes: Change[];
    busy: OutwardChannel[];
    asksCore: boolean;
  }): Promise<CaseCarriedOut>;
  /**
   * As `carryOut`, for an accreditation; what the insurance core has to hear of is a revocation. Fails for good with
   * type `UnknownAccreditation`.
   */
  carryOutAccreditation(input: {
    accreditationId: string;
    changes: AccreditationChange[];
    busy: OutwardChannel[];
  }): Promise<AccreditationCarriedOut>;
}

/** Where the list of cases that haven't heard of the calendar was left off. */
export interface UnheardCursor {
  /** 0 for those of whose dates one came earlier, else 1. */
  rank: number;
  acceptanceNumber: string;
}

export interface Unheard {
  /** Version of the calendar in force. */
  version: number;
  acceptanceNumbers: string[];
  /** How many there are in all. */
  waiting: number;
  /** Where to go on; null when there are no more. */
  next: UnheardCursor | null;
}

/** Short reads and writes of the store. */
export interface StoreActivities {
  /** What lies ahead of a case by today's calendar and policy; writes nothing. */
  readSchedule(input: { acceptanceNumber: string; state: ApplicationState }): Promise<Schedule>;
  /** Marks notifications as failed that nobody has taken in all the time that was worth trying. */
  giveUp(input: { notificationIds: string[]; now: string }): Promise<void>;
  /** The next way to reach somebody whose 短信 has failed, and when; null where there is nothing more to do. */
  nextDeliveryStep(input: { notificationId: string }): Promise<DueStep | null>;
  /**
   * Notes that a step was taken (once), and does what it means in the store.
   * @returns ids of the mails that have to be dispatched
   */
  takeDeliveryStep(input: { notificationId: string; step: DueStep }): Promise<string[]>;
  /**
   * An accreditation as it was recorded last, and what lies ahead of it. Fails for good with type
   * `UnknownAccreditation` where nothing was granted under the id.
   */
  readAccreditation(input: { accreditationId: string }): Promise<{
    state: AccreditationState;
    sequence: number;
    milestones: AccreditationMilestone[];
    /** What an earlier run has left. */
    unsent: Unsent[];
  }>;
  /** What lies ahead of an accreditation by today's policy; writes nothing. */
  readMilestones(input: { state: AccreditationState }): Promise<AccreditationMilestone[]>;
  /**
   * Open cases that haven't heard of the calendar in force, those with a date that came earlier first; as many as may
   * be told in a second.
   */
  findUnheard(input: { after: UnheardCursor | null }): Promise<Unheard>;
}

/** As `StoreActivities`, about absences (不在岗). */
export interface AbsenceActivities {
  /**
   * Notes that an absence has its workflow. Fails for good with type `UnknownAbsence` where none was entered under the
   * id.
   * @returns the instant at which it begins
   */
  beginAbsence(input: { absenceId: string }): Promise<{ beginsAt: string }>;
  /**
   * Open cases of a person who is absent, some at a time: as they are at `now` (instant), behind `after`.
   * @returns their numbers, who takes over from today on (null: nobody, they are given back), and who entered the
   * absence; null where the absence was changed or ended, or is over
   */
  findCasesOfAbsent(input: { absenceId: string; now: string; after: string | null }): Promise<{
    acceptanceNumbers: string[];
    to: string | null;
    by: string;
  } | null>;
  /** Keeps for the supervisor what became of the cases. */
  recordHandover(input: { absenceId: string; handover: Handover }): Promise<void>;
}

/** The daily briefing (汇总邮件) of the staff. */
export interface BriefingActivities {
  /**
   * Ids of the staff for whom something waits by the hour of the briefing on a Shanghai date, of those to whom it was
   * addressed before it was handed on, and of the admins who haven't heard this week that a year's circular is missing;
   * none on a day off. A short read of the store.
   */
  findBriefingReaders(input: { date: string }): Promise<string[]>;
  /**
   * Dispatches one mail with all that waited for somebody by the hour of the briefing on that date. A repeated try
   * sends again only what may not have gone out, under the same Message-ID; fails with type `ProviderUnavailable` while
   * nobody takes it. What is refused waits for the next briefing.
   */
  sendBriefing(input: { recipient: string; date: string }): Promise<void>;
}

/**
 * What was registered, or why the insurance core refuses to register it. `approval` is the sequence of the approval
 * that was asked for, which may not be the last one any more.
 */
export type Registration = { approval: number } & (Registered | { reason: string });

/** What the insurance core (医保核心系统) is asked. All of them fail with type `CoreUnavailable` while it doesn't answer. */
export interface InsuranceActivities {
  /**
   * Whether the person is eligible (参保资格), and for what is to be renewed or changed; keeps what the core says for the
   * reviewer.
   * @returns what speaks against it
   */
  assess(input: { acceptanceNumber: string }): Promise<{ reasons: RefusalReason[] }>;
  /**
   * Registers an approval (2503), once however often it is tried: a new accreditation, the next period of a running
   * one, or its new institution. What it brings is written down, and the accreditation's workflow hears of it; where
   * the core refuses, neither happens.
   */
  register(input: { acceptanceNumber: string }): Promise<Registration>;
  /** Revokes an accreditation's registration (2504). */
  deregister(input: { accreditationId: string }): Promise<void>;
}

/** What reaches out of the house. */
export interface OutwardActivities {
  /**
   * Dispatches the notifications of one event over one channel. A notification that can't be sent as it is (a wrong
   * number) is marked failed; the others are tried again. What an earlier try has dispatched isn't sent again, as far
   * as the provider can be asked. Fails with type `ProviderUnavailable` while no provider takes them.
   * @returns when to come back for those that may not leave yet (instant); null where there are none
   */
  notify(input: { notificationIds: string[] }): Promise<string | null>;
  /**
   * Dispatches a 短信 that has failed to a provider who hasn't had it yet. Fails with type `ProviderUnavailable` while
   * none takes it.
   * @returns when to come back where it may not leave yet (instant), else null
   */
  resend(input: { notificationId: string }): Promise<string | null>;
  /** Asks the providers for the receipts (回执) that are due, as many as a minute allows. */
  askReceipts(): Promise<void>;
  /**
   * Tells cases of a new calendar by their signal `calendarChanged`. A repeated try tells all of them again; a case
   * hears of a version once.
   * @returns how many were reached; the others have ended
   */
  tell(input: { acceptanceNumbers: string[]; version: number }): Promise<number>;
  /**
   * Gives cases of somebody absent to who takes over, or back (null), by their Update `assign`. A repeated try finds what the first one
   * did.
   * @returns how many were given, and which stay since who takes over may not decide on them; ended ones are neither
   */
  reassign(input: { absenceId: string; acceptanceNumbers: string[]; by: string; to: string | null }): Promise<Handover>;
}

/** How far the comparison of rows with workflows has come: the id of the last one, by type; null at the beginning. */
export interface Walk {
  application: string | null;
  accreditation: string | null;
}

/** How much a run of retention has erased, in numbers only. */
export interface RetainedCounts extends Record<Retained, number> {
  /** Erasures of a person that were cut off, and finished now. */
  erasures: number;
  /** What couldn't be erased; the next run tries again. */
  failed: number;
}

/** What retention does (保存期限). */
export interface RetentionActivities {
  /**
   * Erases some of what is to be kept no longer, and finishes erasures that were cut off; may be repeated. What fails
   * is counted, and doesn't keep the rest.
   * @param began instant of the run, which decides what is due
   * @param first whether this is the run's first batch: erasures are looked at once
   * @returns counts, and whether there is more to do
   */
  retain(input: { began: string; first: boolean }): Promise<{ counts: RetainedCounts; more: boolean }>;
}

export interface Reconciled {
  /** Workflows that were begun, and rows that were brought up to date. */
  mended: number;
  walk: Walk;
  /** Whether there is anything to do for the other activities of the pass. */
  due: { receipts: boolean; deliveries: boolean };
}

/** What housekeeping does in a pass; each is tried once, since the next pass comes anyway. */
export interface HousekeepingActivities {
  /** Finds what has come apart between store and Temporal, and brings it together again; what it does is logged. */
  reconcile(input: { walk: Walk }): Promise<Reconciled>;
  /**
   * Begins a `delivery` workflow for each 短信 that has failed, however that became known: by a refusal, a callback, an
   * answer to a question, or because it was given up.
   * @returns how many workflows it began
   */
  beginDeliveries(): Promise<number>;
}

/** What a sweep found: files that nobody had handed in, contents without a file, and files without their content. */
export interface Swept {
  unused: number;
  debris: number;
  lost: number;
}

/** What keeps FILES_DIR tidy. */
export interface SweepActivities {
  /**
   * Deletes files that no case has after the policy's days, and what uploads and crashes have left beside them; tells
   * the operator of files of cases whose content is gone.
   */
  sweepFiles(): Promise<Swept>;
}
