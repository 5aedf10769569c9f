import type { Channel, IdentityDocument } from '../vocabulary.ts';

/** By which document a clerk saw who is at the window, and who that is. */
export interface DocumentSeen {
  document: IdentityDocument;
  of: 'applicant' | 'agent';
}

/** What a clerk did for somebody at the window that isn't among a case's changes: a new phone. */
export interface Attendance {
  /** Id of the clerk. */
  by: string;
  /** Instant. */
  at: string;
  /** Missing where the case was filed at the window, and nothing was said of it. */
  documentSeen?: DocumentSeen;
}

/** What clerks did at the window that isn't among a case's changes. */
export interface AttendedOn {
  attended: readonly Pick<Attendance, 'by'>[];
}

/**
 * Whether one of the staff has acted at the window so, of which the case's workflow knows nothing. `isFreeFor` in
 * `store/cases/reserve.ts` says the same in SQL.
 */
export function hasAttended({ attended }: AttendedOn, id: string | null): boolean {
  return attended.some(({ by }) => by === id);
}

interface Attended {
  channel: Channel;
  submittedBy: string;
  idNumberHash: string;
  agentHash: string | null;
}

/** Whether something is done at the window: the case is the window's, or somebody is there with a document. */
export function isAtWindow({ channel }: Pick<Attended, 'channel'>, documentSeen: DocumentSeen | undefined): boolean {
  return channel === 'window' || documentSeen !== undefined;
}

/**
 * Whether the agent at the window is the case's: of an online case the one who filed it, as online; of one that was
 * filed at the window the one whom the form names.
 */
export function isItsAgent({ channel, submittedBy, agentHash }: Attended): boolean {
  return agentHash !== null && (channel === 'window' || submittedBy === agentHash);
}

/**
 * In whose right somebody acts on a case: where a clerk does for who is at the window, in that person's.
 * @param by the keyed hash of their ID number, or a clerk's id
 * @returns such a hash, or the clerk's id where the case is the window's
 */
export function actorOf(
  { idNumberHash, agentHash }: Pick<Attended, 'idNumberHash' | 'agentHash'>,
  by: string,
  documentSeen: DocumentSeen | undefined,
): string {
  if (!documentSeen) return by;
  return documentSeen.of === 'agent' && agentHash !== null ? agentHash : idNumberHash;
}
