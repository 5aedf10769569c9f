import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eq } from 'drizzle-orm';
import { check } from '../../admin/check.ts';
import { createTemporalClient } from '../../api/temporal.ts';
import { systemClock } from '../../config/clock.ts';
import { fileApplication } from '../../store/cases/filing.ts';
import { findApplication, readTimeline } from '../../store/cases/queries.ts';
import { application, timeline } from '../../store/cases/tables.ts';
import { applicationOptions, messages } from '../../workflows/messages.ts';
import { testKeyring } from '../harness/keyring.ts';
import { applicant, askFor, type Filed, kindsOf, reviewer, update } from '../harness/office/case.ts';
import { keepHouse } from '../harness/office/housekeeping.ts';
import { type Office, openOffice } from '../harness/office/open.ts';
import { restoreRow, restoreWorkflow, whileRefused } from '../harness/office/restore.ts';
import { filing } from '../harness/people.ts';
import { policies, prompt } from '../harness/policy.ts';
import { runScript, untilEnded } from '../harness/programs/scripts.ts';
import { surroundWorker } from '../harness/programs/worker-surroundings.ts';
import { until } from '../harness/until.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice({ server: 'dev' });
});
afterAll(() => office?.close());

/** What the command prints, and whether all is well. */
async function checked(repair = false): Promise<{ well: boolean; lines: string[] }> {
  const lines: string[] = [];
  const client = createTemporalClient(office.env.connection, office.env.namespace as string, testKeyring);
  const well = await check({ client, store: office.store, policies, now: systemClock }, { repair }, (line) =>
    lines.push(line),
  );
  return { well, lines };
}

/** Nothing is apart; once visibility has caught up. */
const isWell = () => until('all is well', async () => (await checked()).well);

/** Checks, and checks with `--repair`, until both say what they should. */
async function repairs(filed: Filed, says: RegExp, done: string): Promise<void> {
  await until('it is found', async () => (await checked()).lines.some((line) => says.test(line)));
  const { well, lines } = await checked(true);
  expect(lines.filter((line) => line.includes(filed.acceptanceNumber))).toEqual([
    expect.stringMatching(new RegExp(`${says.source}.*${done}`)),
  ]);
  expect(lines.at(-1)).toMatch(/不一致 1 项,已修复 1 项。$/);
  expect(well).toBe(true);
}

async function filedAnHourAgo(): Promise<Filed> {
  const filed = await office.file();
  const submittedAt = new Date(Date.now() - 3_600_000).toISOString();
  const ofCase = eq(application.acceptanceNumber, filed.acceptanceNumber);
  await office.store.db.update(application).set({ submittedAt }).where(ofCase);
  return filed;
}

/** What happens while the worker is stopped, as it is while backups are restored. */
async function stopped(happens: () => Promise<void>): Promise<void> {
  await office.stopWorker();
  try {
    await happens();
  } finally {
    await office.startWorker();
  }
}

describe('check', () => {
  it('finds nothing where nothing is apart, whatever cases are doing', async () => {
    const filed = await Promise.all([filedAnHourAgo(), filedAnHourAgo(), filedAnHourAgo()]);
    await update(filed[0], 'approve', reviewer);
    await update(filed[1], 'requestMaterials', askFor('photo'));
    const { well, lines } = await checked();
    expect([well, lines.length]).toEqual([true, 1]);
    expect(lines[0]).toMatch(/^已核对在办申请 \d+ 件、认定 \d+ 项:全部一致。$/);
    for (const surplus of filed.slice(1)) await update(surplus, 'withdraw', applicant);
  });

  it('a row that an older database has: what the workflow has recorded is recorded again', async () => {
    const filed = await filedAnHourAgo();
    const before = await filed.row();
    await update(filed, 'requestMaterials', askFor('photo'));
    const after = await filed.row();
    await stopped(async () => {
      await restoreRow(office, filed, before);
      await repairs(
        filed,
        /库中 审核中\(第 1 步.*流程中 待补材料\(第 2 步.*数据库落后于流程/,
        '→ 已按流程历史补录数据库',
      );
    });
    expect(await filed.row()).toEqual(after);
    await isWell();
    await update(filed, 'withdraw', applicant);
  });

  it('a workflow that an older Temporal has: it is terminated, and begun again from the row', async () => {
    const filed = await filedAnHourAgo();
    await update(filed, 'requestMaterials', askFor('photo'));
    const entries = await readTimeline(office.store, filed.acceptanceNumber);
    await stopped(async () => {
      await restoreWorkflow(office, filed);
      await repairs(filed, /库中 待补材料\(第 2 步.*流程中 审核中\(第 1 步.*流程落后于数据库/, '→ 已终止落后的流程');
    });
    await until('it says what its row says', async () => (await filed.progress()).status === 'awaitingMaterials');
    expect(await readTimeline(office.store, filed.acceptanceNumber)).toEqual(entries);
    await isWell();
    await update(filed, 'withdraw', applicant);
    expect((await kindsOf(office, filed)).at(-1)).toBe('withdrawn');
  });

  it('a workflow that an older Temporal has of a case that was closed since: it is terminated', async () => {
    const filed = await filedAnHourAgo();
    await update(filed, 'withdraw', applicant);
    await filed.handle.result();
    await stopped(async () => {
      await restoreWorkflow(office, filed);
      await repairs(filed, /库中 已撤回\(第 2 步.*流程中 审核中\(第 1 步/, '→ 已终止落后的流程');
    });
    expect((await filed.handle.describe()).status.name).toBe('TERMINATED');
    await isWell();
  });

  it('a workflow that was terminated: it is begun again from the row', async () => {
    const filed = await filedAnHourAgo();
    await filed.handle.terminate('a slip');
    await repairs(filed, /库中 审核中\(第 1 步.*流程中 已被终止.*流程不在运行/, '→ 已按数据库重新启动流程');
    await until('it runs', async () => (await filed.progress()).status === 'underReview');
    await isWell();
    await update(filed, 'withdraw', applicant);
  });

  it('a workflow that was terminated with Updates: it is left to housekeeping, whose worker takes them', async () => {
    const filed = await filedAnHourAgo();
    const start = (name: 'assign' | 'withdraw', payload: object) =>
      filed.handle.startUpdate(messages[name].update as never, { args: [payload], waitForStage: 'ACCEPTED' } as never);
    await whileRefused(office, timeline.acceptanceNumber, filed.acceptanceNumber, async () => {
      await start('assign', { by: 'supervisor-1', to: 'reviewer-1' });
      await start('withdraw', applicant);
      await filed.handle.terminate('a slip');
    });
    await stopped(async () => {
      const { well, lines } = await checked(true);
      expect([well, lines[0]]).toEqual([false, expect.stringMatching(/已被终止.*→ 未修复:.*worker 运行后/)]);
    });
    await until('it has caught up', async () => {
      await keepHouse(office.client);
      return (await filed.row()).closed;
    });
    expect(await kindsOf(office, filed)).toEqual(['submitted', 'accepted', 'assigned', 'withdrawn']);
    await isWell();
  });

  it('a workflow without a row, which nobody can repair: it says what to tell the person', async () => {
    const { acceptanceNumber, type, channel } = filing(await office.now());
    const { state } = (await findApplication(office.store, (await filedAnHourAgo()).acceptanceNumber)) as never;
    const start = { acceptanceNumber, type, channel, state };
    await office.stopWorker();
    const handle = await office.client.workflow.start('application', { ...applicationOptions(start), args: [start] });
    const line = `受理号 ${acceptanceNumber}:库中 没有;流程中 在运行。数据库备份之后才提交`;
    await until('it is found', async () => (await checked()).lines.includes(line));
    const { well, lines } = await checked(true);
    expect([well, lines[0]]).toEqual([false, `${line}→ 未修复`]);
    expect(lines[1]).toContain('请重新提交申请');
    await handle.terminate();
    await office.startWorker();
    await isWell();
  });
});

describe('npm run admin -- check', () => {
  let around: Awaited<ReturnType<typeof surroundWorker>>;
  beforeAll(async () => {
    around = await surroundWorker(prompt);
  });
  afterAll(() => around?.close());

  it('begins with --repair what was never begun; the exit code says whether anything is apart', async () => {
    const filed = filing(new Date(Date.now() - 3_600_000).toISOString());
    await fileApplication(around.store, filed);
    const admin = async (...args: string[]) => {
      const script = runScript('admin/main.ts', { ...process.env, ...around.env }, args);
      return [await untilEnded(script), script.output().trim().split('\n')];
    };
    const line = `受理号 ${filed.acceptanceNumber}:库中 已提交(第 0 步,第 1 轮);流程中 没有。流程从未启动`;
    const compared = '已核对在办申请 1 件、认定 0 项';
    expect(await admin('check')).toEqual([1, [line, `${compared}:不一致 1 项。`]]);
    expect(await admin('check', '--repair')).toEqual([
      0,
      [`${line}→ 已按数据库重新启动流程`, `${compared}:不一致 1 项,已修复 1 项。`],
    ]);
  });
});
