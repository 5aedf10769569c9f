import { type Client, WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { eq } from 'drizzle-orm';
import { addDays, shanghaiDate } from '../../../domain/dates.ts';
import { findApplication } from '../../../store/cases/queries.ts';
import { type ApplicationRow, application } from '../../../store/cases/tables.ts';
import { applicationOptions, messages } from '../../../workflows/messages.ts';
import { fileOne } from '../database/store.ts';
import { until } from '../until.ts';
import type { Finding } from './finding.ts';
import type { Outcome } from './rounds.ts';
import type { Stack } from './stack.ts';
import { executionOf } from './workflows.ts';

/** After so many messages a case goes on in a new run. */
const MESSAGES = 500;
/** An appeal has 15 days, a resubmission a year. */
const DAYS_AGO = 200;
const ANSWER_MS = 10_000;

/**
 * A case that was rejected long ago, and may still be resubmitted, goes on in a new run while the store fails: the
 * calendar's table is taken away by the very transaction that records its last message. An appeal is too late all the
 * same, and is refused.
 */
export async function lateAppeal(stack: Stack): Promise<Outcome> {
  const start = await rejectedLongAgo(stack);
  const number = start.acceptanceNumber;
  const findings: Finding[] = [];
  const since = await stack.withTemporal(async (client) => {
    await client.workflow.start('application', { ...applicationOptions(start), args: [start] });
    const handle = client.workflow.getHandle(number);
    const runId = await runOf(client, number);
    // Its reminder is long due; nothing else is to be read while the store fails.
    await until('it has reminded of the appeal', async () => (await entriesOf(stack, number, 'appealReminded')) > 0);
    await stack.sql(withoutCalendarAfter(number), stack.databaseUrl);
    try {
      for (let sent = 0; sent < MESSAGES; sent++) {
        await handle.signal(messages.recordVerification.signal, { by: 'clerk-1', passed: true });
      }
      await until('it goes on in a new run', async () => (await runOf(client, number)) !== runId, 120_000);
      const answer = await appeal(client, number);
      if (answer !== 'tooLate') findings.push({ kind: 'answer', about: number, what: `the late appeal was ${answer}` });
    } finally {
      await stack.sql(withCalendar, stack.databaseUrl);
    }
    return Date.now();
  });
  // One of which nobody heard has been dealt with before this one.
  const again = await stack.withTemporal((client) => appeal(client, number));
  if (again !== 'tooLate') findings.push({ kind: 'answer', about: number, what: `appealed again: ${again}` });
  const row = (await findApplication(stack.store, number)) as ApplicationRow;
  if (row.status !== 'rejected') findings.push({ kind: 'lost', about: number, what: `the row is ${row.status}` });
  return { fault: 'continued as new while the store fails', cases: 1, findings, recoveredMs: Date.now() - since };
}

/** A row as it was left by a rejection long ago, and the start of its workflow. */
async function rejectedLongAgo({ store }: Stack) {
  const submittedAt = `${addDays(shanghaiDate(new Date().toISOString()), -DAYS_AGO)}T02:00:00.000Z`;
  const { acceptanceNumber, type, channel } = await fileOne(store, { submittedAt });
  const { state: filed } = (await findApplication(store, acceptanceNumber)) as ApplicationRow;
  const status = 'rejected' as const;
  const state = { ...filed, status, windowOpenedOn: shanghaiDate(submittedAt) };
  const same = eq(application.acceptanceNumber, acceptanceNumber);
  await store.db.update(application).set({ status, state }).where(same);
  return { acceptanceNumber, type, channel, state };
}

async function entriesOf(stack: Stack, number: string, kind: string): Promise<number> {
  const text = `select 1 from timeline where acceptance_number = '${number}' and kind = '${kind}'`;
  return (await stack.sql(text, stack.databaseUrl)).length;
}

async function runOf(client: Client, number: string): Promise<string | undefined> {
  const execution = await executionOf(client, number);
  return execution.found ? execution.runId : undefined;
}

async function appeal(client: Client, number: string): Promise<string> {
  const payload = { by: 'applicant-1', reason: '另有住院病历' };
  const appealing = () => client.workflow.getHandle(number).executeUpdate(messages.appeal.update, { args: [payload] });
  return client.withDeadline(Date.now() + ANSWER_MS, appealing).then(
    ({ status }) => `accepted (${status})`,
    (error) => {
      const cause = error instanceof WorkflowUpdateFailedError ? error.cause : undefined;
      if (!(cause instanceof ApplicationFailure)) return `not answered (${error.constructor.name})`;
      return (cause.details?.[0] as { objection?: string } | undefined)?.objection ?? `refused (${cause.message})`;
    },
  );
}

const withoutCalendarAfter = (number: string) => `
  create function fail_store() returns trigger language plpgsql as $$
  begin
    if to_regclass('calendar') is not null and ${MESSAGES} <=
      (select count(*) from timeline where acceptance_number = '${number}' and kind = 'messageIgnored')
    then alter table calendar rename to calendar_away; end if;
    return null;
  end $$;
  create trigger fail_store after insert on timeline for each statement execute function fail_store()`;

const withCalendar = `
  drop trigger fail_store on timeline;
  drop function fail_store;
  alter table if exists calendar_away rename to calendar`;
