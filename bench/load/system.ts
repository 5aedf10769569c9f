/**
 * One of the two systems that are compared, ours or the bare sample: what a benchmark does with each case, and how it
 * makes sure that nothing was lost or doubled.
 */
export interface System<Case> {
  /** The worker whose processor time counts. */
  worker: 'worker' | 'bare';
  /** Prepares cases before the measuring begins. */
  prepare(count: number): Promise<Case[]>;
  /** Starts a case; resolves when it waits for a decision. */
  begin(benchCase: Case): Promise<void>;
  /** Decides a case; resolves when that is answered; for the bare sample, when its activity has run. */
  decide(benchCase: Case): Promise<void>;
  /** Resolves when a case has had all its effects. */
  ended(benchCase: Case): Promise<void>;
  /** Whether no case runs any more. */
  isIdle(): Promise<boolean>;
  /** @throws Error where an effect was lost or happened twice */
  check(cases: Case[]): Promise<void>;
  /** Workflow ids of a case's executions, its own first; not all of them need exist. */
  executions(benchCase: Case): string[];
}

/** Does some work for each item, so many at a time. */
export async function inFlight<Item>(
  items: Item[],
  atOnce: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  const lane = async () => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
}
