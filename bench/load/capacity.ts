import { untilIdle, untilQuiet } from './round.ts';
import type { Bench } from './surroundings.ts';
import { inFlight, type System } from './system.ts';

/** Cases that are filed at once. */
const FILED_AT_ONCE = 25;
/** Decisions in flight. A service that is asked too much at once may carry less than one that is asked a little. */
const IN_FLIGHT = [10, 25, 50];
/** Cases that are decided to find out what can be carried, with each of them. */
const CASES = 100;

/** Cases that wait for a decision, and lie still. */
export async function waitingCases<Case>(bench: Bench, system: System<Case>, count: number): Promise<Case[]> {
  const cases = await system.prepare(count);
  await inFlight(cases, FILED_AT_ONCE, system.begin);
  await untilQuiet(bench, system);
  return cases;
}

/** How many decisions a second it can carry, from the first one until the last one has had its effects. */
export async function capacityOf<Case>(bench: Bench, system: System<Case>): Promise<number> {
  const rates: number[] = [];
  for (const atOnce of IN_FLIGHT) {
    const cases = await waitingCases(bench, system, CASES);
    const began = performance.now();
    await inFlight(cases, atOnce, async (benchCase) => {
      await system.decide(benchCase);
      await system.ended(benchCase);
    });
    rates.push((CASES * 1000) / (performance.now() - began));
    await untilIdle(bench, system);
    await system.check(cases);
  }
  return Math.max(...rates);
}

/**
 * Begins something for each at its time, so many a second, whether or not what was begun before has come to an end.
 * @returns what came of each, in order
 */
export function openLoop<Item, Outcome>(
  items: Item[],
  perSecond: number,
  work: (item: Item) => Promise<Outcome>,
): Promise<Outcome[]> {
  const start = performance.now();
  return Promise.all(
    items.map(async (item, index) => {
      const at = start + (index * 1000) / perSecond;
      await new Promise((resolve) => setTimeout(resolve, at - performance.now()));
      return work(item);
    }),
  );
}
