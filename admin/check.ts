import { lostBefore } from '../activities/clock.ts';
import { compare, type Difference } from '../activities/housekeeping/compare.ts';
import { listExecutions } from '../activities/housekeeping/executions.ts';
import type { Keeping } from '../activities/housekeeping/keeping.ts';
import { mend } from '../activities/housekeeping/mend.ts';
import { someAtOnce } from '../activities/housekeeping/some-at-once.ts';
import { errorCode } from '../store/errors.ts';
import { type KeptRow, type KeptType, keptRows, rowsToKeep } from '../store/housekeeping/kept-rows.ts';
import { differenceInWords, hopeless, leftInWords, mendedInWords, notCompared } from './check-words.ts';

/** How many rows are read at once. */
const SLICE = 500;

interface Tally {
  compared: Record<KeptType, number>;
  apart: number;
  mended: number;
  hopeless: Set<KeptType>;
}

/**
 * Compares every open row with its workflow, and every running workflow with its row. It needs no worker.
 * @param repair repairs what can be repaired
 * @param say takes each line of the report
 * @returns true when no difference is left in the end
 */
export async function check(
  keeping: Keeping,
  { repair }: { repair: boolean },
  say: (line: string) => void,
): Promise<boolean> {
  const tally: Tally = { compared: { application: 0, accreditation: 0 }, apart: 0, mended: 0, hopeless: new Set() };
  for (const type of ['application', 'accreditation'] as const) {
    await someAtOnce(toCompare(keeping, type, tally), async (id) => {
      const difference = await compare(keeping.client, keeping.store, type, id).catch(errorCode);
      if (!difference) return;
      tally.apart += 1;
      if (typeof difference === 'string') return say(notCompared(type, id, difference));
      if (difference.apart === 'noRow') tally.hopeless.add(type);
      const outcome = repair ? await repaired(keeping, type, difference, tally) : '';
      say(differenceInWords(type, difference) + outcome);
    });
  }
  for (const type of tally.hopeless) say(hopeless[type]);
  say(summary(tally, repair));
  return tally.apart === tally.mended;
}

/** Ids of all open rows, then of workflows that have no row or that still run although their row is closed. */
async function* toCompare({ client, store, now }: Keeping, type: KeptType, tally: Tally): AsyncGenerator<string> {
  const before = lostBefore(now());
  for (let after: string | null = null; ; ) {
    const rows: KeptRow[] = await rowsToKeep(store, type, { before, after, limit: SLICE });
    tally.compared[type] += rows.length;
    yield* rows.map(({ id }) => id);
    if (rows.length < SLICE) break;
    after = (rows.at(-1) as KeptRow).id;
  }
  for await (const executions of listExecutions(client, type)) {
    const ids = executions.map(({ id }) => id);
    const rows = new Map((await keptRows(store, type, ids)).map((row) => [row.id, row]));
    const unmatched = executions.filter(({ id, running }) => !rows.has(id) || (running && !rows.get(id)?.living));
    yield* new Set(unmatched.map(({ id }) => id));
  }
}

async function repaired(keeping: Keeping, type: KeptType, difference: Difference, tally: Tally): Promise<string> {
  const outcome = await mend(keeping, type, difference, { replaces: true, sends: false }).catch((error): string =>
    errorCode(error),
  );
  if (outcome === 'left') return leftInWords;
  if (outcome !== null && outcome in mendedInWords) {
    tally.mended += 1;
    return mendedInWords[outcome as keyof typeof mendedInWords];
  }
  return `→ 未修复${outcome === null ? '' : `(${outcome})`}`;
}

function summary({ compared, apart, mended }: Tally, repair: boolean): string {
  const outcome = apart === 0 ? '全部一致。' : `不一致 ${apart} 项${repair ? `,已修复 ${mended} 项` : ''}。`;
  return `已核对在办申请 ${compared.application} 件、认定 ${compared.accreditation} 项:${outcome}`;
}
