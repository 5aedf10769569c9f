import { performance } from 'node:perf_hooks';
import { sql } from 'drizzle-orm';
import { startThrowawayPglite } from '../dev/stack/throwaway-pglite.ts';
import type { Arrangement } from '../domain/calendar/working-days.ts';
import { type ApplicationState, submittedApplication } from '../domain/cases/state.ts';
import { addDays } from '../domain/dates.ts';
import { estimator, publishedArrangement } from '../policy/calendar/arrangements.ts';
import { caseNotice } from '../policy/notices/case.ts';
import { actedAtWindowText, filedOtherwiseText, phoneReplacedText } from '../policy/people/phone-texts.ts';
import { publishArrangement } from '../store/calendar/publish.ts';
import { readCalendar } from '../store/calendar/queries.ts';
import { type Filing, fileApplication } from '../store/cases/filing.ts';
import { recordChanges } from '../store/cases/record.ts';
import type { RecordRules } from '../store/cases/rules.ts';
import { application } from '../store/cases/tables.ts';
import { migrateAndSeed } from '../store/migrate.ts';
import { openStore, type Store } from '../store/open.ts';
import { startPostgres } from '../test/harness/database/postgres.ts';
import { testKeyring as keyring } from '../test/harness/keyring.ts';
import { filing } from '../test/harness/people.ts';
import { policies, policy, seed } from '../test/harness/policy.ts';

/** Cases on which decisions are recorded while a calendar is published. */
const DECIDED = 40;

/**
 * Measures what publishing a calendar costs the store when it moves every open case, compared with a bare UPDATE of the
 * same columns of as many rows; and how long decisions wait that are recorded meanwhile.
 */
export async function benchPublish(): Promise<void> {
  const postgres = await startPostgres();
  if ('missing' in postgres) console.log(`PostgreSQL: left out (${postgres.missing})`);
  else await compare('PostgreSQL', [100, 10_000, 100_000], { url: postgres.adminUrl, stop: postgres.stop });
  await compare('PGlite', [100, 10_000], await startThrowawayPglite());
}

async function compare(name: string, sizes: number[], database: { url: string; stop(): Promise<void> }): Promise<void> {
  await migrateAndSeed(database.url, seed);
  const options = { keyring, filesDir: '', estimate: estimator(policies), onError: () => undefined };
  const store = openStore({ ...options, url: database.url });
  for (const count of sizes) {
    const { published, updated } = await measure(store, count);
    const { waits, took } = await decideMeanwhile(store);
    console.log(
      `${name}, ${count} cases: ${published.toFixed(0)} ms (${((published / count) * 1000).toFixed(0)} µs a case), bare UPDATE ` +
        `${updated.toFixed(0)} ms, ratio ${(published / updated).toFixed(1)}; ${waits.length} decisions meanwhile (${took.toFixed(0)} ms): ` +
        `longest wait ${Math.max(...waits).toFixed(0)} ms, median ${median(waits).toFixed(0)} ms`,
    );
  }
  await store.close();
  await database.stop();
}

/** Two arrangements that are published in turn, so that each publication moves every case. */
const base = publishedArrangement(2026);
const plain: Arrangement = { ...base, circular: '测试1号' };
const holiday: Arrangement = { ...base, daysOff: { ...base.daysOff, '2026-03-09': '测试' }, circular: '测试2号' };

async function publish(store: Store, changed: Arrangement): Promise<number> {
  const { version: basedOn } = await readCalendar(store);
  const { affected } = await publishArrangement(store, changed, { basedOn, enteredBy: 'bench', clocks: policy.clocks });
  return affected.length;
}

/** Medians of both, measured in turn, so that whatever slows the machine slows both alike. */
async function measure(store: Store, count: number): Promise<{ published: number; updated: number }> {
  await fill(store, count);
  await publish(store, plain);
  const [published, updated]: [number[], number[]] = [[], []];
  for (let round = 0; round < (count > 10_000 ? 3 : 7); round += 1) {
    await store.db.execute(sql`vacuum ${application}`);
    updated.push(await timed(() => bareUpdate(store, round)));
    await store.db.execute(sql`vacuum ${application}`);
    let moved = 0;
    published.push(
      await timed(async () => {
        moved = await publish(store, round % 2 === 0 ? holiday : plain);
      }),
    );
    if (moved !== count) throw new Error(`${moved} of ${count} cases were moved`);
  }
  return { published: median(published), updated: median(updated) };
}

/** Writes the columns that a publication writes, in a single statement. */
async function bareUpdate(store: Store, round: number): Promise<void> {
  const days = round % 2 === 0 ? 1 : -1;
  await store.db.execute(sql`
    update ${application} set due_on = due_on + ${days}::int, provisional = false, working_days_left = null, window_ends_on = null,
      appeal_until = null, calendar_version = calendar_version, calendar_unheard = true
  `);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

function median(times: number[]): number {
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)] as number;
}

/** How long decisions take that are recorded, one after the other, while a calendar is published. */
async function decideMeanwhile(store: Store): Promise<{ waits: number[]; took: number }> {
  const rules: RecordRules = {
    clocks: policy.clocks,
    causedPerDay: 100,
    sendingHours: policy.notifying.sendingHours,
    tellsStaff: () => false,
    notifications: () => [],
    phoneReplaced: (acceptanceNumber) => phoneReplacedText(policy, acceptanceNumber),
    filedOtherwise: (acceptanceNumber) => filedOtherwiseText(policy, acceptanceNumber),
    actedAtWindow: (acceptanceNumber) => actedAtWindowText(policy, acceptanceNumber),
    notice: (noticed) => caseNotice(policy, noticed),
  };
  const filings = Array.from({ length: DECIDED }, () => filing('2026-03-02T02:00:00.000Z'));
  for (const filed of filings) await fileApplication(store, filed);
  const decide = (filed: Filing, sequence: number) => {
    const kind = sequence === 1 ? 'accepted' : 'assigned';
    const entry = { at: filed.submittedAt, kind, by: 'system', via: 'system', detail: {} } as const;
    return recordChanges(store, filed.acceptanceNumber, [{ sequence, entry, state: stateOf(filed, 0) }], rules);
  };
  for (const filed of filings) await decide(filed, 1);
  let isPublishing = true;
  const publishing = timed(() => publish(store, plain)).finally(() => {
    isPublishing = false;
  });
  const waits: number[] = [];
  for (let sequence = 2; isPublishing; sequence += 1) {
    for (const filed of filings) waits.push(await timed(() => decide(filed, sequence)));
  }
  const took = await publishing;
  return { waits, took };
}

/** Fills the store with open cases of ten days; every fifth had its clock stopped for a supplement. */
async function fill(store: Store, count: number): Promise<void> {
  await store.db.execute(sql`truncate ${application} cascade`);
  const { version } = await readCalendar(store);
  const filings = Array.from({ length: count }, (_, index) =>
    filing(`${addDays('2026-02-24', index % 10)}T02:00:00.000Z`),
  );
  for (let from = 0; from < count; from += 1_000) {
    await store.db
      .insert(application)
      .values(filings.slice(from, from + 1_000).map((filed, index) => asRow(filed, index, version)));
  }
}

function stateOf({ acceptedOn, workingDays, submittedAt }: Filing, index: number): ApplicationState {
  const pause = { from: addDays(acceptedOn, 1), to: addDays(acceptedOn, 4) };
  const pauses = index % 5 === 0 ? [pause] : [];
  return {
    ...submittedApplication({ acceptedOn, workingDays, pauses }, { submittedAt, filedBy: 'applicant-1' }),
    status: 'underReview',
  };
}

function asRow(
  { acceptedOn, workingDays, materials: _, ...filed }: Filing,
  index: number,
  calendarVersion: number,
): typeof application.$inferInsert {
  const state = stateOf({ acceptedOn, workingDays } as Filing, index);
  const { status, round } = state;
  return {
    ...filed,
    personal: '',
    idNumberHash: '',
    phoneHash: '',
    sequence: 1,
    state,
    status,
    round,
    calendarVersion,
  };
}
