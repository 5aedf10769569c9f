/** As many workflows are looked at at once as leave room for those that people wait for. */
const AT_ONCE = 10;

/** Does the same with each, some at once. */
export async function someAtOnce<One>(
  all: Iterable<One> | AsyncIterable<One>,
  work: (one: One) => Promise<void>,
): Promise<void> {
  const left = (async function* () {
    yield* all;
  })();
  const next = async () => {
    for (let one = await left.next(); !one.done; one = await left.next()) await work(one.value);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, next));
}
