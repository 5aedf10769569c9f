import { getClient } from '@temporalio/activity';
import { WorkflowIdReusePolicy } from '@temporalio/client';
import type { Workflow } from '@temporalio/common';
import type { AccreditationMessage } from '../../domain/accreditations/messages.ts';
import type { Change } from '../../domain/cases/timeline.ts';
import { findAccreditation } from '../../store/accreditations/queries.ts';
import type { AccreditationRow } from '../../store/accreditations/tables.ts';
import { findApplication, readTimeline } from '../../store/cases/queries.ts';
import { accreditationMessages, accreditationOptions } from '../../workflows/messages.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { begin } from '../housekeeping/executions.ts';

type AccreditationId = Pick<AccreditationRow, 'id' | 'status'>;

/**
 * Signals an accreditation. Where its workflow doesn't run (it has no end, was found in the core a moment ago, or an
 * operator ended it), the signal also starts it. A repeated signal changes nothing.
 */
export async function tellAccreditation(
  { id, status }: AccreditationId,
  { name, payload }: AccreditationMessage,
): Promise<void> {
  const start = { accreditationId: id, status };
  await getClient().workflow.signalWithStart<Workflow, [typeof payload]>('accreditation', {
    ...accreditationOptions(start),
    args: [start],
    signal: accreditationMessages[name].signal.name,
    signalArgs: [payload],
  });
}

/** Starts an accreditation's workflow, or does nothing where it runs, or has ended by itself. */
export async function startAccreditation({ id, status }: AccreditationId): Promise<void> {
  const start = { accreditationId: id, status };
  const workflowIdReusePolicy = WorkflowIdReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY;
  await begin(getClient(), 'accreditation', { ...accreditationOptions(start), workflowIdReusePolicy, args: [start] });
}

/** Tells the accreditation that a renewal of it was accepted, or that one that was accepted has come to nothing. */
export async function tellOfRenewal(
  { store }: ActivityDependencies,
  acceptanceNumber: string,
  changes: Change[],
): Promise<void> {
  const accepted = changes.some(({ entry }) => entry.kind === 'accepted');
  const ended = changes.some(({ state }) => state.closed && state.status !== 'approved');
  if (!accepted && !ended) return;
  const row = await findApplication(store, acceptanceNumber);
  if (!row || row.accreditationId === null) return;
  const held = await findAccreditation(store, row.accreditationId);
  if (!held || held.closed || held.validUntil === null) return;
  const filedOn = row.state.ledger.acceptedOn;
  if (accepted) await tellAccreditation(held, { name: 'renewalFiled', payload: { acceptanceNumber, filedOn } });
  if (!ended) return;
  const wasAccepted = (await readTimeline(store, acceptanceNumber)).some(({ kind }) => kind === 'accepted');
  if (wasAccepted) await tellAccreditation(held, { name: 'renewalEnded', payload: { acceptanceNumber } });
}
