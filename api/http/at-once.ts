import { problems } from './errors.ts';

/**
 * Lets so much be under way at once, and refuses what comes on top of it without any work: who is asked for more than
 * he can carry, and begins it all, carries less.
 * @returns a function that does some work; it throws Problem 503 where it isn't begun
 */
export function atOnce(limit: number) {
  let underWay = 0;
  return async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (underWay >= limit) throw problems.busy();
    underWay += 1;
    try {
      return await work();
    } finally {
      underWay -= 1;
    }
  };
}
