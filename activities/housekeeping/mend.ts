import type { Client } from '@temporalio/client';
import type { AccreditationChange } from '../../domain/accreditations/timeline.ts';
import type { Change } from '../../domain/cases/timeline.ts';
import { recordAccreditationChanges } from '../../store/accreditations/record.ts';
import { recordChanges } from '../../store/cases/record.ts';
import { type KeptType, keptRows, markTaken, showState } from '../../store/housekeeping/kept-rows.ts';
import type { Divergence, Replacing } from '../../store/in-order.ts';
import type { Store } from '../../store/open.ts';
import { accreditationRules } from '../accreditations/rules.ts';
import { recordRules } from '../cases/rules.ts';
import { beginAgain } from './begin-again.ts';
import type { Difference } from './compare.ts';
import { type AnyChange, type RunHistory, readRun, type Unheard } from './history.ts';
import type { Keeping } from './keeping.ts';
import { sendAgain } from './send-again.ts';

/** What was done. */
export type Mended =
  /** Its workflow was begun, for the first time or again, from the row. */
  | 'begun'
  /** What its workflow had recorded was recorded again. */
  | 'recorded'
  /**
   * Its workflow, which was behind the row, was terminated, and begun again from the row where something lies ahead of
   * it.
   */
  | 'replaced'
  /** Nothing yet: Updates have to be sent to it again, which takes a worker. Housekeeping does it. */
  | 'left';

/**
 * Brings a row and its workflow together again.
 * @param replaces whether a workflow that is behind its row may be terminated
 * @param sends whether a worker runs: without one nobody takes an Update, and only a run that has ended remembers it
 * @returns null where nothing was done, or nothing can be
 */
export async function mend(
  keeping: Keeping,
  type: KeptType,
  difference: Difference,
  { replaces, sends }: { replaces: boolean; sends: boolean },
): Promise<Mended | null> {
  const { client, store } = keeping;
  const { id, apart, execution } = difference;
  switch (apart) {
    case 'noRow':
      return null;
    case 'neverBegun':
    case 'gone':
      return (await beginAgain(keeping, type, id)) ? 'begun' : null;
    case 'ended':
    case 'completed': {
      const { recorded, unheard } = await recordAgain(keeping, type, difference);
      const takesWorker = unheard.some(({ updateId }) => updateId !== undefined);
      if (takesWorker && !sends && (await isLiving(store, type, id))) return 'left';
      if (await beginAgain(keeping, type, id)) {
        await sendAgain(client, id, unheard);
        return 'begun';
      }
      return recorded > 0 ? 'recorded' : null;
    }
    case 'rowBehind':
      return (await recordAgain(keeping, type, difference)).recorded > 0 ? 'recorded' : null;
    case 'differs':
      return (await correct(keeping, type, difference)) ? 'recorded' : null;
    case 'rowAhead': {
      if (!replaces) return null;
      const reason = 'Behind its row, which holds acknowledged decisions: begun again from it.';
      await client.workflow.getHandle(id, execution.runId).terminate(reason);
      await beginAgain(keeping, type, id);
      return 'replaced';
    }
  }
}

/**
 * Records again the changes that a workflow's history holds and its row doesn't. Where the workflow has ended, also
 * what it had decided and not recorded yet; but what the row has got since, from whoever began the workflow again,
 * stays. As far as the history knows, the notifications of these changes have been sent, so they are marked as sent.
 * @returns how many changes it recorded, and what the workflow hasn't heard
 */
async function recordAgain(
  keeping: Keeping,
  type: KeptType,
  { id, execution }: Difference,
): Promise<{ recorded: number; unheard: Unheard[] }> {
  const { client, store } = keeping;
  const isRunning = execution.state === 'running';
  const [row] = await keptRows(store, type, [id]);
  const from = (row?.sequence ?? 0) + 1;
  const run = await readBackTo(client, id, execution.runId, from);
  const missing = run.changes.filter(({ change, recorded }) => change.sequence >= from && (recorded || !isRunning));
  let done = 0;
  for (const { change, recorded } of missing) {
    const { divergence } = await recordOne(keeping, type, id, change, { replaces: isRunning });
    if (divergence === 'taken') break;
    if (recorded) await takeForSent(keeping, type, id, change, run);
    done += 1;
  }
  return { recorded: done, unheard: run.unheard };
}

async function isLiving(store: Store, type: KeptType, id: string): Promise<boolean> {
  const [row] = await keptRows(store, type, [id]);
  return row?.living === true;
}

/**
 * Records again the change after which the row should show another state than it does.
 * @returns false where there was nothing to do
 */
async function correct(keeping: Keeping, type: KeptType, { id, execution, row }: Difference): Promise<boolean> {
  const { client, store } = keeping;
  const sequence = row?.sequence ?? 0;
  const run = await readBackTo(client, id, execution.runId, sequence);
  const recorded = run.changes.find((step) => step.recorded && step.change.sequence === sequence)?.change;
  if (recorded) {
    const { divergence } = await recordOne(keeping, type, id, recorded, { replaces: true });
    if (divergence === 'replaced') await takeForSent(keeping, type, id, recorded, run);
  }
  const decided = recorded ?? run.began;
  // Where the entry was the same, nothing was recorded.
  return decided?.sequence === sequence && showState(store, type, id, decided, recordRules(keeping));
}

function takeForSent({ store, now }: Keeping, type: KeptType, id: string, { sequence }: AnyChange, run: RunHistory) {
  const cause = type === 'application' ? { acceptanceNumber: id, sequence } : { accreditationId: id, sequence };
  return markTaken(store, cause, run.outstanding, now());
}

/**
 * The history of a run together with those of the runs before it, back to the one that holds a change of this sequence.
 */
async function readBackTo(client: Client, id: string, runId: string, sequence: number): Promise<RunHistory> {
  const run = await readRun(client, id, runId);
  const first = run.changes[0]?.change.sequence ?? (run.began?.sequence ?? 0) + 1;
  if (first <= sequence || run.continues === undefined) return run;
  const before = await readBackTo(client, id, run.continues, sequence);
  return { ...run, changes: [...before.changes, ...run.changes] };
}

function recordOne(
  keeping: Keeping,
  type: KeptType,
  id: string,
  change: AnyChange,
  replacing: Replacing,
): Promise<{ divergence: Divergence | null }> {
  const { store } = keeping;
  return type === 'application'
    ? recordChanges(store, id, [change as Change], recordRules(keeping), replacing)
    : recordAccreditationChanges(store, id, [change as AccreditationChange], accreditationRules(keeping), replacing);
}
