import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { sql } from 'drizzle-orm';
import { bundleWorkflows, openOffice as openDevOffice } from '../../dev/office.ts';
import { shanghaiDate, yearOf } from '../../domain/dates.ts';
import { estimator } from '../../policy/calendar.ts';
import type { Policy } from '../../policy/schema.ts';
import type { Filing } from '../../store/applications.ts';
import { arrangement, calendar } from '../../store/schema.ts';
import type { Store } from '../../store/store.ts';
import { type Progress, progress } from '../../workflows/messages.ts';
import { startAnyDatabase } from './database.ts';
import { testKeyring as keyring } from './keyring.ts';
import { filing } from './people.ts';
import { policy as shippedPolicy } from './policy.ts';

Runtime.install({ logger: new DefaultLogger('ERROR') });

export interface OfficeOptions {
  server?: 'time-skipping' | 'dev';
  policy?: Policy;
  maxCachedWorkflows?: number;
}

export type Office = Awaited<ReturnType<typeof openOffice>>;

/** The office of the simulation (`dev/office.ts`) on a database of the test's own. */
export async function openOffice(options: OfficeOptions = {}) {
  const { server = 'time-skipping', policy = shippedPolicy, maxCachedWorkflows } = options;
  const database = await startAnyDatabase();
  const databaseUrl = database.url;
  const estimate = estimator(policy);
  const office = await openDevOffice({ server, databaseUrl, policy, keyring, estimate, maxCachedWorkflows });

  return {
    ...office,

    /** Files an application on the day that the server's clock shows, and starts its workflow. */
    async file(overrides: Partial<Filing> = {}) {
      const filed = filing(await office.now(), overrides);
      const handle = await office.submit(filed);
      const { runId } = await handle.describe();
      return { ...filed, handle, runId, progress: (): Promise<Progress> => handle.query(progress) };
    },

    /** Runs a history again; throws where the code would now decide otherwise. */
    async replay(history: unknown): Promise<void> {
      await Worker.runReplayHistory({ workflowBundle: await bundleWorkflows() }, history);
    },

    async close() {
      await office.close();
      await database.stop();
    },
  };
}

/**
 * Puts a calendar of the test's own in force, for this year and the next ones: weekends, and the given days off.
 * Expected dates then don't depend on the day on which the suite runs.
 */
export async function publishTestCalendar(
  store: Store,
  from: string,
  daysOff: Record<string, string> = {},
  makeUpDays: Record<string, string> = {},
): Promise<void> {
  const first = yearOf(shanghaiDate(from));
  await store.db.transaction(async (tx) => {
    const [row] = await tx
      .update(calendar)
      .set({ version: sql`${calendar.version} + 1` })
      .returning({ version: calendar.version });
    const version = row?.version as number;
    for (const year of [first, first + 1, first + 2, first + 3]) {
      await tx.insert(arrangement).values({
        year,
        version,
        daysOff: ofYear(daysOff, year),
        makeUpDays: ofYear(makeUpDays, year),
        notice: `测试〔${year}〕${version}号`,
      });
    }
  });
}

function ofYear(days: Record<string, string>, year: number): Record<string, string> {
  return Object.fromEntries(Object.entries(days).filter(([date]) => yearOf(date) === year));
}
