import type { WorkflowHandle } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Worker } from '@temporalio/worker';
import { sql } from 'drizzle-orm';
import { openOffice as openDevOffice, startSkippingServer } from '../../../dev/simulation/office.ts';
import { builtBundle } from '../../../dev/stack/workflow-bundle.ts';
import { addWorkingDays } from '../../../domain/calendar/working-days.ts';
import { shanghaiDate, shanghaiInstant, yearOf } from '../../../domain/dates.ts';
import { estimator } from '../../../policy/calendar/arrangements.ts';
import type { Policy } from '../../../policy/schema.ts';
import { policiesOf } from '../../../policy/versions.ts';
import { readCalendar } from '../../../store/calendar/queries.ts';
import { arrangement, calendar } from '../../../store/calendar/tables.ts';
import type { Filing } from '../../../store/cases/filing.ts';
import { findApplication } from '../../../store/cases/queries.ts';
import type { ApplicationRow } from '../../../store/cases/tables.ts';
import type { Store } from '../../../store/open.ts';
import { type Progress, progress } from '../../../workflows/messages.ts';
import { openAnyDatabase } from '../database/any.ts';
import { testKeyring as keyring } from '../keyring.ts';
import { filing } from '../people.ts';
import { prompt } from '../policy.ts';
import { openNamespace } from '../run/namespace.ts';
import { logTemporalTo } from '../run/temporal-log.ts';
import { until } from '../until.ts';

logTemporalTo(new DefaultLogger('ERROR'));

export interface OfficeOptions {
  /** Where time skips, unless it is to be the dev server. */
  server?: 'dev';
  policy?: Policy;
  maxCachedWorkflows?: number;
  bothSmsProviders?: boolean;
}

export type Office = Awaited<ReturnType<typeof openOffice>>;

/** The office of the simulation (`dev/simulation/office.ts`) on a database of the test's own. */
export async function openOffice(options: OfficeOptions = {}) {
  const { server, policy = prompt, ...others } = options;
  const database = await openAnyDatabase();
  const temporal = await (server === 'dev' ? openNamespace() : startSkippingServer());
  const estimate = estimator(policiesOf([policy]));
  const office = await openDevOffice({ temporal, databaseUrl: database.url, policy, keyring, estimate, ...others });

  async function fileOnly(overrides: Partial<Filing>) {
    const filed = filing(await office.now(), overrides);
    const handle = await office.submit(filed);
    const { runId } = await handle.describe();
    const row = async () => (await findApplication(office.store, filed.acceptanceNumber)) as ApplicationRow;
    const settle = () => until('the approval is registered', async () => (await row()).closed);
    const patient = { ...handle, result: () => untilEnded(office.env, handle) } as typeof handle;
    return { ...filed, handle: patient, runId, row, settle, progress: (): Promise<Progress> => handle.query(progress) };
  }

  return {
    ...office,

    /** Files an application on the day that the server's clock shows, and starts its workflow. */
    fileOnly,

    /** Files an application, and waits for the insurance core's answer. */
    async file(overrides: Partial<Filing> = {}) {
      const filed = await fileOnly(overrides);
      await until('the insurance core has answered', async () => (await filed.row()).status !== 'submitted');
      // The row is a moment ahead of its workflow, which knows its dates once it hears that they are recorded.
      await until('the workflow knows its dates', async () => {
        const { status, dueOn } = await filed.progress();
        return status === 'underReview' ? dueOn !== null : status !== 'submitted';
      });
      return filed;
    },

    /** Runs a history again; throws where the code would now decide otherwise. */
    async replay(history: unknown): Promise<void> {
      await Worker.runReplayHistory({ workflowBundle: { codePath: await builtBundle() } }, history);
    },

    async close() {
      await office.close();
      await database.stop();
    },
  };
}

/**
 * Waits until a case has ended, and lets a day after another pass where it takes time. Not by the handle's own
 * `result`: it lets the clock run freely until the answer is there, which may be ten years when nothing else is to be
 * done, and accreditations live longer.
 */
async function untilEnded(env: TestWorkflowEnvironment, handle: WorkflowHandle): Promise<void> {
  const ended = async () => (await handle.describe()).status.name !== 'RUNNING';
  await until('it ends by itself', ended, 1_000).catch(() => undefined);
  for (let days = 0; days < 200 && !(await ended()); days += 1) await env.sleep('1 day');
  await until('the case has ended', ended);
}

/** Lets time pass until a time of the next working day (Shanghai). @returns its date */
export async function untilNextWorkingDay(office: Office, time: string): Promise<string> {
  const date = addWorkingDays(await readCalendar(office.store), shanghaiDate(await office.now()), 1);
  await office.until(shanghaiInstant(date, time));
  return date;
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
        circular: `测试〔${year}〕${version}号`,
      });
    }
  });
}

function ofYear(days: Record<string, string>, year: number): Record<string, string> {
  return Object.fromEntries(Object.entries(days).filter(([date]) => yearOf(date) === year));
}
