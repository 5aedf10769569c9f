import { capacityOf, openLoop, waitingCases } from './load/capacity.ts';
import { percentile } from './load/figures.ts';
import { countOptions } from './load/options.ts';
import { ourSystem } from './load/ours.ts';
import { untilIdle } from './load/round.ts';
import { openBench } from './load/surroundings.ts';

/** The load that is offered, as a part of what the service can carry. */
const PART = 1.5;
/** The statuses that a client may be answered. */
const expected = [200, 202, 503];

/**
 * `overload [--seconds 120]`: decisions come in one and a half times as fast as the service can carry them. A client
 * that is answered 503 tries again with the same key, when `Retry-After` says.
 * @throws Error if a decision is lost, has its effects twice, or is answered anything but 200, 202 or 503
 */
export async function benchOverload(args: string[]): Promise<void> {
  const { seconds } = countOptions(args, { seconds: 120 });
  const bench = await openBench();
  try {
    const ours = ourSystem(bench);
    const capacity = await capacityOf(bench, ours);
    const cases = await waitingCases(bench, ours, Math.round(PART * capacity * seconds));
    const answers = new Map<number, number>();
    const began = performance.now();
    const firstAnswers = await openLoop(cases, PART * capacity, async (ourCase) => {
      const sentAt = performance.now();
      let firstAfter: number | undefined;
      const isTaken = await ours.approve(ourCase, (status) => {
        firstAfter ??= performance.now() - sentAt;
        answers.set(status, (answers.get(status) ?? 0) + 1);
      });
      if (isTaken) await ours.ended(ourCase);
      return firstAfter as number;
    });
    const caughtUp = (performance.now() - began) / 1000 - seconds;
    const counted = [...answers].map(([status, count]) => `${count} × ${status}`).join(', ');
    const [p50, p99] = [0.5, 0.99].map((part) => (percentile(firstAnswers, part) / 1000).toFixed(1));
    console.log(
      `${capacity.toFixed(1)} decisions a second carried; ${cases.length} offered in ${seconds} s: ${counted}\n` +
        `first answer after p50 ${p50} s, p99 ${p99} s; caught up ${caughtUp.toFixed(0)} s after the last decision`,
    );
    await untilIdle(bench, ours);
    await ours.check(cases);
    console.log('nothing lost, nothing doubled');
    const others = [...answers.keys()].filter((status) => !expected.includes(status));
    if (others.length > 0) throw new Error(`answered ${others.join(', ')}`);
  } finally {
    await bench.close();
  }
}
