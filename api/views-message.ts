import { type CallRow, callsAbout } from '../store/calls.ts';
import { attemptsOf, type MessageRow } from '../store/messages.ts';
import type { Store } from '../store/store.ts';

/** What became of each of these messages, for staff. */
export async function messageViews(store: Store, messages: MessageRow[]) {
  const attempts = await attemptsOf(store, messages);
  const calls = await callsAbout(store, messages);
  return messages.map((row) => {
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
