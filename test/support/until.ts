const PAUSE_MS = 50;

/** Waits until a condition holds, and fails when it doesn't within the time. */
export async function until(holds: () => Promise<boolean>, milliseconds = 10_000): Promise<void> {
  const end = Date.now() + milliseconds;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`it did not happen within ${milliseconds} ms: ${holds}`);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
