import { and, inArray } from 'drizzle-orm';
import type { EntryKind } from '../../domain/cases/timeline.ts';
import { timeline } from '../../store/cases/tables.ts';
import type { Store } from '../../store/open.ts';

const PAUSE_MS = 250;
const LIMIT_MS = 300_000;

interface Waiter {
  acceptanceNumber: string;
  kind: EntryKind;
  resolve(): void;
  reject(reason: Error): void;
  since: number;
}

/** Waits for entries of many timelines with one query for all of them, so that waiting costs next to nothing. */
export function watchTimeline({ db }: Store) {
  let waiters: Waiter[] = [];
  let looks = 0;
  let isLooking = false;

  async function look(): Promise<void> {
    looks += 1;
    const asked = waiters;
    const numbers = inArray(timeline.acceptanceNumber, [...new Set(asked.map((waiter) => waiter.acceptanceNumber))]);
    const kinds = inArray(timeline.kind, [...new Set(asked.map((waiter) => waiter.kind))]);
    const { acceptanceNumber, kind } = timeline;
    const rows = await db.select({ acceptanceNumber, kind }).from(timeline).where(and(numbers, kinds));
    const there = new Set(rows.map((row) => `${row.acceptanceNumber} ${row.kind}`));
    const isThere = (waiter: Waiter) => there.has(`${waiter.acceptanceNumber} ${waiter.kind}`);
    const isLate = (waiter: Waiter) => Date.now() - waiter.since > LIMIT_MS;
    for (const waiter of asked) {
      if (isThere(waiter)) waiter.resolve();
      else if (isLate(waiter)) waiter.reject(new Error(`${waiter.acceptanceNumber} never came to ${waiter.kind}`));
    }
    waiters = waiters.filter((waiter) => !isThere(waiter) && !isLate(waiter));
  }

  async function lookOn(): Promise<void> {
    isLooking = true;
    while (waiters.length > 0) {
      await look().catch((error) => {
        for (const waiter of waiters) waiter.reject(error);
        waiters = [];
      });
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    isLooking = false;
  }

  return {
    /** How often the store was queried; each query is a transaction. */
    looks: () => looks,
    /** Resolves once the case's timeline has an entry of this kind. */
    until(acceptanceNumber: string, kind: EntryKind): Promise<void> {
      const appeared = new Promise<void>((resolve, reject) => {
        waiters.push({ acceptanceNumber, kind, resolve, reject, since: Date.now() });
      });
      if (!isLooking) void lookOn();
      return appeared;
    },
  };
}
