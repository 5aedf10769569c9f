/**
 * Runs a part of the embedded stack as a child process. It says 'ready' to the supervisor once `start` is through, and
 * stops on SIGTERM, on SIGINT, or when the supervisor is gone for whatever reason. A part that can't start or stop
 * exits with 1.
 * @param start brings the part up, and returns a function that stops it
 */
export async function runChild(start: () => Promise<() => Promise<void>>): Promise<void> {
  const fail = (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  };
  const starting = start();
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    starting
      .then((stopPart) => stopPart())
      .then(() => process.exit(0))
      .catch(fail);
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  process.once('disconnect', stop);
  await starting.catch(fail);
  process.send?.('ready');
}
