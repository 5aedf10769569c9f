import type { Registered } from '../accreditations/grant.ts';
import { shanghaiDate } from '../dates.ts';
import type { RefusalReason } from '../vocabulary.ts';
import { awaitsSecondApproval } from './awaiting.ts';
import type { Message, MessageName } from './messages.ts';
import type { Milestone, Purpose } from './milestones.ts';
import { judgedBy } from './one-time-notice.ts';
import { type Objection, objection } from './reviewing.ts';
import type { Schedule } from './schedule.ts';
import type { ApplicationState } from './state.ts';
import type { Change, EntryDetail, EntryKind } from './timeline.ts';
import { type CaseEvent, transition } from './transitions.ts';

/** What happens to a case: the event that moves it, if one does, and how the timeline tells it. */
export interface Happening {
  event?: CaseEvent;
  kind: EntryKind;
  detail: EntryDetail;
}

const kinds: Record<MessageName, EntryKind> = {
  approve: 'approved',
  reject: 'rejected',
  requestMaterials: 'materialsRequested',
  requestVerification: 'verificationRequested',
  recordVerification: 'verificationRecorded',
  resubmit: 'resubmitted',
  appeal: 'appealed',
  withdraw: 'withdrawn',
  assign: 'assigned',
  releaseClaims: 'claimsReleased',
  calendarChanged: 'calendarChanged',
};

/** What a message brings. @returns it, and its sender; `system` for what nobody in particular sends */
export function broughtBy(state: ApplicationState, message: Message): Happening & { by: string } {
  const { by = 'system', replaces: _, answers: __, ...detail }: Sent = message.payload;
  return { by, event: message, kind: kindOf(state, message), detail };
}

/** What a message says, beside which request it was sent for: that was settled when it came. */
type Sent = EntryDetail & { by?: string; replaces?: number; answers?: number };

function kindOf(state: ApplicationState, { name }: Message): EntryKind {
  if (name === 'approve' && awaitsSecondApproval(state)) return 'firstApproved';
  return name === 'requestMaterials' && state.status === 'awaitingMaterials' ? 'requestReplaced' : kinds[name];
}

const reminders: Partial<Record<Purpose, EntryKind>> = {
  tellDelay: 'eligibilityDelayed',
  remindNotice: 'noticeReminded',
  remindReviewer: 'reviewerReminded',
  remindSupplement: 'supplementReminded',
  remindVerification: 'verificationReminded',
  remindResubmission: 'resubmissionReminded',
  remindAppeal: 'appealReminded',
};

/** What happens to the case when the time of a milestone has come. */
export function broughtAbout({ purpose, value }: Pick<Milestone, 'purpose' | 'value'>): Happening {
  const reminder = reminders[purpose];
  if (reminder) return { kind: reminder, detail: purpose === 'tellDelay' ? {} : { left: value } };
  if (purpose === 'escalate') {
    return { event: { name: 'escalate', level: value }, kind: 'escalated', detail: { level: value } };
  }
  if (purpose === 'lapse') return { event: { name: 'lapse' }, kind: 'lapsed', detail: {} };
  if (purpose === 'missVerification') {
    return { event: { name: 'missVerification' }, kind: 'verificationMissed', detail: {} };
  }
  return { event: { name: 'close' }, kind: 'closed', detail: {} };
}

/** What the insurance core's answer to the question for eligibility brings. @param reasons what speaks against it */
export function broughtByAssessment(reasons: RefusalReason[]): Happening {
  return reasons.length > 0
    ? { event: { name: 'refuse', reasons }, kind: 'refused', detail: { reasons } }
    : { event: { name: 'accept' }, kind: 'accepted', detail: {} };
}

/**
 * What the insurance core's answer to the registration of an approval brings. It has either registered it, or says why
 * it refuses to.
 */
export function broughtByRegistration(answer: Registered | { reason: string }): Happening {
  if ('reason' in answer) {
    return { event: { name: 'refuseRegistration' }, kind: 'registrationRefused', detail: { reason: answer.reason } };
  }
  const { accreditationId, validFrom, validUntil } = answer;
  const detail = { accreditationId, validFrom, ...(validUntil ? { validUntil } : {}) };
  return { event: { name: 'register' }, kind: 'registered', detail };
}

/**
 * The change that follows another one by itself.
 * @param at instant
 * @returns undefined where it doesn't fit the state
 */
export function following(
  { sequence, state }: Pick<Change, 'sequence' | 'state'>,
  { event, kind, detail }: Happening,
  at: string,
): Change | undefined {
  const next = event ? transition(state, event, shanghaiDate(at)) : state;
  if (!next) return undefined;
  return { sequence: sequence + 1, entry: { at, kind, by: 'system', via: 'system', detail }, state: next };
}

/**
 * What speaks against a message: the status (nothing more is said then), the time, or its sender.
 * @param windows last days of what the applicant may still do (Shanghai dates)
 * @param claimed the sender is only claimed: the message came as a signal
 * @param today Shanghai date
 * @returns null where nothing speaks against it
 */
export function against(
  state: ApplicationState,
  windows: Pick<Schedule, 'appealUntil' | 'windowEndsOn'>,
  message: Message,
  { claimed, today }: { claimed: boolean; today: string },
): { objection?: Objection } | null {
  if (transition(state, message, today) === null) return {};
  if (isLate(state, windows, message, today)) return { objection: 'tooLate' };
  const toSender = objection(judgedBy(state, today), message, claimed);
  return toSender && { objection: toSender };
}

/** A rejected case is open as long as either a resubmission or an appeal is possible. */
function isLate(
  { status }: ApplicationState,
  { appealUntil, windowEndsOn }: Pick<Schedule, 'appealUntil' | 'windowEndsOn'>,
  { name }: Message,
  today: string,
): boolean {
  if (status !== 'rejected') return false;
  const until = name === 'appeal' ? appealUntil : name === 'resubmit' ? windowEndsOn : null;
  return until !== null && today > until;
}
