import { WorkflowIdReusePolicy } from '@temporalio/common';
import { parcelOf } from '../../domain/notifications/delivery.ts';
import { findAccreditation } from '../../store/accreditations/queries.ts';
import { findApplication, readTimeline } from '../../store/cases/queries.ts';
import type { KeptType } from '../../store/housekeeping/kept-rows.ts';
import { unsentOf } from '../../store/notifications/unsent.ts';
import { accreditationOptions, applicationOptions } from '../../workflows/messages.ts';
import type { ApplicationStart, CarriedCase } from '../contract.ts';
import { begin } from './executions.ts';
import type { Keeping } from './keeping.ts';

/** Entries that a case shows, and requests that it remembers. */
const SHOWN_ENTRIES = 100;
const REMEMBERED = 500;

/**
 * What a case's workflow is started with, by the store. `carried` is missing where the workflow hasn't recorded
 * anything yet.
 */
async function caseAsRecorded(
  { store, now }: Pick<Keeping, 'store' | 'now'>,
  acceptanceNumber: string,
): Promise<{ start: ApplicationStart; carried?: CarriedCase } | undefined> {
  const row = await findApplication(store, acceptanceNumber);
  if (!row) return undefined;
  const { type, channel, state, sequence, round } = row;
  const start = { acceptanceNumber, type, channel, state };
  if (sequence === 0) return { start };
  const entries = (await readTimeline(store, acceptanceNumber)).filter((entry) => entry.sequence > 0);
  const timeline = entries
    .filter((entry) => entry.round === round)
    .slice(-SHOWN_ENTRIES)
    .map(({ sequence, at, kind, by, via }) => ({ sequence, at, kind, by, via }));
  const requests = entries.flatMap(({ requestId }) => requestId ?? []).slice(-REMEMBERED);
  const at = now();
  const parcels = (await unsentOf(store.db, { acceptanceNumber })).map((unsent) => parcelOf(unsent, '继续发送', at));
  // As `applicationOptions` shows it at the start.
  const published = { status: state.status, dueAt: null, level: state.escalationLevel };
  return { start, carried: { sequence, requests, parcels, timeline, schedule: null, published } };
}

/**
 * Begins the workflow of a row that has none, from what the row says at this moment; an accreditation's workflow reads
 * its row by itself. To be called only where Temporal has just said that none runs.
 * @returns false where the row is closed by now, or something else has begun the workflow
 */
export async function beginAgain(keeping: Keeping, type: KeptType, id: string): Promise<boolean> {
  const { client, store } = keeping;
  const workflowIdReusePolicy = WorkflowIdReusePolicy.ALLOW_DUPLICATE;
  if (type === 'application') {
    const recorded = await caseAsRecorded(keeping, id);
    if (!recorded || recorded.start.state.closed) return false;
    const { start, carried } = recorded;
    const args = carried ? [start, carried] : [start];
    return begin(client, type, { ...applicationOptions(start), workflowIdReusePolicy, args });
  }
  const row = await findAccreditation(store, id);
  if (!row || row.closed) return false;
  const start = { accreditationId: id, status: row.status };
  return begin(client, type, { ...accreditationOptions(start), workflowIdReusePolicy, args: [start] });
}
