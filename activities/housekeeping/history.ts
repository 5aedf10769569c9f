import type { Client, WorkflowHandle } from '@temporalio/client';
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow/index.js';
import type { AccreditationChange } from '../../domain/accreditations/timeline.ts';
import type { Change } from '../../domain/cases/timeline.ts';
import type { Unsent } from '../../domain/notifications/delivery.ts';
import type { Carried } from '../contract.ts';

/** A step of a case or an accreditation, as its workflow decided it. */
export type AnyChange = Change | AccreditationChange;

/** What a run of a workflow says, read from its history: that needs no worker, and holds only what is durable. */
export interface RunHistory {
  /** What it began with; unknown where it read its own row. */
  began: Pick<AnyChange, 'sequence' | 'state'> | undefined;
  /** In order; `recorded` once the activity that writes them down has said so. */
  changes: { change: AnyChange; recorded: boolean }[];
  /** The core is being asked: the row may hold the change that its answer brings already. */
  asking: boolean;
  /** Ids of the notifications that it has still to dispatch. */
  outstanding: string[];
  /** The run that it continues, if it does. */
  continues: string | undefined;
  /** In order, the messages that Temporal had taken for it, and that nobody has begun to carry out. */
  unheard: Unheard[];
}

/** A message that a run got. */
export interface Unheard {
  name: string;
  args: unknown[];
  /** Of an Update. */
  updateId?: string;
}

/** The activities that write changes down, and with what. */
const recording = ['carryOut', 'carryOutAccreditation'];

/** Reads what a run has decided, and what of it was recorded. */
export async function readRun({ workflow, options }: Client, workflowId: string, runId: string): Promise<RunHistory> {
  const decode: Decode = (payloads) => decodeArrayFromPayloads(options.loadedDataConverter, payloads);
  const { events } = await workflow.getHandle(workflowId, runId).fetchHistory();
  const run: RunHistory = {
    ...{ began: undefined, changes: [], asking: false },
    ...{ outstanding: [], continues: undefined, unheard: [] },
  };
  const scheduled = new Map<string, { name: string; input: unknown; changes: RunHistory['changes'] }>();
  const outstanding = new Set<string>();
  let heardBefore = 0;
  for (const event of events ?? []) {
    const { workflowExecutionStartedEventAttributes: started } = event;
    const { activityTaskScheduledEventAttributes: asked, activityTaskCompletedEventAttributes: done } = event;
    if (started) {
      run.continues = started.continuedExecutionRunId || undefined;
      const [start, carried] = (await decode(started.input?.payloads)) as [StartInput, CarriedInput | undefined];
      run.began = beganWith(start, carried);
      for (const { notificationIds } of carried?.parcels ?? []) for (const id of notificationIds) outstanding.add(id);
    }
    const name = asked?.activityType?.name ?? '';
    if (asked && (recording.includes(name) || name === 'notify')) {
      const [input] = await decode(asked.input?.payloads);
      const { changes: decided = [], asksCore = false } = input as { changes?: AnyChange[]; asksCore?: boolean };
      run.asking ||= asksCore;
      const changes = decided.map((change) => ({ change, recorded: false }));
      run.changes.push(...changes);
      // What comes with the start of an accreditation waits until that has noted that it was granted.
      if (decided.some(({ entry }) => entry.kind !== 'granted')) heardBefore = Number(event.eventId);
      scheduled.set(String(event.eventId), { name, input, changes });
    }
    const finished = done && scheduled.get(String(done.scheduledEventId));
    if (!finished) continue;
    for (const step of finished.changes) step.recorded = true;
    const [result] = await decode(done.result?.payloads);
    const { followed } = (result ?? {}) as { followed?: AnyChange };
    if (finished.name !== 'notify') run.asking = false;
    if (followed) run.changes.push({ change: followed, recorded: true });
    if (finished.name !== 'notify') for (const id of leftBy(result)) outstanding.add(id);
    // One that may not leave yet comes back.
    else if (result == null)
      for (const id of (finished.input as { notificationIds: string[] }).notificationIds) outstanding.delete(id);
  }
  return {
    ...run,
    outstanding: [...outstanding],
    unheard: await unheardIn(events ?? [], run.changes, heardBefore, decode),
  };
}

type Decode = (payloads: Parameters<typeof decodeArrayFromPayloads>[1]) => Promise<unknown[]>;
type Events = NonNullable<Awaited<ReturnType<WorkflowHandle['fetchHistory']>>['events']>;

/**
 * The messages that a run hasn't carried out. An Update is recognised by the change that it has brought. A signal can't
 * be: all signals that came before the last carrying-out began count as heard.
 * @param heardBefore id of the event with which that began
 */
async function unheardIn(
  events: Events,
  changes: RunHistory['changes'],
  heardBefore: number,
  decode: Decode,
): Promise<Unheard[]> {
  const answered = events.map((event) => event.workflowExecutionUpdateCompletedEventAttributes?.meta?.updateId);
  const answeredIds = new Set([...answered, ...changes.map(({ change }) => change.entry.requestId)]);
  const unheard: Unheard[] = [];
  for (const event of events) {
    const { workflowExecutionSignaledEventAttributes: signal } = event;
    const { workflowExecutionUpdateAcceptedEventAttributes: accepted } = event;
    // What a reset has taken over is admitted first, and told only then.
    const request = event.workflowExecutionUpdateAdmittedEventAttributes?.request ?? accepted?.acceptedRequest;
    const { meta, input } = request ?? {};
    if (signal && Number(event.eventId) > heardBefore)
      unheard.push({ name: signal.signalName as string, args: await decode(signal.input?.payloads) });
    if (meta?.updateId && !answeredIds.has(meta.updateId)) {
      const args = await decode(input?.args?.payloads);
      unheard.push({ name: input?.name as string, args, updateId: meta.updateId });
    }
  }
  return unheard;
}

/** A case is started with its state; an accreditation gets it only from the run before. */
function beganWith({ state }: StartInput, carried: CarriedInput | undefined): RunHistory['began'] {
  const began = state ?? carried?.state;
  return began && { state: began, sequence: carried?.sequence ?? 0 };
}

type StartInput = { state?: AnyChange['state'] };
type CarriedInput = Carried & { state?: AnyChange['state'] };

function leftBy(result: unknown): string[] {
  return (result as { unsent: Unsent[] }).unsent.flatMap(({ notificationIds }) => notificationIds);
}
