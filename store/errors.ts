/** The code of an error or of what caused it: PostgreSQL's SQLSTATE, Node's ECONNREFUSED, or else the class. */
export function errorCode(error: unknown): string {
  for (let one = error; one instanceof Error; one = one.cause) {
    if ('code' in one && typeof one.code === 'string') return one.code;
  }
  return error instanceof Error ? error.constructor.name : typeof error;
}

/** PostgreSQL's classes 08 (connection), 53 (resources) and 57P (shutdown), and a network that doesn't answer: it may pass. */
export function isPassing(error: unknown): boolean {
  if (/^(08|53|57P)|^E(CONN|PIPE|HOST|NET|TIMEDOUT|AI_AGAIN)/.test(errorCode(error))) return true;
  const said = error instanceof Error ? `${error.message} ${(error.cause as Error | undefined)?.message ?? ''}` : '';
  return /timeout exceeded when trying to connect|Connection terminated|Query read timeout/.test(said);
}
