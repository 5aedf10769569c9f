import type { Message, MessageName, Messages } from './messages.ts';
import { belatedKinds } from './one-time-notice.ts';
import type { ApplicationState } from './state.ts';

/**
 * The messages with which a reviewer (审核人) decides. Only the reviewer in charge may send them; where nobody is in
 * charge, whoever decides takes charge of the case.
 */
export const decisions: readonly MessageName[] = ['approve', 'reject', 'requestMaterials', 'requestVerification'];

/** Why a message that fits the status isn't this sender's to send. */
export type Objection =
  /** Has filed the case, or handed something in for the applicant (回避). */
  | 'ownCase'
  /** Recorded the verification, and would decide alone. */
  | 'verifiedAlone'
  /** Somebody else is in charge (承办人). */
  | 'notAssigned'
  /** Somebody else's case: only they or a supervisor may hand it on. */
  | 'notYours'
  /** Has taken part before the appeal (申诉). */
  | 'tookPart'
  /** Has given the first of two approvals (双人复核). */
  | 'sameEyes'
  /** A signal only claims who sent it, which is not enough here. */
  | 'claimedOnly'
  /** There was an appeal already. */
  | 'appealedAlready'
  /** The originals have to be seen at the window first (线下核验). */
  | 'notVerified'
  /**
   * Something was missing at the first request already, but wasn't named then (一次性告知). Only a supervisor may still ask
   * for it, with a reason.
   */
  | 'belatedRequest'
  /** The time for it is over, though the case is still open for something else. */
  | 'tooLate';

/**
 * @param claimed the sender is only claimed: the message came as a signal
 * @returns null where nothing speaks against the sender
 */
export function objection(state: ApplicationState, message: Message, claimed: boolean): Objection | null {
  if (isBarred(state, message)) return 'ownCase';
  if (message.name === 'appeal') return state.appealed ? 'appealedAlready' : null;
  // By a signal anybody could record it in a clerk's name, and then decide.
  if (message.name === 'recordVerification') return claimed && state.verifierApart ? 'claimedOnly' : null;
  if (message.name === 'assign') return objectionToHandover(state, message.payload, claimed);
  if (message.name === 'releaseClaims') {
    return claimed || message.payload.authority !== 'supervisor' ? 'claimedOnly' : null;
  }
  if (message.name === 'requestMaterials' && isBelated(state, message.payload)) {
    return objectionToBelated(state, message.payload, claimed);
  }
  return decisions.includes(message.name) ? objectionToDecision(state, message as Decision, claimed) : null;
}

/**
 * Separation of duties (回避): nobody decides, verifies or takes charge of a case that they filed. Who a party is as a
 * person, the case can't know; the api does.
 */
function isBarred({ filedBy }: ApplicationState, { name, payload }: Message): boolean {
  if (name === 'assign') return filedBy.includes(payload.by) || (payload.to !== null && filedBy.includes(payload.to));
  const bars = name === 'recordVerification' || decisions.includes(name);
  return bars && filedBy.includes((payload as { by: string }).by);
}

function isBelated(state: ApplicationState, { items }: Messages['requestMaterials']): boolean {
  return (
    belatedKinds(
      state,
      items.map(({ kind }) => kind),
    ).length > 0
  );
}

/** A supervisor asks for it beside the one in charge, who keeps the case. */
function objectionToBelated(
  { barred }: ApplicationState,
  { by, authority, belatedReason }: Messages['requestMaterials'],
  claimed: boolean,
): Objection | null {
  if (claimed || authority !== 'supervisor' || belatedReason === undefined) return 'belatedRequest';
  return barred.includes(by) ? 'tookPart' : null;
}

type Decision = Extract<Message, { name: 'approve' | 'reject' | 'requestMaterials' | 'requestVerification' }>;

function objectionToDecision(state: ApplicationState, decision: Decision, claimed: boolean): Objection | null {
  const { assignee, barred, fourEyes, firstApproval, mustVerify, verified } = state;
  const { name, payload } = decision;
  const { by } = payload;
  if (assignee !== null && assignee !== by) return 'notAssigned';
  if (claimed && (barred.length > 0 || (fourEyes && name === 'approve'))) return 'claimedOnly';
  if (barred.includes(by)) return 'tookPart';
  const bySelf = objectionToVerifier(state, decision, claimed);
  if (bySelf || name !== 'approve') return bySelf;
  if (mustVerify && !verified) return 'notVerified';
  return firstApproval === by ? 'sameEyes' : null;
}

/**
 * Who recorded the verification doesn't decide alone, where the policy says so. Where two have to approve, an approval of
 * theirs needs somebody else's anyway.
 */
function objectionToVerifier(
  { verifierApart, verifiedBy, fourEyes }: ApplicationState,
  { name, payload: { by } }: Decision,
  claimed: boolean,
): Objection | null {
  const alone = name === 'reject' || (name === 'approve' && !fourEyes);
  if (!verifierApart || verifiedBy === null || !alone) return null;
  if (claimed) return 'claimedOnly';
  return by === verifiedBy ? 'verifiedAlone' : null;
}

function objectionToHandover(
  { assignee, barred, firstApproval }: ApplicationState,
  { by, to, authority }: Extract<Message, { name: 'assign' }>['payload'],
  claimed: boolean,
): Objection | null {
  if (to !== null && barred.includes(to)) return 'tookPart';
  if (to !== null && firstApproval === to) return 'sameEyes';
  const bySupervisor = authority === 'supervisor' && !claimed;
  return bySupervisor || assignee === null || assignee === by ? null : 'notYours';
}
