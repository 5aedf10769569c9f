import type { Handover } from '../domain/absence.ts';
import type { AccreditationMilestone, AccreditationState } from '../domain/accreditation.ts';
import type { AccreditationChange } from '../domain/accreditation-timeline.ts';
import type { ApplicationState, ApplicationType, Channel } from '../domain/application.ts';
import type { DueStep } from '../domain/delivery.ts';
import type { RefusalReason } from '../domain/eligibility.ts';
import type { Schedule } from '../domain/milestones.ts';
import type { Change } from '../domain/timeline.ts';

/** What starts a case's workflow: no personal and no health data, since every operator can read it. */
export interface ApplicationStart {
  /** Acceptance number; also the workflow id. */
  acceptanceNumber: string;
  type: ApplicationType;
  channel: Channel;
  /** The state at submission. */
  state: ApplicationState;
}

/** What starts an accreditation's workflow: no personal and no health data. */
export interface AccreditationStart {
  /** Also the workflow id. */
  accreditationId: string;
  state: AccreditationState;
  /** Of the last change recorded; 0 for one that was granted just now. */
  sequence: number;
}

/** Channels whose messages a provider has to take; an APP message is there once it is recorded. */
export type OutwardChannel = 'sms' | 'email';

/** What a change leaves to be handed over. */
export interface Queued {
  /** Ids of the messages that the change causes and that nobody has handed over yet. */
  queued: Record<OutwardChannel, string[]>;
  /** When the first of them leaves (instant), by channel; null where there is none. Older histories lack it: there all leave at once. */
  leavesAt?: Record<OutwardChannel, string | null>;
}

export interface Recorded extends Queued {
  schedule: Schedule;
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

/** Short reads and writes of the store, run as local activities: no round trip to the server, one event each. */
export interface StoreActivities {
  /**
   * Writes one step of a case, at most once per sequence.
   * Fails for good with type `UnknownApplication` where nothing was filed under the number; all else is retried.
   */
  record(input: { acceptanceNumber: string; change: Change }): Promise<Recorded>;
  /** What lies ahead of a case by today's calendar and policy; writes nothing. */
  readSchedule(input: { acceptanceNumber: string; state: ApplicationState }): Promise<Schedule>;
  /** Marks messages as failed that nobody has taken in all the time that was worth trying. */
  giveUp(input: { messageIds: string[]; now: string }): Promise<void>;
  /** The next way to reach somebody whose 短信 has failed, and when; null where there is nothing more to do. */
  nextDeliveryStep(input: { messageId: string }): Promise<DueStep | null>;
  /**
   * Notes that a step was taken (once), and does what it means in the store.
   * @returns ids of the mails that have to be handed over
   */
  takeDeliveryStep(input: { messageId: string; step: DueStep }): Promise<string[]>;
  /**
   * Writes one step of an accreditation, at most once per sequence.
   * Fails for good with type `UnknownAccreditation` where nothing was granted under the id; all else is retried.
   */
  recordAccreditation(input: {
    accreditationId: string;
    change: AccreditationChange;
  }): Promise<Queued & { milestones: AccreditationMilestone[] }>;
  /** What lies ahead of an accreditation by today's policy; writes nothing. */
  readMilestones(input: { state: AccreditationState }): Promise<AccreditationMilestone[]>;
  /** Open cases that haven't heard of the calendar in force: as many as may hear of it in a second, those whose dates came earlier first. */
  findUnheard(input: { after: UnheardCursor | null }): Promise<Unheard>;
}

/** As `StoreActivities`, about absences (不在岗). */
export interface AbsenceActivities {
  /**
   * Notes that an absence has its workflow. Fails for good with type `UnknownAbsence` where none was entered under the id.
   * @returns the instant at which it begins
   */
  beginAbsence(input: { absenceId: string }): Promise<{ beginsAt: string }>;
  /**
   * Open cases of who is absent, some at a time: as they are at `now` (instant), behind `after`.
   * @returns them, who takes over from today on, and who entered it; null where the absence was changed or ended, or is over
   */
  findCasesOfAbsent(input: { absenceId: string; now: string; after: string | null }): Promise<{
    acceptanceNumbers: string[];
    to: string;
    by: string;
  } | null>;
  /** Keeps for the supervisor what became of the cases. */
  recordHandover(input: { absenceId: string; handover: Handover }): Promise<void>;
}

/** The daily digest (汇总邮件) of the staff. */
export interface DigestActivities {
  /**
   * Ids of the staff for whom something waits by the hour of the digest on a Shanghai date, or to whom it was addressed before it was handed on;
   * none on a day off. A short read of the store.
   */
  findDigestReaders(input: { date: string }): Promise<string[]>;
  /**
   * Hands one mail over with all that waited for somebody by the hour of the digest on that date. A repeated try sends again only what may not have
   * gone out, under the same Message-ID; fails with type `ProviderUnavailable` while nobody takes it. What is refused waits for the next digest.
   */
  sendDigest(input: { recipient: string; date: string }): Promise<void>;
}

export interface Assessed {
  /** Empty where nothing speaks against it. */
  reasons: RefusalReason[];
  /** What is to be renewed or changed, and an earlier system may have granted. */
  accreditation?: AccreditationStart;
}

export interface Registered extends AccreditationStart {
  validFrom: string;
  validUntil: string | null;
}

/** What the insurance core (医保核心系统) is asked. All of them fail with type `CoreUnavailable` while it doesn't answer. */
export interface InsuranceActivities {
  /** Whether the person is eligible (参保资格), and for what is to be renewed or changed; keeps what the core says for the reviewer. */
  assess(input: { acceptanceNumber: string }): Promise<Assessed>;
  /**
   * Registers an approval (2503), once however often it is tried: a new accreditation, the next period of a running one, or its new
   * institution. What it brings is written down here; where the core refuses, nothing is.
   */
  register(input: { acceptanceNumber: string }): Promise<Registered | { reason: string }>;
  /** Revokes an accreditation's registration (2504). */
  deregister(input: { accreditationId: string }): Promise<void>;
}

/** What reaches out of the house. */
export interface OutwardActivities {
  /**
   * Hands over the messages of one event over one channel. Those that can't be sent as they are (a wrong number) are marked failed; the rest is tried
   * again: fails with type `ProviderUnavailable` while no provider takes them. What an earlier try has handed over isn't sent again, as far as the
   * provider can be asked.
   * @returns when to come back for those that may not leave yet (instant); null where there are none. Older histories have nothing.
   */
  notify(input: { messageIds: string[] }): Promise<string | null>;
  /**
   * Hands a 短信 that has failed to a provider who hasn't had it yet. Fails with type `ProviderUnavailable` while none takes it.
   * @returns when to come back where it may not leave yet (instant), else null
   */
  resend(input: { messageId: string }): Promise<string | null>;
  /** Asks the providers for the receipts (回执) that are due, as many as a minute allows. */
  askReceipts(): Promise<void>;
  /**
   * Tells cases of a new calendar by their signal `calendarChanged`. A repeated try tells all of them again; a case hears of a version once.
   * @returns how many were reached; the others have ended
   */
  tell(input: { acceptanceNumbers: string[]; version: number }): Promise<number>;
  /**
   * Gives cases of somebody absent to who takes over, by their Update `assign`. A repeated try finds what the first one did.
   * @returns how many were given, and which stay since who takes over may not decide on them; ended ones are neither
   */
  reassign(input: { absenceId: string; acceptanceNumbers: string[]; by: string; to: string }): Promise<Handover>;
}

/** How far the comparison of rows with workflows has come: the id of the last one, by type; null at the beginning. */
export interface Walk {
  application: string | null;
  accreditation: string | null;
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
   * Has somebody take care of each 短信 that has failed, however that became known: a refusal, a callback, a question, or that it was given up.
   * @returns how many `delivery` workflows it began
   */
  beginDeliveries(): Promise<number>;
}
