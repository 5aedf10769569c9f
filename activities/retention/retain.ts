import { getClient } from '@temporalio/activity';
import { shanghaiDate } from '../../domain/dates.ts';
import { cutoffs, type Retained } from '../../domain/retention.ts';
import { policyInForce } from '../../policy/versions.ts';
import { dueAccreditations, dueCases } from '../../store/retention/due.ts';
import { unfinishedErasures } from '../../store/retention/erasures.ts';
import { dropCalls, dropInbox, dropRequests, dropSent } from '../../store/retention/old-rows.ts';
import { beating } from '../beating.ts';
import type { RetainedCounts, RetentionActivities } from '../contract.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import type { Keeping } from '../housekeeping/keeping.ts';
import { countSome } from '../housekeeping/some-at-once.ts';
import { eraseClosedCase, eraseEndedAccreditation, goOnErasing } from './erase.ts';

/** Cases and accreditations that a batch takes up: each is some transactions, and some calls of Temporal's. */
const CASES = 100;
/** Rows that a batch deletes at once. */
const ROWS = 1_000;

/** Also where somebody else was faster. */
const done = (work: Promise<unknown>) => work.then(() => true);

const none = (): RetainedCounts => ({
  ...{ erasures: 0, accreditations: 0, cases: 0, inbox: 0, notifications: 0, calls: 0, requests: 0 },
  failed: 0,
});

/** Builds what retention (保存期限) does; its log says how much, and of what, not of whom. */
export function createRetention(dependencies: ActivityDependencies): RetentionActivities {
  const { store, policies, now, onRetained, onError } = dependencies;

  async function retain(began: string, first: boolean): Promise<{ counts: RetainedCounts; more: boolean }> {
    const keeping: Keeping = { client: getClient(), store, policies, now };
    const before = cutoffs(policyInForce(dependencies).retention, shanghaiDate(began));
    const counts = none();
    const failed = (error: unknown) => {
      counts.failed += 1;
      onError('retain', error);
    };
    if (first)
      counts.erasures = await countSome(
        await unfinishedErasures(store),
        (row) => done(goOnErasing(keeping, row)),
        failed,
      );
    const accreditations = await dueAccreditations(store, before.accreditations, CASES);
    counts.accreditations = await countSome(accreditations, (id) => done(eraseEndedAccreditation(keeping, id)), failed);
    const cases = await dueCases(store, before.cases, CASES);
    counts.cases = await countSome(cases, (number) => done(eraseClosedCase(keeping, number)), failed);
    const rows = { inbox: dropInbox, notifications: dropSent, calls: dropCalls, requests: dropRequests };
    for (const [name, drop] of Object.entries(rows) as [Retained & keyof typeof rows, typeof dropInbox][])
      counts[name] = await drop(store, before[name], ROWS).catch((error) => {
        failed(error);
        return 0;
      });
    onRetained(counts);
    // What failed is due as before: a batch that was nothing else would come again and again.
    const isFull = (name: keyof RetainedCounts, limit: number) =>
      counts[name] > 0 && counts[name] + counts.failed >= limit;
    const full = isFull('accreditations', CASES) || isFull('cases', CASES);
    return { counts, more: full || (Object.keys(rows) as Retained[]).some((name) => isFull(name, ROWS)) };
  }

  return { retain: ({ began, first }) => beating(() => retain(began, first)) };
}
