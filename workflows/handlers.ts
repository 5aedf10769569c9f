import { ApplicationFailure, CancellationScope, condition, currentUpdateInfo, setHandler } from '@temporalio/workflow';
import { transition } from '../domain/application.ts';
import { shanghaiDate } from '../domain/dates.ts';
import { isSender, type Message, type MessageName, malformedFields, messageNames } from '../domain/messages.ts';
import type { EntryDetail, EntryKind, Via } from '../domain/timeline.ts';
import { addChange, applyEvent, type Case, now, progressOf } from './case.ts';
import { messages, progress } from './messages.ts';

/**
 * Registers the query and every message, as Update and as Signal, from one handler. To be called before the first await: what
 * arrives together with the start is delivered then.
 */
export function registerHandlers(kase: Case): void {
  setHandler(progress, () => progressOf(kase));
  for (const name of messageNames) {
    setHandler(
      messages[name].update,
      async (payload: unknown) => {
        const sequence = receive(kase, name, payload);
        // Answered when the change is in the store, so that whoever reads it there next finds it; a cancellation, which doesn't end
        // the case, doesn't end the wait either.
        await CancellationScope.nonCancellable(() => condition(() => kase.recorded >= sequence));
        return progressOf(kase);
      },
      // What can't fit is refused before it costs the history anything.
      { validator: (payload: unknown) => assertFits(kase, name, payload) },
    );
    setHandler(messages[name].signal, (payload: unknown) => noteOrReceive(kase, name, payload));
  }
}

/** @throws ApplicationFailure of type `MalformedMessage` or `Conflict`; a plain Error would stall the workflow */
function assertFits(kase: Case, name: MessageName, payload: unknown): void {
  const fields = malformedFields(name, payload);
  if (fields.length > 0) throw refusal('MalformedMessage', { message: name, fields });
  if (!fits(kase, { name, payload } as Message))
    throw refusal('Conflict', { message: name, status: kase.state.status });
}

/**
 * Applies a message at once: of two that exclude each other the first wins, however closely they follow. (The validator alone
 * couldn't tell: several messages can pass it before the first handler runs.)
 */
function receive(kase: Case, name: MessageName, payload: unknown): number {
  kase.messagesReceived += 1;
  assertFits(kase, name, payload);
  if (hasHeard(kase, { name, payload } as Message)) return kase.sequence;
  return apply(kase, { name, payload } as Message, 'api', currentUpdateInfo()?.id);
}

/** A signal has no way back to its sender, so what doesn't fit is told in the timeline. */
function noteOrReceive(kase: Case, name: MessageName, payload: unknown): void {
  kase.messagesReceived += 1;
  const message = { name, payload } as Message;
  const fields = malformedFields(name, payload);
  if (fields.length === 0 && fits(kase, message)) {
    if (!hasHeard(kase, message)) apply(kase, message, 'signal');
    return;
  }
  const detail = { message: name, ...(fields.length > 0 ? { fields } : {}) };
  addChange(kase, kase.state, { kind: 'messageIgnored', by: sender(payload), via: 'signal', detail });
}

function refusal(
  type: 'Conflict' | 'MalformedMessage',
  details: { message: MessageName; status?: string; fields?: string[] },
) {
  const why = details.fields ? `malformed: ${details.fields.join(', ')}` : `not possible in status ${details.status}`;
  return ApplicationFailure.create({
    type,
    message: `${details.message}: ${why}`,
    details: [details],
    nonRetryable: true,
  });
}

const kinds: Record<MessageName, EntryKind> = {
  approve: 'approved',
  reject: 'rejected',
  requestMaterials: 'materialsRequested',
  resubmit: 'resubmitted',
  withdraw: 'withdrawn',
  assign: 'assigned',
  calendarChanged: 'calendarChanged',
};

function fits(kase: Case, message: Message): boolean {
  return transition(kase.state, message, shanghaiDate(now())) !== null;
}

/** Hearing of the same calendar again (a second publication workflow, a repeated request) changes nothing. */
function hasHeard({ state }: Case, { name, payload }: Message): boolean {
  return name === 'calendarChanged' && payload.version === state.calendarVersion;
}

/** Applies a message that fits. */
function apply(kase: Case, message: Message, via: Via, requestId?: string): number {
  const { by = 'system', ...detail }: { by?: string } & EntryDetail = message.payload;
  const entry = { kind: kinds[message.name], by, via, detail, ...(requestId ? { requestId } : {}) };
  return applyEvent(kase, message, entry) as number;
}

/** Whom a message that nobody could check names as its sender. */
function sender(payload: unknown): string {
  const by = (payload as { by?: unknown } | null)?.by;
  return isSender(by) ? (by as string) : 'unknown';
}
