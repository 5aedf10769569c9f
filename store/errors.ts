/** The code of an error or of what caused it: PostgreSQL's SQLSTATE, Node's ECONNREFUSED, or else the class. */
export function errorCode(error: unknown): string {
  for (const { code } of chain(error)) if (typeof code === 'string') return code;
  return error instanceof Error ? error.constructor.name : typeof error;
}

/**
 * What `pg` itself says of a connection that can't be had, is slow, or broke; the last of them comes while a
 * transaction is rolled back.
 */
const withoutCode = new RegExp(
  [
    'timeout exceeded when trying to connect',
    'Connection terminated',
    'Query read timeout',
    'connection error and is not queryable',
  ].join('|'),
);

/**
 * PostgreSQL's classes 08 (connection), 53 (resources) and 57 (shutdown, cancelled); what it gave up in favour of
 * another transaction (serialization, deadlock, a lock that couldn't be had); and a network that doesn't answer.
 */
const passing = /^(08|53|57|40001|40P01|55P03)|^E(CONN|PIPE|HOST|NET|TIMEDOUT|AI_AGAIN|NOTFOUND)/;

/** Whether what failed may pass by itself, so that trying again makes sense. */
export function isPassing(error: unknown): boolean {
  if (passing.test(errorCode(error))) return true;
  return [...chain(error)].some(({ message }) => withoutCode.test(String(message)));
}

/**
 * An error, what caused it, and so on. Without `instanceof`, since where code runs in a sandbox Node's own errors
 * belong to another realm.
 */
export function* chain(error: unknown): Generator<{ code?: unknown; message?: unknown }> {
  for (let link = error; typeof link === 'object' && link !== null; link = (link as { cause?: unknown }).cause)
    yield link;
}
