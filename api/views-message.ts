import { type CallRow, callsOfCase } from '../store/calls.ts';
import { attemptsOfCase, messagesOfCase } from '../store/messages.ts';
import type { Store } from '../store/store.ts';

/** What became of each message about a case, for staff. */
export async function messageViews(store: Store, acceptanceNumber: string) {
  const attempts = await attemptsOfCase(store, acceptanceNumber);
  const calls = await callsOfCase(store, acceptanceNumber);
  return (await messagesOfCase(store, acceptanceNumber)).map((row) => {
    const { id, purpose, channel, recipient, body, state, createdAt, leavesAt, settledAt, failure, carriedBy, steps } =
      row;
    return {
      ...{ id, purpose, channel, recipient, body, state, createdAt, leavesAt, settledAt, failure, carriedBy, steps },
      attempts: attempts
        .filter(({ messageId }) => messageId === id)
        .map(({ provider, startedAt, outcome, receipt }) => ({ provider, startedAt, outcome, receipt })),
      call: callView(calls.get(id)),
    };
  });
}

function callView(call: CallRow | undefined) {
  if (!call) return null;
  const { createdAt: since, tries, outcome, note, doneAt, doneBy } = call;
  return { since, tries, outcome, note, doneAt, doneBy };
}
