import { bareSystem } from './load/bare.ts';
import { capacityOf, openLoop, waitingCases } from './load/capacity.ts';
import { percentile, table } from './load/figures.ts';
import { countOptions } from './load/options.ts';
import { ourSystem } from './load/ours.ts';
import { untilIdle } from './load/round.ts';
import { openBench } from './load/surroundings.ts';

/** The part of its capacity at which the service is loaded while the answers are timed. */
const PART = 0.1;

/**
 * `latency [--count 100]`: compares how long a reviewer waits for the answer to a decision, at a tenth of what the
 * service can carry, with the time from a bare sample's signal until its activity has run. Both are sent in turn to the
 * same servers, at times that don't depend on the answers.
 */
export async function benchLatency(args: string[]): Promise<void> {
  const { count } = countOptions(args, { count: 100 });
  const bench = await openBench();
  try {
    const [bare, ours] = [bareSystem(bench), ourSystem(bench)];
    await capacityOf(bench, bare); // so that its worker is as warm as ours
    const capacity = await capacityOf(bench, ours);
    const [bareCases, ourCases] = [await waitingCases(bench, bare, count), await waitingCases(bench, ours, count)];
    const inTurn = ourCases.flatMap((ourCase, index) => [
      () => bare.decide(bareCases[index] as string),
      () => ours.decide(ourCase),
    ]);
    const times = await openLoop(inTurn, 2 * PART * capacity, timed);
    await Promise.all(ourCases.map(ours.ended));
    await untilIdle(bench, ours);
    await Promise.all([bare.check(bareCases), ours.check(ourCases)]);

    const [bareTimes, ourTimes] = [0, 1].map((turn) => times.filter((_, index) => index % 2 === turn));
    const compared = (label: string, part: number) => {
      const [bareTime, ourTime] = [percentile(bareTimes as number[], part), percentile(ourTimes as number[], part)];
      return [label, bareTime.toFixed(0), ourTime.toFixed(0), (ourTime / bareTime).toFixed(2)];
    };
    console.log(`${count} decisions, ${(PART * capacity).toFixed(2)} a second, a tenth of what it can carry`);
    console.log(table([['ms', 'bare', 'ours', 'ratio'], compared('p50', 0.5), compared('p99', 0.99)]));
  } finally {
    await bench.close();
  }
}

async function timed(work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
