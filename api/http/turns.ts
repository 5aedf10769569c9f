import { problems } from './errors.ts';

/** Does some work in its turn: so many at once, the others in the order in which they came. */
export type Turns = <Result>(work: () => Promise<Result>) => Promise<Result>;

/**
 * Limits how much work is under way at the same time: who begins more than they can carry gets less done.
 * @param atOnce works that are under way at the same time
 * @param waiting how many more may wait; who comes then is told that it is too much now (Problem 503)
 */
export function takingTurns(atOnce: number, waiting = 0): Turns {
  const queue: (() => void)[] = [];
  let underWay = 0;
  return async (work) => {
    if (underWay < atOnce) underWay += 1;
    else if (queue.length >= waiting) throw problems.busy();
    else await new Promise<void>((resolve) => queue.push(resolve));
    try {
      return await work();
    } finally {
      // Who comes next takes this one's place.
      const next = queue.shift();
      if (next) next();
      else underWay -= 1;
    }
  };
}
