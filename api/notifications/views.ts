import { receiptNames, stepNames } from '../../domain/names.ts';
import { callsAbout } from '../../store/notifications/calls.ts';
import { attemptsOf } from '../../store/notifications/queries.ts';
import type { AttemptRow, CallRow, MessageRow } from '../../store/notifications/tables.ts';
import type { Store } from '../../store/open.ts';
import { attemptOutcomeNames, callOutcomeNames, messageStateNames, purposeNames } from './names.ts';

/** What became of each of these messages, for staff. */
export async function messageViews(store: Store, messages: MessageRow[]) {
  const attempts = await attemptsOf(store, messages);
  const calls = await callsAbout(store, messages);
  return messages.map((row) => {
    const { id, purpose, channel, recipient, body, state, createdAt, leaving, settledAt, failure, carriedBy } = row;
    return {
      ...{ id, purpose, purposeName: purposeNames[purpose], channel, recipient, body },
      ...{ state, stateName: messageStateNames[state], createdAt, leaving, settledAt, failure, carriedBy },
      // Stored, it is when one for the digest was written.
      leavesAt: leaving === 'digest' ? null : row.leavesAt,
      steps: row.steps.map(({ step, at }) => ({ step, stepName: stepNames[step], at })),
      attempts: attempts.filter(({ messageId }) => messageId === id).map(attemptView),
      call: callView(calls.get(id)),
    };
  });
}

function attemptView({ provider, startedAt, outcome, receipt }: AttemptRow) {
  const outcomeName = outcome && attemptOutcomeNames[outcome];
  return { provider, startedAt, outcome, outcomeName, receipt, receiptName: receipt && receiptNames[receipt] };
}

function callView(call: CallRow | undefined) {
  if (!call) return null;
  const { createdAt: since, tries, outcome, note, doneAt, doneBy } = call;
  return { since, tries, outcome, outcomeName: outcome && callOutcomeNames[outcome], note, doneAt, doneBy };
}
