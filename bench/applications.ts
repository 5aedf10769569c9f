import { bareSystem } from './load/bare.ts';
import { median, table } from './load/figures.ts';
import { type HistoryCost, historyCosts } from './load/histories.ts';
import { countOptions } from './load/options.ts';
import { ourSystem } from './load/ours.ts';
import { measureRound, type Round } from './load/round.ts';
import { transactionsOf } from './load/servers.ts';
import { type Bench, openBench, parts } from './load/surroundings.ts';
import type { System } from './load/system.ts';

/** Cases that each system takes before the first round, so that its programs are compiled by then. */
const WARM_UP = 100;
/** How many cases' histories are read. */
const SAMPLE = 5;

/**
 * `applications [--rounds 5] [--count 300]`: compares an application, from its filing to the registration, with a bare
 * sample of Temporal's. Both run in turn on the same servers: so many rounds of each, so many cases a round.
 */
export async function benchApplications(args: string[]): Promise<void> {
  const { rounds, count } = countOptions(args, { rounds: 5, count: 300 });
  const bench = await openBench();
  try {
    const [bare, ours] = [bareSystem(bench), ourSystem(bench)];
    const plan = [WARM_UP, ...Array.from({ length: rounds }, () => count)];
    const bareCases = await prepareAll(bare, plan);
    const ourCases = await prepareAll(ours, plan);
    await measureRound(bench, bare, bareCases[0] ?? []);
    await measureRound(bench, ours, ourCases[0] ?? []);

    const [committed, looks] = [await transactionsOf(bench.env.DATABASE_URL), ours.looks()];
    const bareRounds: Round[] = [];
    const ourRounds: Round[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      bareRounds.push(await measureRound(bench, bare, bareCases[round] ?? []));
      ourRounds.push(await measureRound(bench, ours, ourCases[round] ?? []));
      console.log(
        `round ${round}: ${bareRounds.at(-1)?.rate.toFixed(1)} and ${ourRounds.at(-1)?.rate.toFixed(1)} a second`,
      );
    }
    const transactions = (await transactionsOf(bench.env.DATABASE_URL)) - committed - (ours.looks() - looks);
    const costs = {
      bare: await costsOf(bench, bare, bareCases.at(-1) ?? []),
      ours: await costsOf(bench, ours, ourCases.at(-1) ?? []),
      transactions: transactions / (rounds * count),
    };
    console.log(report(bareRounds, ourRounds, costs));
  } finally {
    await bench.close();
  }
}

async function prepareAll<Case>(system: System<Case>, plan: number[]): Promise<Case[][]> {
  const batches: Case[][] = [];
  for (const count of plan) batches.push(await system.prepare(count));
  return batches;
}

/** What each execution of a case costs: the medians of some cases. */
async function costsOf<Case>({ client }: Bench, system: System<Case>, cases: Case[]): Promise<HistoryCost[]> {
  const sample = await Promise.all(
    cases.slice(-SAMPLE).map((benchCase) => historyCosts(client, system.executions(benchCase))),
  );
  return (sample[0] as HistoryCost[]).map((_, index) => {
    const middle = (name: keyof HistoryCost) => median(sample.map((costs) => (costs[index] as HistoryCost)[name]));
    return { events: middle('events'), workflowTasks: middle('workflowTasks'), actions: middle('actions') };
  });
}

interface Costs {
  bare: HistoryCost[];
  ours: HistoryCost[];
  transactions: number;
}

function report(bare: Round[], ours: Round[], costs: Costs): string {
  /** The medians, and the median of the rounds' ratios: whatever else slowed this machine slowed both systems alike. */
  const compared = (label: string, value: (round: Round) => number | undefined, digits: number): string[] => {
    const [bareValues, ourValues] = [bare.map(value), ours.map(value)];
    const shown = (values: (number | undefined)[]) =>
      values.includes(undefined) ? '?' : median(values as number[]).toFixed(digits);
    const ratios = ourValues.map((own, round) => (own ?? Number.NaN) / (bareValues[round] ?? Number.NaN));
    return [label, shown(bareValues), shown(ourValues), ratios.every(Number.isFinite) ? median(ratios).toFixed(2) : ''];
  };
  const counted = (label: string, name: keyof HistoryCost): string[] => {
    const text = (executions: HistoryCost[]) =>
      executions
        .map((cost) => cost[name])
        .filter(Boolean)
        .join(' + ');
    const sum = (executions: HistoryCost[]) => executions.reduce((total, cost) => total + cost[name], 0);
    return [label, text(costs.bare), text(costs.ours), (sum(costs.ours) / sum(costs.bare)).toFixed(2)];
  };
  // PGlite doesn't count transactions.
  const transactions = costs.transactions > 0 ? costs.transactions.toFixed(1) : '?';
  return table([
    ['', 'bare', 'ours', 'ratio'],
    compared('cases a second', ({ rate }) => rate, 2),
    compared('CPU ms a case (bench left out)', ({ total }) => total, 0),
    ...parts.map((part) => compared(`  ${part}`, ({ cpu }) => cpu[part], 0)),
    counted('events', 'events'),
    counted('workflow tasks', 'workflowTasks'),
    counted('Temporal actions', 'actions'),
    ['transactions of ours', '', transactions, ''],
  ]);
}
