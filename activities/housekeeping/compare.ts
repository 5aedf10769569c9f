import type { Client } from '@temporalio/client';
import type { ApplicationState } from '../../domain/cases/state.ts';
import { type KeptRow, type KeptType, keptRows } from '../../store/housekeeping/kept-rows.ts';
import type { Store } from '../../store/open.ts';
import { type Execution, findExecution } from './executions.ts';
import { type AnyChange, type RunHistory, readRun } from './history.ts';

/** How a row and its workflow are apart. */
export type Apart =
  /** Its start was lost. */
  | 'neverBegun'
  /** Its execution was deleted. */
  | 'gone'
  /** It was terminated, canceled, failed or timed out, and something lies ahead of the row. */
  | 'ended'
  /** It ended by itself, and something lies ahead of the row. */
  | 'completed'
  /**
   * The row holds changes that the workflow knows nothing of: an older Temporal was restored, or the workflow was
   * reset.
   */
  | 'rowAhead'
  /** The workflow has recorded changes that the row doesn't hold: an older database was restored. */
  | 'rowBehind'
  /** The same change left another state. */
  | 'differs'
  /** It was filed after the database's backup. */
  | 'noRow';

export interface Difference {
  id: string;
  apart: Apart;
  execution: Execution;
  /** Undefined for `noRow`. */
  row?: KeptRow;
  /** The workflow's last change with the state after it; undefined where none runs, or its history doesn't say. */
  lastChange?: Pick<AnyChange, 'sequence' | 'state'>;
}

/**
 * Compares a row with its workflow, both as they are at this moment; needs no worker. What is under way isn't apart: a
 * change that is decided and not recorded yet, or recorded and not known to be.
 * @returns undefined where nothing is apart
 */
export async function compare(
  client: Client,
  store: Store,
  type: KeptType,
  id: string,
): Promise<Difference | undefined> {
  const execution = await findExecution(client, id);
  // Only now: a workflow closes the row before it ends.
  const row = await rowOf(store, type, id);
  if (!row) return execution.state === 'none' ? undefined : { id, apart: 'noRow', execution };
  if (execution.state !== 'running') {
    if (!row.living) return undefined;
    const missing = row.sequence === 0 ? 'neverBegun' : 'gone';
    return { id, apart: execution.state === 'none' ? missing : execution.state, execution, row };
  }
  const run = await readRun(client, id, execution.runId);
  const lastChange = run.changes.at(-1)?.change ?? run.began;
  // A workflow that read its own row when it began shows at least the status that it found.
  if (!lastChange) return execution.shows === row.status ? undefined : { id, apart: 'rowAhead', execution, row };
  const apart = await apartFrom(row, run, () => rowOf(store, type, id));
  return apart && { id, apart, execution, row, lastChange };
}

async function rowOf(store: Store, type: KeptType, id: string): Promise<KeptRow | undefined> {
  return (await keptRows(store, type, [id]))[0];
}

async function apartFrom(
  row: KeptRow,
  { began, changes, asking }: RunHistory,
  readAgain: () => Promise<KeptRow | undefined>,
): Promise<'rowAhead' | 'rowBehind' | 'differs' | undefined> {
  const decided = changes.at(-1)?.change.sequence ?? began?.sequence ?? 0;
  if (row.sequence > decided + (asking ? 1 : 0)) return 'rowAhead';
  const recorded = changes.findLast((step) => step.recorded)?.change.sequence ?? began?.sequence ?? 0;
  // The history is newer than the row that was read.
  const now = row.sequence < recorded ? await readAgain() : row;
  if (!now || now.sequence < recorded) return 'rowBehind';
  const counterpart = changes.find(({ change }) => change.sequence === now.sequence)?.change ?? began;
  return counterpart?.sequence === now.sequence && !saysTheSame(now, counterpart) ? 'differs' : undefined;
}

function saysTheSame(row: KeptRow, { state }: Pick<AnyChange, 'state'>): boolean {
  const { status, round = null, assignee = null, escalationLevel = null } = state as Partial<ApplicationState>;
  return (
    row.status === status && row.round === round && row.assignee === assignee && row.escalationLevel === escalationLevel
  );
}
