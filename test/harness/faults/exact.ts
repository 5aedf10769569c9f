import { setTimeout as wait } from 'node:timers/promises';
import { Client as Sql } from 'pg';
import { until } from '../until.ts';
import { type CaseLog, People, play, reject } from './courses.ts';
import type { Finding } from './finding.ts';
import { type Outcome, settle } from './rounds.ts';
import type { Stack } from './stack.ts';
import { executionOf } from './workflows.ts';

/** A case that a reviewer may decide on. */
export async function underReview(stack: Stack, course: string): Promise<People> {
  const people = new People(stack, course);
  await people.file();
  await people.see('underReview');
  return people;
}

/** Six applications are filed and withdrawn in the same breath; nothing is killed. */
export async function withdrawnAtOnce(stack: Stack): Promise<Outcome> {
  const logs = await Promise.all(Array.from({ length: 6 }, () => play(stack, 'withdrawnAtOnce')));
  return settle(stack, 'withdrawn at once, nothing killed', logs, Date.now());
}

/**
 * Temporal stands still from before an approval is recorded in our database until after, and is killed: it never hears
 * that it was. The record is held back by a lock on the case's row. Temporal is killed only once the api has given it
 * up, and doesn't ask by itself again.
 */
export async function frozenBetween(stack: Stack): Promise<Outcome> {
  const people = await underReview(stack, 'frozenBetween');
  const number = people.log.acceptanceNumber as string;
  // Nothing else is to wait for the row.
  await until('the case only waits for a decision', () => isQuiet(stack, number), 60_000);
  const row = await lockRow(stack, number);
  const approving = people.try('approve', {}, 'reviewer-1');
  await until('the record waits for the row', row.isWaitedFor);
  stack.temporal.freeze();
  await row.release();
  await until('the approval is in the database', async () => (await statusOf(stack, number)) === 'approved');
  const [sending] = people.log.sendings;
  await until('the first try was answered', async () => sending?.outcome === 'done' || sending?.code !== undefined);
  await stack.temporal.kill();
  await stack.temporal.start();
  const since = Date.now();
  await approving;
  const outcome = await settle(
    stack,
    'Temporal frozen between record and completion, then killed',
    [people.log],
    since,
  );
  const { outcome: rejected } = await people.try('reject', reject, 'reviewer-2');
  if (rejected !== 'refused') outcome.findings.push(...about(people, `a reject after the approval was ${rejected}`));
  if (outcome.recoveredMs === undefined) return outcome;
  // The reject has changed nothing.
  const { findings } = await settle(stack, outcome.fault, [people.log], since);
  return { ...outcome, findings };
}

function isQuiet(stack: Stack, acceptanceNumber: string): Promise<boolean> {
  return stack.withTemporal(async (client) => {
    const execution = await executionOf(client, acceptanceNumber);
    return execution.found && !execution.busy;
  });
}

async function lockRow(stack: Stack, acceptanceNumber: string) {
  const holder = new Sql({ connectionString: stack.databaseUrl });
  await holder.connect();
  await holder.query('begin');
  await holder.query('select 1 from application where acceptance_number = $1 for update', [acceptanceNumber]);
  return {
    async isWaitedFor(): Promise<boolean> {
      const waiting = "select 1 from pg_stat_activity where datname = 'mente' and wait_event_type = 'Lock'";
      return (await stack.sql(waiting)).length > 0;
    },
    async release(): Promise<void> {
      await holder.query('commit');
      await holder.end();
    },
  };
}

async function statusOf(stack: Stack, acceptanceNumber: string): Promise<string | undefined> {
  const text = `select status from application where acceptance_number = '${acceptanceNumber}'`;
  return (await stack.sql(text, stack.databaseUrl))[0]?.status;
}

export function about({ log }: People, what: string): Finding[] {
  return [{ kind: 'answer', about: log.acceptanceNumber as string, what }];
}

/** The worker is gone for longer than a client waits, which tries again: it is told 503 or 202, and 200 in the end. */
export async function workerAway(stack: Stack, how: 'kill' | 'freeze', cases = 4): Promise<Outcome> {
  const all = await Promise.all(Array.from({ length: cases }, () => underReview(stack, `worker ${how}`)));
  if (how === 'kill') await stack.worker.kill();
  else stack.worker.freeze();
  const answered = all.map((people) => people.try('approve', {}, 'reviewer-1'));
  await wait(12_000);
  if (how === 'kill') await stack.worker.start();
  else stack.worker.thaw();
  const since = Date.now();
  await Promise.all(answered);
  const logs = all.map(({ log }) => log);
  const outcome = await settle(stack, `${how} worker, clients try again`, logs, since);
  outcome.findings.push(...all.flatMap(refused));
  return outcome;
}

/** What had to be taken and wasn't. */
export function refused({ log }: People): Finding[] {
  const wrong = log.sendings.filter(({ outcome }) => outcome === 'refused');
  const of = (log: CaseLog) => log.acceptanceNumber as string;
  return wrong.map(({ name, code }) => ({ kind: 'answer', about: of(log), what: `${name} was refused: ${code}` }));
}

/** The probes while the database hangs: they answer in time, and the api lives. */
export async function hangingDatabase(stack: Stack): Promise<Outcome> {
  const findings: Finding[] = [];
  const wrong = (what: string) => findings.push({ kind: 'answer', about: 'api', what });
  const died = stack.api.deaths.length;
  stack.database.freeze();
  for (let time = 0; time < 4; time++) {
    // First alone, then with Temporal: of two that don't answer neither must be forgotten.
    if (time === 2) stack.temporal.freeze();
    const status = await probe(stack, '/readyz');
    if (status !== 503) wrong(`readyz was answered ${status} while the database hung`);
    if ((await probe(stack, '/healthz')) !== 200) wrong('healthz was not answered 200 while the database hung');
    await wait(1_000);
  }
  stack.temporal.thaw();
  stack.database.thaw();
  const since = Date.now();
  await until('the api is ready again', async () => (await probe(stack, '/readyz')) === 200, 60_000);
  for (const how of stack.api.deaths.slice(died)) wrong(`ended by itself: ${how}`);
  return { fault: 'readyz while the database hangs', cases: 0, findings, recoveredMs: Date.now() - since };
}

/** As a probe that waits five seconds. */
async function probe(stack: Stack, path: string): Promise<number | 'nothing'> {
  const response = await fetch(stack.origin + path, { signal: AbortSignal.timeout(5_000) }).catch(() => undefined);
  return response?.status ?? 'nothing';
}
