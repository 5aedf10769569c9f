import { caseStaff, isStaff, reviewers } from '../staff/roles.ts';
import type { Channel, Role } from '../vocabulary.ts';
import { type AttendedOn, hasAttended } from './attendance.ts';

/** Who asks, as far as it decides what they may do. */
export interface Asker {
  /** Opaque: of staff their id, of an applicant the keyed hash of their ID number. */
  subject: string;
  /** Those that count. */
  roles: readonly Role[];
  /** Keyed hash of their ID number, where the token says who they are. */
  person?: { hash: string } | undefined;
}

/** Whose something is. */
export interface Owned {
  /**
   * Who filed it: the keyed hash of the ID number of the applicant or an agent, or the id of the clerk at the window. An
   * accreditation belongs only to whom it is about.
   */
  submittedBy?: string;
  /** Keyed hash of the ID number of whom it is about. */
  idNumberHash: string;
}

/** Who has to do with a case. */
export interface Parties extends Owned, AttendedOn {
  channel: Channel;
  /** Those who filed it, or handed something in later: at the window the clerks. */
  filedBy: readonly string[];
  /** Keyed hash of the agent's ID number; null without an agent. */
  agentHash: string | null;
  /** Staff id of who is in charge (承办人); null where nobody is. */
  assignee: string | null;
  /** Staff ids of those who have decided anything so far, or seen the originals. */
  reviewers: readonly string[];
}

/** What somebody wants to do with a case. */
export type CaseAct =
  | 'see'
  /** What is the applicant's alone to do: appeal. */
  | 'actFor'
  /**
   * What is theirs, and a clerk's for who is at the window with a document: resubmit, withdraw, change the phone
   * (窗口代办).
   */
  | 'attend'
  /** What is a reviewer's: decide, ask for something, hand over. */
  | 'review'
  /** Record a verification (线下核验). */
  | 'verify'
  /** Free a person for whom a case stands in the way of another (解除占用). */
  | 'release'
  /** Record that the applicant was told by telephone. */
  | 'call'
  /** Write an internal note (内部备注). */
  | 'note';

/** Why somebody may not; `unknown` is answered as if there were no such case. */
export type Refusal = 'unknown' | 'forbidden' | 'applicantsOwn' | 'atWindow' | 'ownCase';

/** Which roles an act is for. Whoever has none of them isn't asked anything else. */
export const rolesFor: Record<CaseAct, readonly Role[]> = {
  see: ['applicant', 'clerk', 'reviewer', 'supervisor', 'director'],
  actFor: ['applicant', 'clerk'],
  attend: ['applicant', 'clerk'],
  review: reviewers,
  verify: ['clerk'],
  release: ['supervisor'],
  call: ['clerk', 'supervisor'],
  note: caseStaff,
};

/**
 * Whether something belongs to somebody: it is about them, whichever app they use, or they filed it, as an agent or as a
 * clerk at the window.
 */
export function isOwner({ subject, person }: Asker, { submittedBy, idNumberHash }: Owned): boolean {
  if (person && [submittedBy, idNumberHash].includes(person.hash)) return true;
  return submittedBy === subject;
}

/** Whether somebody is known to be the applicant or the agent. */
export function isParty({ person }: Asker, parties: Pick<Parties, 'idNumberHash' | 'agentHash'>): boolean {
  return person !== undefined && (person.hash === parties.idNumberHash || person.hash === parties.agentHash);
}

/** Why somebody may not see what belongs to somebody else; null where they may. Staff see everything. */
export function objectionToSight(asker: Asker, owned: Owned): Refusal | null {
  return isStaff(asker) || isOwner(asker, owned) ? null : 'unknown';
}

/**
 * Why somebody may not do something to a case; null where they may. What depends on the course of the case (who is in
 * charge, who took part) its workflow decides: `objection` in `reviewing.ts`.
 * @param documentSeen a clerk says to have seen the document of who is at the window
 */
export function objectionToAct(
  act: CaseAct,
  asker: Asker,
  parties: Parties,
  { documentSeen = false }: { documentSeen?: boolean } = {},
): Refusal | null {
  const hidden = objectionToSight(asker, parties);
  if (hidden || act === 'see') return hidden;
  const isAtWindow = documentSeen || parties.channel === 'window';
  if (act === 'attend' && isAtWindow && asker.roles.includes('clerk')) {
    return isParty(asker, parties) || isReviewedBy(asker, parties) ? 'ownCase' : null;
  }
  if (act === 'actFor' || act === 'attend') return objectionToActing(asker, parties);
  if (!asker.roles.some((role) => rolesFor[act].includes(role))) return 'forbidden';
  return isPartial(act, asker, parties) ? 'ownCase' : null;
}

/**
 * On an online case its applicant acts, through any app, or the agent who filed it; a clerk only with their document
 * before them, and not to appeal. For a case that was filed at the
 * window any clerk does, since the one who filed it may be off that day; but no clerk on their own: they would vouch for
 * their own papers. Its applicant sees it online, too.
 */
function objectionToActing(asker: Asker, parties: Parties): Refusal | null {
  if (parties.channel !== 'window') return isOwner(asker, parties) ? null : 'applicantsOwn';
  if (!asker.roles.includes('clerk')) return 'atWindow';
  return isParty(asker, parties) ? 'ownCase' : null;
}

/**
 * Whoever acts for somebody at the window may not decide the case, hand it over or give it back from then on: with the
 * one in charge, or one of two who approve, it would stay as it is.
 */
export function isReviewedBy(
  { subject }: Pick<Asker, 'subject'>,
  { assignee, reviewers }: Pick<Parties, 'assignee' | 'reviewers'>,
): boolean {
  return assignee === subject || reviewers.includes(subject);
}

/**
 * Separation of duties (回避): nobody decides or verifies a case that they filed, handed something in for, or are a party
 * to. Nor do they call about it or note something on it, unless they only acted at the window for who was there.
 */
function isPartial(act: CaseAct, asker: Asker, parties: Parties): boolean {
  if (isParty(asker, parties)) return true;
  const hasFiled = parties.submittedBy === asker.subject;
  if (act === 'call' || act === 'note') return hasFiled && parties.channel !== 'window';
  return hasFiled || parties.filedBy.includes(asker.subject) || hasAttended(parties, asker.subject);
}

/** Whether somebody would take in, at the window, an application that is their own. */
export function filesOwnAtWindow(asker: Asker, filing: Pick<Parties, 'channel' | 'idNumberHash' | 'agentHash'>) {
  return filing.channel === 'window' && isParty(asker, filing);
}

/** Why somebody may not revoke an accreditation; null where they may. */
export function objectionToRevoking(asker: Asker, accreditation: Owned): Refusal | null {
  if (!asker.roles.includes('supervisor')) return 'forbidden';
  return isOwner(asker, accreditation) ? 'ownCase' : null;
}
