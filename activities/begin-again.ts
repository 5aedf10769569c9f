import type { Client } from '@temporalio/client';
import { WorkflowIdReusePolicy } from '@temporalio/common';
import { findAccreditation } from '../store/accreditations.ts';
import { findApplication, readTimeline } from '../store/applications.ts';
import type { KeptType } from '../store/keeping.ts';
import type { ApplicationRow } from '../store/personal.ts';
import type { Store } from '../store/store.ts';
import { accreditationOptions, applicationOptions, type Progress } from '../workflows/messages.ts';
import type { AccreditationStart, ApplicationStart } from './contract.ts';
import { begin } from './executions.ts';

/** What the workflow of a case that was begun before is started with beside `ApplicationStart`. */
interface Carried {
  sequence: number;
  timeline: Progress['timeline'];
  published: { status: string; dueAt: string | null; level: number };
  renews?: AccreditationStart | undefined;
}

/**
 * What a case's workflow is started with, as the store has it; nothing is carried by one that hasn't recorded anything.
 */
export async function caseAsRecorded(
  store: Store,
  acceptanceNumber: string,
): Promise<{ start: ApplicationStart; carried?: Carried } | undefined> {
  const row = await findApplication(store, acceptanceNumber);
  if (!row) return undefined;
  const { type, channel, state, sequence, round } = row;
  const start = { acceptanceNumber, type, channel, state };
  if (sequence === 0) return { start };
  const entries = (await readTimeline(store, acceptanceNumber)).filter(
    (one) => one.round === round && one.sequence > 0,
  );
  const timeline = entries.slice(-100).map(({ sequence, at, kind, by, via }) => ({ sequence, at, kind, by, via }));
  // As `applicationOptions` shows it at the start.
  const published = { status: state.status, dueAt: null, level: state.escalationLevel };
  return { start, carried: { sequence, timeline, published, renews: await renewedBy(store, row) } };
}

/** The accreditation that was told of the renewal, and hears how it ends. */
async function renewedBy(store: Store, row: ApplicationRow): Promise<AccreditationStart | undefined> {
  const { type, state, accreditationId } = row;
  if (type !== 'renewal' || state.status === 'submitted' || accreditationId === null) return undefined;
  return accreditationAsRecorded(store, accreditationId);
}

async function accreditationAsRecorded(store: Store, id: string): Promise<AccreditationStart | undefined> {
  const row = await findAccreditation(store, id);
  return row && { accreditationId: row.id, state: row.state, sequence: row.sequence };
}

/**
 * Begins the workflow of a row that has none, from what the row says at this moment. To be called where Temporal has
 * just said that none runs.
 * @returns false where the row is closed by now, or something else has begun it
 */
export async function beginAgain(client: Client, store: Store, type: KeptType, id: string): Promise<boolean> {
  const workflowIdReusePolicy = WorkflowIdReusePolicy.ALLOW_DUPLICATE;
  if (type === 'application') {
    const recorded = await caseAsRecorded(store, id);
    if (!recorded || recorded.start.state.closed) return false;
    const { start, carried } = recorded;
    const args = carried ? [start, carried] : [start];
    return begin(client, type, { ...applicationOptions(start), workflowIdReusePolicy, args });
  }
  const start = await accreditationAsRecorded(store, id);
  if (!start || start.state.closed) return false;
  return begin(client, type, { ...accreditationOptions(start), workflowIdReusePolicy, args: [start] });
}
