import { untilQuiet } from './round.ts';
import type { Bench } from './surroundings.ts';
import { inFlight, type System } from './system.ts';

/** Decisions in flight, as in `applications`. */
const IN_FLIGHT = 50;
/** Cases that are decided to find out. */
const CASES = 150;

/** Cases that wait for a decision, and lie still. */
export async function waitingCases<Case>(system: System<Case>, count: number): Promise<Case[]> {
  const cases = await system.prepare(count);
  await inFlight(cases, IN_FLIGHT, system.begin);
  return cases;
}

/** How many decisions a second it can carry, from the first one until the last one has had its effects. */
export async function capacityOf<Case>(bench: Bench, system: System<Case>): Promise<number> {
  const cases = await waitingCases(system, CASES);
  const began = performance.now();
  await inFlight(cases, IN_FLIGHT, async (one) => {
    await system.decide(one);
    await system.ended(one);
  });
  const perSecond = (CASES * 1000) / (performance.now() - began);
  await untilQuiet(bench, system);
  await system.check(cases);
  return perSecond;
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
