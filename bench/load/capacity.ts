import { untilIdle, untilQuiet } from './round.ts';
import type { Bench } from './surroundings.ts';
import { inFlight, type System } from './system.ts';

/** How many cases are filed at the same time. */
const FILED_AT_ONCE = 25;
/** Numbers of decisions in flight that are tried: a service that is asked too much at once may carry less. */
const IN_FLIGHT = [10, 25, 50];
/** How many cases are decided with each of these numbers. */
const CASES = 100;

/** Files cases, and returns them once all wait for a decision and the worker is quiet. */
export async function waitingCases<Case>(bench: Bench, system: System<Case>, count: number): Promise<Case[]> {
  const cases = await system.prepare(count);
  await inFlight(cases, FILED_AT_ONCE, system.begin);
  await untilQuiet(bench, system);
  return cases;
}

/** How many decisions a second a system carries, counted until the last one has had its effects. */
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
 * Begins some work for each item at a fixed rate, whether or not the work before has ended: so a slow service can't
 * slow down the load on it.
 * @returns the outcomes, in order
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
