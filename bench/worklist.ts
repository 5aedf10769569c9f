import { performance } from 'node:perf_hooks';
import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { Pool } from 'pg';
import { estimator } from '../policy/calendar/arrangements.ts';
import { reserveNext } from '../store/cases/reserve.ts';
import { application } from '../store/cases/tables.ts';
import { countWorklist, type WorklistFilter, type WorklistSort, worklist } from '../store/cases/worklist.ts';
import { migrateAndSeed } from '../store/migrate.ts';
import { openStore, type Store } from '../store/open.ts';
import { startPostgres } from '../test/harness/database/postgres.ts';
import { fileOne } from '../test/harness/database/store.ts';
import { testKeyring as keyring } from '../test/harness/keyring.ts';
import { policies, seed } from '../test/harness/policy.ts';
import { countOptions } from './load/options.ts';

const RUNS = 15;
const now = '2026-03-02T02:00:00.000Z';
const page = { sort: 'due', limit: 50 } as const;

/** A query as it was asked, with its values. */
interface Asked {
  text: string;
  values: unknown[];
}

/**
 * Measures the worklist's page and its total, filter by filter, and what the next case costs, where so many cases have
 * been filed of which every tenth is open (`--count`); prints how PostgreSQL goes about each.
 */
export async function benchWorklist(args: string[]): Promise<void> {
  const { count } = countOptions(args, { count: 1_000_000 });
  const postgres = await startPostgres();
  if ('missing' in postgres) return console.log(`PostgreSQL: left out (${postgres.missing})`);
  await migrateAndSeed(postgres.adminUrl, seed);
  const options = { keyring, filesDir: '', estimate: estimator(policies), onError: () => undefined };
  const opened = openStore({ ...options, url: postgres.adminUrl });
  const queries: Asked[] = [];
  const logger = { logQuery: (text: string, values: unknown[]) => void queries.push({ text, values }) };
  const store = { ...opened, db: drizzle(opened.pool, { logger }) };
  try {
    const began = performance.now();
    // Without the store's bound on how long a query may take.
    const patient = new Pool({ connectionString: postgres.adminUrl });
    await fill({ ...opened, db: drizzle(patient) }, count);
    await patient.end();
    console.log(`${count} cases, a tenth of them open, filled in ${((performance.now() - began) / 1000).toFixed(0)} s`);
    for (const [name, filter, sort = 'due'] of asked()) await show(store, queries, name, filter, sort);
    await showNext(store, queries);
  } finally {
    await opened.close();
    await postgres.stop();
  }
}

function asked(): [name: string, filter: WorklistFilter, sort?: WorklistSort][] {
  const statuses = ['submitted', 'underReview', 'awaitingMaterials', 'awaitingVerification'] as const;
  return [
    ['worklist', { statuses }],
    ['sort=age', { statuses }, 'age'],
    ['sort=submission', { statuses }, 'submission'],
    ['status (one)', { statuses: ['awaitingVerification'] }],
    ['status (two)', { statuses: ['underReview', 'awaitingVerification'] }],
    ['assignee=me', { statuses, assignees: ['reviewer-7'] }],
    ['assignee=none', { statuses, assignees: [null] }],
    ['assignee=me,none', { statuses, assignees: ['reviewer-7', null] }],
    ['disease', { statuses, diseases: ['M00007'] }],
    ['disease (three)', { statuses, diseases: ['M00007', 'M00008', 'M00009'] }],
    ['type', { statuses, types: ['changeInstitution'] }],
    ['channel', { statuses, channels: ['window'] }],
    ['overdue', { statuses, overdue: true }],
    ['escalated=2', { statuses, escalated: 2 }],
    ['escalated=false', { statuses, escalated: 0 }],
    ['dueBefore', { statuses, dueBefore: '2026-01-03' }],
    ['all together', { statuses, assignees: ['reviewer-7'], diseases: ['M00007'], types: ['new'], overdue: false }],
    ['all together, sort=age', { statuses, channels: ['window'], diseases: ['M00007'], overdue: true }, 'age'],
    ['search: number', { search: { acceptanceNumber: numberOf(4_321) } }],
    ['search: tail', { search: { tail: numberOf(4_321).slice(-6) } }],
    ['search: name', { search: { name: '李娜' } }],
    ['search: phone tail', { search: { phoneTail: '8001' } }],
    ['search: name or tail', { search: { name: '李娜', tail: numberOf(4_321).slice(-6) } }],
  ];
}

const numberOf = (index: number) => `51040026${index.toString().padStart(9, '0')}`;

/** Of one real case as many as are wanted; names and phones are as rare as in a city of a million. */
async function fill(store: Store, count: number): Promise<void> {
  await fileOne(store, { submittedAt: now });
  const open = sql`i % 10 = 0`;
  // Independent of each other, and of what is open.
  const draw = (salt: number, of: number) => sql.raw(`(abs(hashint4(i # ${salt})) % ${of})`);
  const columns = sql`
    'acceptance_number', '51040026' || lpad(i::text, 9, '0'),
    'submitted_at', ${now}::timestamptz - i * interval '1 minute',
    'id_number_hash', md5('person ' || i / 3), 'submitted_by', md5('person ' || i / 3),
    'phone_hash', md5('phone ' || i / 3), 'name_hash', md5('name ' || ${draw(1, 200_000)}),
    'phone_tail_hash', md5('tail ' || ${draw(2, 10_000)}),
    'closed', not ${open}, 'sequence', 3,
    'status', case when not ${open} then 'approved'
      else (array['underReview', 'underReview', 'underReview', 'awaitingMaterials', 'awaitingVerification', 'rejected'])[1 + ${draw(3, 6)}] end,
    'assignee', case when ${draw(4, 10)} < 6 then 'reviewer-' || ${draw(5, 200)} end,
    'disease_code', 'M' || lpad(${draw(6, 30)}::text, 5, '0'),
    'type', (array['new', 'new', 'new', 'new', 'renewal', 'changeInstitution'])[1 + ${draw(7, 6)}],
    'channel', (array['scApp', 'scApp', 'pzhMiniProgram', 'nationalApp', 'window'])[1 + ${draw(8, 5)}],
    'escalation_level', case when ${draw(9, 30)} = 0 then 1 + ${draw(10, 3)} else 0 end,
    'due_on', case when ${draw(11, 4)} > 0 then date '2026-01-01' + ${draw(12, 80)} end`;
  await store.db.execute(sql`
    insert into ${application} select made.*
    from (select whole from ${application} as whole limit 1) as one, generate_series(1, ${count}::int) as i,
      jsonb_populate_record(one.whole, jsonb_build_object(${columns})) as made
  `);
  await store.db.execute(sql`
    update ${application} set name_hash = known.name_hash, phone_tail_hash = known.phone_tail_hash
    from (select name_hash, phone_tail_hash from ${application} where length(name_hash) = 64) as known
    where acceptance_number in (${numberOf(50)}, ${numberOf(51)}, ${numberOf(60)})
  `);
  await store.db.execute(sql`vacuum analyze ${application}`);
}

async function show(store: Store, queries: Asked[], name: string, filter: WorklistFilter, sort: WorklistSort) {
  const listed = await measured(store, queries, () => worklist(store, filter, { ...page, sort }));
  const counted = await measured(store, queries, () => countWorklist(store, filter));
  console.log(
    `${name}: page ${listed.took} ms (${listed.result.length}), total ${counted.took} ms (${counted.result})`,
  );
  console.log(`  page:  ${listed.plan}\n  total: ${counted.plan}`);
}

async function showNext(store: Store, queries: Asked[]): Promise<void> {
  let at = Date.parse(now);
  const take = () => {
    at += 1;
    return reserveNext(
      store,
      { subject: 'reviewer-7', person: { hash: 'somebody' } },
      { now: new Date(at).toISOString(), until: '2026-03-02T03:00:00.000Z' },
    );
  };
  const { took, plan } = await measured(store, queries, take);
  const began = performance.now();
  const taken = await Promise.all(Array.from({ length: 200 }, take));
  const distinct = new Set(taken.map((row) => (typeof row === 'string' ? row : row.acceptanceNumber))).size;
  console.log(`next: ${took} ms; 200 at once: ${(performance.now() - began).toFixed(0)} ms, ${distinct} cases`);
  console.log(`  ${plan}`);
}

/** The median of some runs, in milliseconds, and how PostgreSQL goes about it. */
async function measured<Result>(store: Store, queries: Asked[], work: () => Promise<Result>) {
  queries.length = 0;
  let result = await work();
  const [query] = queries as [Asked];
  const times: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    const began = performance.now();
    result = await work();
    times.push(performance.now() - began);
  }
  const took = (times.sort((a, b) => a - b)[Math.floor(RUNS / 2)] as number).toFixed(1);
  const { rows } = await store.pool.query<{ 'QUERY PLAN': string }>({
    text: `explain ${query.text}`,
    values: query.values,
  });
  return { result, took, plan: nodesOf(rows.map((line) => line['QUERY PLAN'])) };
}

/** The steps of a plan, outermost first, without what they are reckoned to cost. */
function nodesOf(lines: string[]): string {
  const nodes = lines
    .filter((line) => /\(cost=/.test(line))
    .map((line) => line.replace(/\s*(->)?\s*(.*?)\s+\(cost=.*/, '$2'));
  return nodes.join(' < ');
}
