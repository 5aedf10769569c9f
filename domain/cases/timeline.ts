import type { Moves } from '../calendar/moves.ts';
import type { MaterialKind, RefusalReason, Via } from '../vocabulary.ts';
import type { DocumentSeen } from './attendance.ts';
import type { Material } from './materials.ts';
import type { RequestedItem } from './messages.ts';
import type { Objection } from './reviewing.ts';
import type { ApplicationState } from './state.ts';

/** What happened to a case (办理进度), by kind; the applicant sees those marked true, the rest is the office's. */
export const entryKinds = {
  submitted: true,
  eligibilityDelayed: true,
  refused: true,
  accepted: true,
  materialsRequested: true,
  supplementReminded: true,
  verificationRequested: true,
  verificationReminded: true,
  verificationRecorded: true,
  verificationMissed: true,
  resubmitted: true,
  lapsed: true,
  firstApproved: false,
  approved: true,
  registered: true,
  registrationRefused: true,
  rejected: true,
  resubmissionReminded: true,
  appealReminded: true,
  appealed: true,
  closed: true,
  withdrawn: true,
  calendarChanged: true,
  assigned: false,
  claimsReleased: false,
  noticeReminded: false,
  reviewerReminded: false,
  escalated: false,
  messageIgnored: false,
} as const;
export type EntryKind = keyof typeof entryKinds;

/** What an entry says beyond its kind. */
export interface EntryDetail {
  reason?: string;
  /** Codes of the policy's list of reasons for a rejection. */
  grounds?: string[];
  /** 一次性告知: the round's first request came too late, or (why) something else was asked for afterwards. */
  late?: boolean;
  belatedReason?: string;
  /** Of a resubmission: id of the corrected form. */
  form?: string;
  /** Why the application isn't accepted (不予受理). */
  reasons?: RefusalReason[];
  note?: string;
  items?: RequestedItem[];
  kinds?: MaterialKind[];
  materials?: Material[];
  /** A clerk did it, for who was at the window; and when they had taken their ticket there (instant). */
  documentSeen?: DocumentSeen;
  ticketTakenAt?: string;
  to?: string;
  authority?: 'supervisor';
  passed?: boolean;
  level?: number;
  left?: number;
  validFrom?: string;
  validUntil?: string;
  /** The accreditation (认定) that an approval brought. */
  accreditationId?: string;
  /**
   * Of a message that changed nothing: its name, and, where that was why, the malformed fields or what spoke
   * against its sender.
   */
  message?: string;
  fields?: string[];
  objection?: Objection;
  /** Version of the calendar that the case heard of, and what it did to the dates that its people were told. */
  version?: number;
  moves?: Moves;
}

/** The entries by which the people of a case learn its dates. */
export const datedEntries: readonly EntryKind[] = [
  'accepted',
  'materialsRequested',
  'verificationRequested',
  'verificationRecorded',
  'verificationMissed',
  'resubmitted',
  'rejected',
  'appealed',
  'calendarChanged',
];

export interface TimelineEntry {
  /** Instant, by the workflow's clock. */
  at: string;
  kind: EntryKind;
  /** Opaque id of who did it; `system` for the case itself. */
  by: string;
  via: Via;
  detail: EntryDetail;
  /** Id of the Update that caused it. */
  requestId?: string;
}

/** One step of a case: the entry and the whole state after it. Numbered from 1 without gaps. */
export interface Change {
  sequence: number;
  entry: TimelineEntry;
  state: ApplicationState;
}
