import { estimator, publishedArrangement, publishedYears, supersededArrangements } from './calendar/arrangements.ts';
import type { Policies } from './versions.ts';

/**
 * What a store holds from the start, and what it has to know for that.
 * @param today Shanghai date
 */
export function seedOf(policies: Policies, today: string) {
  const { staff, clocks } = policies.at(today);
  return {
    staff,
    clocks,
    published: publishedYears().map(publishedArrangement),
    superseded: supersededArrangements(),
    estimate: estimator(policies),
    /** @throws UnknownVersion */
    assertKnown: (version: string) => void policies.of(version),
  };
}
