import { and, inArray } from 'drizzle-orm';
import type { EntryKind } from '../../domain/cases/timeline.ts';
import { timeline } from '../../store/cases/tables.ts';
import type { Store } from '../../store/open.ts';

const PAUSE_MS = 250;
const LIMIT_MS = 300_000;

interface Waiting {
  acceptanceNumber: string;
  kind: EntryKind;
  resolve(): void;
  reject(reason: Error): void;
  since: number;
}

/** Waits for entries of many timelines with one look at the store for all of them, so that waiting costs next to nothing. */
export function watchTimeline({ db }: Store) {
  let waiting: Waiting[] = [];
  let looks = 0;
  let isLooking = false;

  async function look(): Promise<void> {
    looks += 1;
    const asked = waiting;
    const numbers = inArray(timeline.acceptanceNumber, [...new Set(asked.map((one) => one.acceptanceNumber))]);
    const kinds = inArray(timeline.kind, [...new Set(asked.map((one) => one.kind))]);
    const { acceptanceNumber, kind } = timeline;
    const rows = await db.select({ acceptanceNumber, kind }).from(timeline).where(and(numbers, kinds));
    const there = new Set(rows.map((row) => `${row.acceptanceNumber} ${row.kind}`));
    const isThere = (one: Waiting) => there.has(`${one.acceptanceNumber} ${one.kind}`);
    const isLate = (one: Waiting) => Date.now() - one.since > LIMIT_MS;
    for (const one of asked) {
      if (isThere(one)) one.resolve();
      else if (isLate(one)) one.reject(new Error(`${one.acceptanceNumber} never came to ${one.kind}`));
    }
    waiting = waiting.filter((one) => !isThere(one) && !isLate(one));
  }

  async function lookOn(): Promise<void> {
    isLooking = true;
    while (waiting.length > 0) {
      await look().catch((error) => {
        for (const one of waiting) one.reject(error);
        waiting = [];
      });
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    isLooking = false;
  }

  return {
    /** How often it has looked: a transaction each. */
    looks: () => looks,
    /** Resolves when the timeline has such an entry. */
    until(acceptanceNumber: string, kind: EntryKind): Promise<void> {
      const found = new Promise<void>((resolve, reject) => {
        waiting.push({ acceptanceNumber, kind, resolve, reject, since: Date.now() });
      });
      if (!isLooking) void lookOn();
      return found;
    },
  };
}
