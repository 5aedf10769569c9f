import { ApplicationFailure, condition, currentUpdateInfo, setHandler } from '@temporalio/workflow';
import { type Message, type MessageName, malformedFields, messageNames } from '../domain/messages.ts';
import type { EntryDetail, EntryKind, Via } from '../domain/timeline.ts';
import { addChange, applyEvent, type Case, progressOf } from './case.ts';
import { messages, progress } from './messages.ts';

/**
 * Registers the query and every message, as Update and as Signal, from one handler. To be called before the first await: what
 * arrives together with the start is delivered then.
 */
export function registerHandlers(kase: Case): void {
  setHandler(progress, () => progressOf(kase));
  for (const name of messageNames) {
    setHandler(messages[name].update, async (payload: unknown) => {
      const sequence = receive(kase, name, payload);
      // Answered when the change is in the store, so that whoever reads it there next finds it.
      await condition(() => kase.recorded >= sequence);
      return progressOf(kase);
    });
    setHandler(messages[name].signal, (payload: unknown) => noteOrReceive(kase, name, payload));
  }
}

/**
 * Applies a message at once: of two that exclude each other the first wins, however closely they follow. (A validator couldn't
 * tell: several can pass it before the first handler runs.)
 * @throws ApplicationFailure of type `MalformedMessage` or `Conflict`; a plain Error would stall the workflow
 */
function receive(kase: Case, name: MessageName, payload: unknown): number {
  kase.messagesReceived += 1;
  const fields = malformedFields(name, payload);
  if (fields.length > 0) throw refusal('MalformedMessage', { message: name, fields });
  const sequence = apply(kase, { name, payload } as Message, 'api', currentUpdateInfo()?.id);
  if (sequence === null) throw refusal('Conflict', { message: name, status: kase.state.status });
  return sequence;
}

/** A signal has no way back to its sender, so what doesn't fit is told in the timeline. */
function noteOrReceive(kase: Case, name: MessageName, payload: unknown): void {
  kase.messagesReceived += 1;
  const fields = malformedFields(name, payload);
  const fits = fields.length === 0 && apply(kase, { name, payload } as Message, 'signal') !== null;
  if (fits) return;
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

function apply(kase: Case, message: Message, via: Via, requestId?: string): number | null {
  const { by: _, ...detail }: { by?: string } & EntryDetail = message.payload;
  const kind = kinds[message.name];
  return applyEvent(kase, message, {
    kind,
    by: sender(message.payload),
    via,
    detail,
    ...(requestId ? { requestId } : {}),
  });
}

function sender(payload: unknown): string {
  const by = (payload as { by?: unknown } | null)?.by;
  return typeof by === 'string' ? by : 'system';
}
