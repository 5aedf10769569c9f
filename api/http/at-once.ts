import { problems } from './errors.ts';

/**
 * Limits how much work is under way at the same time. What comes on top is refused at once: a server that begins more
 * than it can carry gets less done.
 * @returns a function that does some work, or throws Problem 503 without having begun it
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
