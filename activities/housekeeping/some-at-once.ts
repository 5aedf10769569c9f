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
