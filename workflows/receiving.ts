import { ApplicationFailure, currentUpdateInfo, defineSignal, defineUpdate, setHandler } from '@temporalio/workflow';
import type { Objection } from '../domain/cases/reviewing.ts';
import { isSender } from '../domain/checks.ts';
import type { Via } from '../domain/vocabulary.ts';

/** What speaks against a message beside the matter's status. */
export interface Against {
  fields?: string[];
  objection?: Objection;
}

/** What receives messages: a matter. */
export interface Receiver<Name extends string> {
  /** False until it knows its own state, before which nothing can be said of a message. */
  readonly isReady: boolean;
  untilReady(): Promise<void>;
  /** False while the next step isn't its own to decide: what fits all the same waits. */
  readonly isOpen: boolean;
  untilOpen(): Promise<void>;
  readonly status: string;
  /** Of the last step decided. */
  readonly lastSequence: number;
  countMessage(): void;
  /** The fields of a payload that are missing or malformed. */
  malformed(name: Name, payload: unknown): string[];
  /** What speaks against a well-formed message: the status, or also more; null where nothing does. */
  against(name: Name, payload: unknown, via: Via): Against | null;
  /** Whether it has done what the message says: hearing of it again changes nothing. */
  hasHeard(name: Name, payload: unknown): boolean;
  /** Decides what a message brings that nothing speaks against. @returns the step's sequence */
  receive(name: Name, payload: unknown, via: Via, requestId?: string): number;
  /** Notes a signal that changes nothing. */
  ignore(entry: { by: string; detail: { message: string } & Against }): void;
  knows(requestId: string | undefined): boolean;
  untilRecorded(sequence: number): Promise<void>;
  progress(): unknown;
}

/**
 * Registers every message of a matter, as Update and as Signal. To be called before the first await, since what
 * arrives together with the start is delivered then.
 */
export function registerMessages<Name extends string>(
  matter: Receiver<Name>,
  names: readonly Name[],
  definitions: Record<Name, { update: { name: string }; signal: { name: string } }>,
): void {
  for (const name of names) {
    const { update, signal } = definitions[name];
    setHandler(defineUpdate<unknown, [unknown]>(update.name), (payload) => answer(matter, name, payload), {
      // What can't fit is refused before it costs the history anything.
      validator: (payload) => {
        if (matter.isReady) assertFits(matter, name, payload);
      },
    });
    setHandler(defineSignal<[unknown]>(signal.name), (payload) => listen(matter, name, payload));
  }
}

/**
 * Applies a message at once: of two that exclude each other the first wins, however closely they follow. (The
 * validator alone couldn't tell: several messages can pass it before the first handler runs.) It answers when the
 * step is in the store, so that whoever reads the store next finds it there.
 */
async function answer<Name extends string>(matter: Receiver<Name>, name: Name, payload: unknown): Promise<unknown> {
  matter.countMessage();
  if (!matter.isReady) await matter.untilReady();
  assertFits(matter, name, payload);
  if (!matter.isOpen) {
    await matter.untilOpen();
    assertFits(matter, name, payload);
  }
  const requestId = currentUpdateInfo()?.id;
  const known = matter.knows(requestId) || matter.hasHeard(name, payload);
  await matter.untilRecorded(known ? matter.lastSequence : matter.receive(name, payload, 'api', requestId));
  return matter.progress();
}

/** @throws ApplicationFailure of type `MalformedMessage` or `Conflict`; a plain Error would stall the workflow */
function assertFits<Name extends string>(matter: Receiver<Name>, name: Name, payload: unknown): void {
  const fields = matter.malformed(name, payload);
  if (fields.length > 0) throw failure('MalformedMessage', name, { fields });
  // A message that was applied before may not fit the state any more when it is sent again; what it did stands.
  if (matter.knows(currentUpdateInfo()?.id) || matter.hasHeard(name, payload)) return;
  const against = matter.against(name, payload, 'api');
  if (against) throw failure('Conflict', name, { status: matter.status, ...against });
}

/** A signal has no way back to its sender, so what doesn't fit is told in the timeline. */
async function listen<Name extends string>(matter: Receiver<Name>, name: Name, payload: unknown): Promise<void> {
  matter.countMessage();
  if (!matter.isReady || !matter.isOpen) await matter.untilOpen();
  const fields = matter.malformed(name, payload);
  if (fields.length === 0 && matter.hasHeard(name, payload)) return;
  const against = fields.length > 0 ? { fields } : matter.against(name, payload, 'signal');
  if (against) matter.ignore({ by: senderOf(payload), detail: { message: name, ...against } });
  else matter.receive(name, payload, 'signal');
}

function failure(
  type: 'Conflict' | 'MalformedMessage',
  message: string,
  why: Against & { status?: string },
): ApplicationFailure {
  const { fields, objection, status } = why;
  const words = fields ? `malformed: ${fields.join(', ')}` : (objection ?? `not possible in status ${status}`);
  const details = [{ message, ...why }];
  return ApplicationFailure.create({ type, message: `${message}: ${words}`, details, nonRetryable: true });
}

/** Whom a message that nobody could check names as its sender. */
function senderOf(payload: unknown): string {
  const by = (payload as { by?: unknown } | null)?.by;
  return isSender(by) ? (by as string) : 'unknown';
}
