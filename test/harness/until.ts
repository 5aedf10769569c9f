const SHORTEST_PAUSE_MS = 10;
const LONGEST_PAUSE_MS = 100;

/**
 * Waits until a condition holds, and fails when it doesn't within the time.
 * @param what the condition in words, for the failure
 */
export async function until(what: string, holds: () => Promise<boolean>, limitMs = 20_000): Promise<void> {
  const began = Date.now();
  while (!(await holds())) {
    const waited = Date.now() - began;
    if (waited > limitMs) throw new Error(`Waited ${limitMs} ms in vain until ${what}`);
    // To look costs something, too: often at first, and seldom once it takes its time.
    const pause = Math.min(Math.max(waited / 2, SHORTEST_PAUSE_MS), LONGEST_PAUSE_MS);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}
