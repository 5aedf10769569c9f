import { performance } from 'node:perf_hooks';
import { startThrowawayPglite } from '../dev/throwaway-pglite.ts';
import { type ApplicationState, submittedApplication } from '../domain/application.ts';
import type { Arrangement } from '../domain/calendar.ts';
import { addDays } from '../domain/dates.ts';
import { estimator, publishedArrangement } from '../policy/calendar.ts';
import { caseNotice } from '../policy/case-notices.ts';
import { phoneReplacedText } from '../policy/phone-texts.ts';
import { type Filing, fileApplication } from '../store/applications.ts';
import { readCalendar } from '../store/calendar.ts';
import { migrateAndSeed } from '../store/migrate.ts';
import { publishArrangement } from '../store/publish.ts';
import { type RecordRules, recordChanges } from '../store/record.ts';
import { application } from '../store/schema.ts';
import { openStore, type Store } from '../store/store.ts';
import { testKeyring as keyring } from '../test/support/keyring.ts';
import { filing } from '../test/support/people.ts';
import { policies, policy } from '../test/support/policy.ts';
import { startPostgres } from '../test/support/postgres.ts';

const REPETITIONS = 7;

/** What publishing a calendar costs the store: 10,000 open cases against 100, all of them moved each time. */
export async function benchPublish(): Promise<void> {
  const postgres = await startPostgres();
  if ('missing' in postgres) console.log(`PostgreSQL: left out (${postgres.missing})`);
  else await compare('PostgreSQL', { url: postgres.adminUrl, stop: postgres.stop });
  await compare('PGlite', await startThrowawayPglite());
}

async function compare(name: string, database: { url: string; stop(): Promise<void> }): Promise<void> {
  await migrateAndSeed(database.url, policies);
  const options = { keyring, filesDir: '', estimate: estimator(policies), onError: () => undefined };
  const store = openStore({ ...options, url: database.url });
  const few = await measure(store, 100);
  const many = await measure(store, 10_000);
  const waited = await recordMeanwhile(store);
  console.log(
    `${name}: 100 cases ${few.toFixed(0)} ms, 10,000 cases ${many.toFixed(0)} ms (medians of ${REPETITIONS}); ` +
      `ratio ${(many / few).toFixed(1)} for 100 times the cases; ${(many / 10).toFixed(0)} µs a case; ` +
      `a decision recorded meanwhile waited ${waited.toFixed(0)} ms`,
  );
  await store.close();
  await database.stop();
}

/** Two arrangements in turn, so that each publication moves every case. */
const base = publishedArrangement(2026);
const plain: Arrangement = { ...base, notice: '测试1号' };
const holiday: Arrangement = { ...base, daysOff: { ...base.daysOff, '2026-03-09': '测试' }, notice: '测试2号' };

async function publish(store: Store, changed: Arrangement): Promise<number> {
  const { version: basedOn } = await readCalendar(store);
  const { affected } = await publishArrangement(store, changed, { basedOn, enteredBy: 'bench', clocks: policy.clocks });
  return affected.length;
}

async function measure(store: Store, count: number): Promise<number> {
  await fill(store, count);
  await publish(store, plain);
  const times: number[] = [];
  for (let round = 0; round < REPETITIONS; round += 1) {
    const began = performance.now();
    const moved = await publish(store, round % 2 === 0 ? holiday : plain);
    times.push(performance.now() - began);
    if (moved !== count) throw new Error(`${moved} of ${count} cases were moved`);
  }
  return times.sort((a, b) => a - b)[Math.floor(REPETITIONS / 2)] as number;
}

/** How long a decision takes that comes in while 10,000 cases are recomputed. */
async function recordMeanwhile(store: Store): Promise<number> {
  const filed = filing('2026-03-02T02:00:00.000Z');
  await fileApplication(store, filed);
  const entry = { at: filed.submittedAt, kind: 'accepted', by: 'system', via: 'system', detail: {} } as const;
  const publishing = publish(store, holiday).then(() => publish(store, plain));
  const began = performance.now();
  const rules: RecordRules = {
    clocks: policy.clocks,
    sendingHours: policy.messaging.sendingHours,
    messages: () => [],
    phoneReplaced: (acceptanceNumber) => phoneReplacedText(policy, acceptanceNumber),
    notice: (noticed) => caseNotice(policy, noticed),
  };
  await recordChanges(store, filed.acceptanceNumber, [{ sequence: 1, entry, state: stateOf(filed, 0) }], rules);
  const waited = performance.now() - began;
  await publishing;
  return waited;
}

/** Open cases of three weeks, as they are: most under review, some waiting for materials, some after a supplement. */
async function fill(store: Store, count: number): Promise<void> {
  await store.db.delete(application);
  const filings = Array.from({ length: count }, (_, index) =>
    filing(`${addDays('2026-02-24', index % 10)}T02:00:00.000Z`),
  );
  for (let from = 0; from < count; from += 1_000) {
    await store.db.insert(application).values(filings.slice(from, from + 1_000).map(asRow));
  }
}

function stateOf({ acceptedOn, workingDays }: Filing, index: number): ApplicationState {
  const pause = { from: addDays(acceptedOn, 1), to: addDays(acceptedOn, 4) };
  const pauses = index % 5 === 0 ? [pause] : [];
  return { ...submittedApplication({ acceptedOn, workingDays, pauses }), status: 'underReview' };
}

function asRow(
  { acceptedOn, workingDays, materials: _, ...filed }: Filing,
  index: number,
): typeof application.$inferInsert {
  const state = stateOf({ acceptedOn, workingDays } as Filing, index);
  const { status, round } = state;
  return { ...filed, personal: '', idNumberHash: '', phoneHash: '', sequence: 1, state, status, round };
}
