import { execFile } from 'node:child_process';
import { cpSync, readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { play } from './courses.ts';
import { refused, underReview } from './exact.ts';
import type { Finding } from './finding.ts';
import { type Outcome, settle } from './rounds.ts';
import type { ProgramName, Stack } from './stack.ts';

const repository = fileURLToPath(new URL('../../..', import.meta.url));

/** How one half of the state is put aside, and put back later; nobody uses it meanwhile. */
interface Backup {
  name: string;
  take(stack: Stack): Promise<void>;
  restore(stack: Stack): Promise<void>;
}

const ofDatabase: Backup = {
  name: 'an older database restored',
  take: async (stack) => void (await copyDatabase(stack, 'mente', 'backup')),
  restore: async (stack) => void (await copyDatabase(stack, 'backup', 'mente')),
};

async function copyDatabase(stack: Stack, from: string, to: string): Promise<void> {
  await stack.sql(`select pg_terminate_backend(pid) from pg_stat_activity where datname in ('${from}', '${to}')`);
  await stack.sql(`drop database if exists ${to}`);
  await stack.sql(`create database ${to} template ${from}`);
}

const ofTemporal: Backup = {
  name: 'an older Temporal restored',
  async take({ temporal, temporalFile }) {
    await temporal.kill();
    for (const file of filesOf(temporalFile)) cpSync(file, `${file}.backup`);
    await temporal.start();
  },
  async restore({ temporal, temporalFile }) {
    await temporal.kill();
    for (const file of filesOf(temporalFile).filter((name) => !name.endsWith('.backup'))) rmSync(file);
    for (const file of filesOf(temporalFile)) cpSync(file, file.replace(/\.backup$/, ''));
    await temporal.start();
  },
};

/** SQLite keeps what is new beside the database. */
function filesOf(database: string): string[] {
  const folder = dirname(database);
  return readdirSync(folder)
    .filter((name) => name.startsWith(basename(database)))
    .map((name) => join(folder, name));
}

/** A backup of one half that is older than the other half, either way round, and then `check --repair`. */
export const olderDatabase = (stack: Stack) => restored(stack, ofDatabase);
export const olderTemporal = (stack: Stack) => restored(stack, ofTemporal);

/** What happened since the backup may be gone; what is left has to fit together, and go on. */
async function restored(stack: Stack, backup: Backup): Promise<Outcome> {
  const open = await Promise.all(Array.from({ length: 3 }, () => underReview(stack, backup.name)));
  const ended = await Promise.all([play(stack, 'approved'), play(stack, 'appealed')]);
  await withoutPrograms(stack, () => backup.take(stack));
  const [decided, asked, untouched] = open;
  await decided?.decide('approve');
  await asked?.decide('request-materials', { items: [{ kind: 'medicalRecord', problem: '复印件看不清' }] });
  const later = await Promise.all([play(stack, 'approved'), play(stack, 'withdrawnLater')]);
  await withoutPrograms(stack, () => backup.restore(stack));
  const since = Date.now();
  const findings = await checkAndRepair(stack);
  const logs = [...open.map(({ log }) => log), ...ended, ...later];
  const outcome = await settle(stack, backup.name, logs, since, { restored: true });
  // Of the others nobody knows at what they are now.
  await untouched?.try('approve', {}, 'reviewer-1');
  const after = await settle(stack, backup.name, untouched ? [untouched.log] : [], since);
  return {
    ...outcome,
    findings: [...findings, ...outcome.findings, ...after.findings, ...open.slice(2).flatMap(refused)],
  };
}

async function withoutPrograms(stack: Stack, act: () => Promise<void>): Promise<void> {
  const names: ProgramName[] = ['worker', 'api'];
  await Promise.all(names.map((name) => stack[name].kill()));
  await act();
  await Promise.all(names.map((name) => stack[name].start()));
}

/**
 * As an operator does it after a restore; once more, and nothing is apart but what was filed since, whose people nobody
 * knows any more.
 */
async function checkAndRepair(stack: Stack): Promise<Finding[]> {
  await admin(stack, 'check', '--repair');
  const { code, printed } = await admin(stack, 'check');
  const apart = printed.split('\n').filter((line) => line.startsWith('受理号') && !line.includes('库中 没有'));
  const isAsWell = apart.length === 0 && (code === 0 || printed.includes('库中 没有'));
  return isAsWell ? [] : [{ kind: 'stuck', about: 'admin check', what: `exit code ${code}: ${printed}` }];
}

function admin(stack: Stack, ...args: string[]): Promise<{ code: number | string; printed: string }> {
  const options = { cwd: repository, env: { ...process.env, ...stack.env, DATA_DIR: stack.folder }, timeout: 120_000 };
  return new Promise((resolve) => {
    execFile('npm', ['run', '-s', 'admin', '--', ...args], options, (error, stdout, stderr) => {
      resolve({ code: error ? (error.code ?? 'killed') : 0, printed: (stdout + stderr).slice(0, 5_000) });
    });
  });
}
