import { until } from '../../test/harness/until.ts';
import { type Bench, type Cpu, parts } from './surroundings.ts';
import { inFlight, type System } from './system.ts';

/**
 * Of the fifty cases in flight one half is being worked on, and the other half lies with a reviewer: nobody decides
 * before a case has come to rest.
 */
const LANES = 25;
const RESTING = 25;
const IDLE_LIMIT_MS = 120_000;
/** A worker that took less processor time than this between two looks has nothing to do for a case any more. */
const QUIET_MS = 30;
const LOOK_MS = 300;

/** What a round of cases took. */
export interface Round {
  /** Cases a second, from the start of the first one until the last one has had its effects. */
  rate: number;
  /** Processor time per case, in ms, until nothing runs any more. */
  cpu: Cpu;
  /** The sum of all parts but the benchmark itself; undefined where a part can't be seen. */
  total: number | undefined;
}

/**
 * Takes cases through their whole course, fifty at a time.
 * @throws Error if a case lost an effect, or had it twice
 */
export async function measureRound<Case>(bench: Bench, system: System<Case>, cases: Case[]): Promise<Round> {
  const before = bench.cpu(system.worker);
  const began = performance.now();
  await takeThrough(system, cases);
  const seconds = (performance.now() - began) / 1000;
  await untilIdle(bench, system);
  const after = bench.cpu(system.worker);
  await system.check(cases);

  const perCase = (part: keyof Cpu) => {
    const [from, to] = [before[part], after[part]];
    return from === undefined || to === undefined ? undefined : (to - from) / cases.length;
  };
  const cpu = Object.fromEntries(parts.map((part) => [part, perCase(part)])) as Cpu;
  const counted = parts.filter((part) => part !== 'bench' && !(part === 'api' && system.worker === 'bare'));
  const total = counted.reduce<number | undefined>((sum, part) => {
    const took = cpu[part];
    return sum === undefined || took === undefined ? undefined : sum + took;
  }, 0);
  return { rate: cases.length / seconds, cpu, total };
}

async function takeThrough<Case>(system: System<Case>, cases: Case[]): Promise<void> {
  const resting: Case[] = [];
  const finish = async (benchCase: Case) => {
    await system.decide(benchCase);
    await system.ended(benchCase);
  };
  await inFlight(cases, LANES, async (benchCase) => {
    await system.begin(benchCase);
    resting.push(benchCase);
    if (resting.length > RESTING) await finish(resting.shift() as Case);
  });
  await inFlight(resting, LANES, finish);
}

/** Waits until all cases are closed and the worker is quiet: the next round must not pay for this one. */
export async function untilIdle<Case>(bench: Bench, system: System<Case>): Promise<void> {
  await until('all cases are closed', system.isIdle, IDLE_LIMIT_MS);
  await untilQuiet(bench, system);
}

/** Resolves when the worker has nothing left to do. */
export async function untilQuiet<Case>(bench: Bench, system: System<Case>): Promise<void> {
  let last = bench.cpu(system.worker).worker ?? 0;
  const isQuiet = async () => {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    const now = bench.cpu(system.worker).worker ?? 0;
    const took = now - last;
    last = now;
    return took <= QUIET_MS;
  };
  await until('the worker is quiet', isQuiet, IDLE_LIMIT_MS);
}
