import { and, eq, gt, inArray, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { application, timeline } from '../../../store/cases/tables.ts';
import { notice } from '../../../store/notices/tables.ts';
import { attempt, notification } from '../../../store/notifications/tables.ts';
import type { Filed } from './case.ts';
import type { Office } from './open.ts';

/** As if an older database had been restored: a case's row is as it was, and what came after it isn't there. */
export async function restoreRow(
  { store: { db } }: Office,
  { acceptanceNumber }: Filed,
  before: Awaited<ReturnType<Filed['row']>>,
): Promise<void> {
  const laterIn = (table: typeof notification | typeof notice | typeof timeline) =>
    and(eq(table.acceptanceNumber, acceptanceNumber), gt(table.sequence, before.sequence));
  const notifications = db.select({ id: notification.id }).from(notification).where(laterIn(notification));
  await db.delete(attempt).where(inArray(attempt.notificationId, notifications));
  for (const table of [notification, notice, timeline]) await db.delete(table).where(laterIn(table));
  await db.update(application).set(before).where(eq(application.acceptanceNumber, acceptanceNumber));
}

/**
 * Lets something happen while the store takes no entries about a case or an accreditation.
 * @param column its number's
 */
export async function whileRefused(
  { store: { db } }: Office,
  column: PgColumn,
  id: string,
  happens: () => Promise<void>,
): Promise<void> {
  const matches = sql.raw(`new.${column.name} = '${id}'`);
  await db.execute(sql`create function refuse() returns trigger language plpgsql as
    'begin raise exception ''refused''; end'`);
  await db.execute(
    sql`create trigger refused before insert on ${column.table} for each row when (${matches}) execute function refuse()`,
  );
  try {
    await happens();
  } finally {
    await db.execute(sql`drop function refuse() cascade`);
  }
}

/**
 * As if an older Temporal had been restored: a case's workflow knows nothing of what came after its first change. To be
 * called while no worker runs.
 */
export async function restoreWorkflow(
  { client }: Office,
  { handle, acceptanceNumber: workflowId }: Filed,
): Promise<void> {
  const { events } = await handle.fetchHistory();
  const recorded = (events ?? []).findIndex((event) =>
    /^(record|carryOut)/.test(event.activityTaskScheduledEventAttributes?.activityType?.name ?? ''),
  );
  const next = (events ?? []).slice(recorded).find((event) => event.workflowTaskCompletedEventAttributes);
  const { runId } = await handle.describe();
  await client.workflowService.resetWorkflowExecution({
    namespace: client.options.namespace,
    workflowExecution: { workflowId, runId },
    reason: 'as if restored',
    requestId: `${workflowId}-reset`,
    workflowTaskFinishEventId: next?.eventId ?? null,
    // Signals and Updates that came since.
    resetReapplyExcludeTypes: [1, 2],
  });
}
