/** One of the two that are compared: what a benchmark does with its cases, one by one, and how it makes sure that nothing was lost or doubled. */
export interface System<Case> {
  /** Which worker's time counts. */
  worker: 'worker' | 'bare';
  /** What has to be there before the measuring begins. */
  prepare(count: number): Promise<Case[]>;
  /** Starts a case; resolves when it waits for a decision. */
  begin(benchCase: Case): Promise<void>;
  /** Decides it; resolves when that is answered, which for the bare sample is when its activity has run. */
  decide(benchCase: Case): Promise<void>;
  /** Resolves when it has had all its effects. */
  ended(benchCase: Case): Promise<void>;
  /** Resolves when nothing of it runs any more. */
  isIdle(): Promise<boolean>;
  /** @throws Error where an effect was lost or happened twice */
  check(cases: Case[]): Promise<void>;
  /** Ids of the executions of a case, its own first; of those that there may be, not all need be. */
  executions(benchCase: Case): string[];
}

/** Does something for each, so many at a time. */
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
