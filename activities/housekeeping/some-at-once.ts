/** How many workflows are looked at at the same time: so few that there is room for those that people wait for. */
const AT_ONCE = 10;

/** Does the work for each item, some at a time. */
export async function someAtOnce<Item>(
  items: Iterable<Item> | AsyncIterable<Item>,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const queue = (async function* () {
    yield* items;
  })();
  const workThrough = async () => {
    for (let turn = await queue.next(); !turn.done; turn = await queue.next()) await work(turn.value);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, workThrough));
}

/**
 * Does the work for each item, some at a time. A failure is told, and the others are still done.
 * @returns for how many items it answered true
 */
export async function countSome<Item>(
  items: Item[],
  work: (item: Item) => Promise<boolean>,
  failed: (error: unknown) => void,
): Promise<number> {
  let done = 0;
  await someAtOnce(items, (item) =>
    work(item).then((is) => {
      if (is) done += 1;
    }, failed),
  );
  return done;
}
