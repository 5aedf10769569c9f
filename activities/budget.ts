/**
 * How long the answer to a decision waits for what follows from it. What takes longer is left to an activity of its
 * own.
 */
const BUDGET_MS = 2_000;

type Outcome<T> = { done: true; value: T } | { done: false };

/**
 * @returns a function that waits for work until the budget is spent; work that has failed by then, or takes longer, is
 * left to an activity of its own
 */
export function withBudget() {
  const ends = performance.now() + BUDGET_MS;
  return async <T>(work: Promise<T>): Promise<Outcome<T>> => {
    let timer: NodeJS.Timeout | undefined;
    const spent = new Promise<Outcome<T>>((resolve) => {
      timer = setTimeout(() => resolve({ done: false }), Math.max(0, ends - performance.now())).unref();
    });
    try {
      return await Promise.race<Outcome<T>>([
        work.then(
          (value) => ({ done: true, value }),
          () => ({ done: false }),
        ),
        spent,
      ]);
    } finally {
      clearTimeout(timer);
    }
  };
}

/** @throws nothing: whatever has gone wrong is tried again by an activity that does only this */
export async function inTime<T>(work: Promise<T>): Promise<T | undefined> {
  const outcome = await withBudget()(work);
  return outcome.done ? outcome.value : undefined;
}
