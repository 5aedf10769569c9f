import { setTimeout as wait } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { messages } from '../../../workflows/messages.ts';
import { until } from '../until.ts';
import { about, refused, underReview } from './exact.ts';
import type { Finding } from './finding.ts';
import { type Outcome, settle } from './rounds.ts';
import type { Stack } from './stack.ts';
import { executionOf } from './workflows.ts';

/** Temporal ends a run at 2,000 updates or 10,000 signals. */
const UPDATES = 2_001;
const SIGNALS = 11_000;
/** For the sending, and once more for what follows from it. */
const LIMIT_MS = 240_000;

/**
 * More Updates, and more signals, to one case each than a run may have: every one counts once, and the cases stay
 * usable.
 */
export async function floods(stack: Stack): Promise<Outcome[]> {
  const toSelf = { by: 'reviewer-1', to: 'reviewer-1' };
  return Promise.all([
    flood(stack, `${UPDATES} updates`, 'assigned', UPDATES, (client, number, index) =>
      client.workflow
        .getHandle(number)
        .executeUpdate(messages.assign.update, { args: [toSelf], updateId: `flood-${index}` }),
    ),
    // One that doesn't fit is noted, and changes nothing.
    flood(stack, `${SIGNALS} signals`, 'messageIgnored', SIGNALS, (client, number) =>
      client.workflow.getHandle(number).signal(messages.recordVerification.signal, { by: 'clerk-1', passed: true }),
    ),
  ]);
}

async function flood(
  stack: Stack,
  name: string,
  kind: string,
  times: number,
  send: (client: Client, acceptanceNumber: string, index: number) => Promise<unknown>,
): Promise<Outcome> {
  const people = await underReview(stack, name);
  const number = people.log.acceptanceNumber as string;
  const noted = async (): Promise<number> => {
    const text = `select count(*)::int from timeline where acceptance_number = '${number}' and kind = '${kind}'`;
    return (await stack.sql(text, stack.databaseUrl))[0].count;
  };
  const findings: Finding[] = [];
  const end = Date.now() + LIMIT_MS;
  let taken = 0;
  const runs = await stack.withTemporal(async (client) => {
    const first = await executionOf(client, number);
    await inParallel(times, 9, async (index) => {
      if (await insist(() => send(client, number, index), end)) taken++;
    });
    await until(`${taken} × ${kind}`, async () => (await noted()) >= taken, LIMIT_MS).catch(() => undefined);
    return [first, await executionOf(client, number)].map((execution) => execution.found && execution.runId);
  });
  const since = Date.now();
  const count = await noted();
  if (taken < times) findings.push({ kind: 'stuck', about: number, what: `${taken} of ${times} were taken in time` });
  if (count !== taken) {
    const what = `${taken} were taken, ${count} are in the timeline`;
    findings.push({ kind: count < taken ? 'lost' : 'doubled', about: number, what });
  }
  if (runs[0] === runs[1]) findings.push(...about(people, 'the case is still in its first run'));
  await people.try('approve', {}, 'reviewer-1');
  const outcome = await settle(stack, name, [people.log], since);
  return { ...outcome, findings: [...findings, ...refused(people), ...outcome.findings] };
}

/** The server may refuse some for now; then their sender tries again. @returns whether it was taken in time */
async function insist(send: () => Promise<unknown>, end: number): Promise<boolean> {
  while (Date.now() < end) {
    const sent = await send().then(
      () => true,
      () => false,
    );
    if (sent) return true;
    await wait(200);
  }
  return false;
}

async function inParallel(times: number, atOnce: number, act: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < times; index = next++) await act(index);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

/** 500 messages while no worker runs, each sent once: 202 is a promise, 503 is none, and there is nothing else. */
export async function withoutWorker(stack: Stack): Promise<Outcome> {
  const all = await Promise.all(Array.from({ length: 20 }, () => underReview(stack, '500 messages')));
  for (const people of all) await people.decide('assign', { to: 'reviewer-1' });
  await stack.worker.kill();
  await inParallel(500, 100, (index) => {
    return (all[index % all.length] as (typeof all)[0]).once('assign', { to: 'reviewer-1' }, 'reviewer-1');
  });
  await stack.worker.start();
  const since = Date.now();
  await Promise.all(all.map((people) => people.try('approve', {}, 'reviewer-1')));
  const logs = all.map(({ log }) => log);
  const outcome = await settle(stack, '500 messages without a worker', logs, since);
  return { ...outcome, findings: [...all.flatMap(refused), ...outcome.findings] };
}
