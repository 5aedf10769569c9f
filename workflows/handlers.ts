import { ApplicationFailure, CancellationScope, condition, currentUpdateInfo, setHandler } from '@temporalio/workflow';
import { awaitsSecondApproval, transition } from '../domain/application.ts';
import { isSender } from '../domain/checks.ts';
import { shanghaiDate } from '../domain/dates.ts';
import { type Message, type MessageName, malformedFields, messageNames } from '../domain/messages.ts';
import { type Objection, objection } from '../domain/reviewing.ts';
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
  const against = objectionTo(kase, { name, payload } as Message, 'api');
  if (against) throw refusal('Conflict', { message: name, status: kase.state.status, ...against });
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
  const against = fields.length > 0 ? { fields } : objectionTo(kase, message, 'signal');
  if (!against) {
    if (!hasHeard(kase, message)) apply(kase, message, 'signal');
    return;
  }
  const detail = { message: name, ...against };
  addChange(kase, kase.state, { kind: 'messageIgnored', by: sender(payload), via: 'signal', detail });
}

function refusal(
  type: 'Conflict' | 'MalformedMessage',
  details: { message: MessageName; status?: string; fields?: string[]; objection?: Objection },
) {
  const status = details.objection ?? `not possible in status ${details.status}`;
  const why = details.fields ? `malformed: ${details.fields.join(', ')}` : status;
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
  requestVerification: 'verificationRequested',
  recordVerification: 'verificationRecorded',
  resubmit: 'resubmitted',
  appeal: 'appealed',
  withdraw: 'withdrawn',
  assign: 'assigned',
  calendarChanged: 'calendarChanged',
};

/** What speaks against a message: the status (nothing more is said then), the time, or its sender; null where nothing does. */
function objectionTo(kase: Case, message: Message, via: Via): { objection?: Objection } | null {
  const today = shanghaiDate(now());
  if (transition(kase.state, message, today) === null) return {};
  const against = isLate(kase, message, today) ? 'tooLate' : objection(kase.state, message, via === 'signal');
  return against && { objection: against };
}

/** A rejected case is open as long as either a resubmission or an appeal is possible. */
function isLate({ state, schedule }: Case, { name }: Message, today: string): boolean {
  if (state.status !== 'rejected') return false;
  const until = name === 'appeal' ? schedule.appealUntil : name === 'resubmit' ? schedule.windowEndsOn : null;
  return until !== null && today > until;
}

/** Hearing of the same calendar again (a second publication workflow, a repeated request) changes nothing. */
function hasHeard({ state }: Case, { name, payload }: Message): boolean {
  return name === 'calendarChanged' && payload.version === state.calendarVersion;
}

/** Applies a message that fits. */
function apply(kase: Case, message: Message, via: Via, requestId?: string): number {
  const { by = 'system', ...detail }: { by?: string } & EntryDetail = message.payload;
  const first = message.name === 'approve' && awaitsSecondApproval(kase.state);
  const kind = first ? 'firstApproved' : kinds[message.name];
  const entry = { kind, by, via, detail, ...(requestId ? { requestId } : {}) };
  return applyEvent(kase, message, entry) as number;
}

/** Whom a message that nobody could check names as its sender. */
function sender(payload: unknown): string {
  const by = (payload as { by?: unknown } | null)?.by;
  return isSender(by) ? (by as string) : 'unknown';
}
