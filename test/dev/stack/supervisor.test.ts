import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Supervisor } from '../../../dev/stack/supervisor.ts';
import {
  isAlive,
  killScript,
  runScript,
  temporaryFolder,
  untilReady,
  waitFor,
} from '../../harness/programs/scripts.ts';

const script = 'test/harness/programs/part.ts';
const part = (name: string, behaviour = '') => ({ name, script, args: [name, behaviour] });

let folder: ReturnType<typeof temporaryFolder>;
let supervisor: Supervisor;
let shown: string[];
let readyPids: Record<string, number>[];
let givenUp: string[];

/** What the parts wrote down: name, event, pid. */
function events(): string[][] {
  const file = join(folder.path, 'events');
  return existsSync(file)
    ? readFileSync(file, 'utf8')
        .trim()
        .split('\n')
        .map((line) => line.split(' '))
    : [];
}

const happened = () => events().map(([name, what]) => `${name} ${what}`);

beforeEach(() => {
  folder = temporaryFolder('supervisor');
  [shown, readyPids, givenUp] = [[], [], []];
  supervisor = new Supervisor({
    env: { ...process.env, EVENTS: join(folder.path, 'events') },
    logDir: join(folder.path, 'logs'),
    show: (line) => shown.push(line),
    onReady: () => readyPids.push(supervisor.pids),
    onGiveUp: (reason) => givenUp.push(reason),
  });
});

afterEach(async () => {
  await supervisor.stop();
  folder.remove();
});

describe('the supervisor', () => {
  it('starts a stage after the other, and stops them the other way round', async () => {
    await supervisor.start(part('database'), part('server'));
    await supervisor.start(part('api'));
    const { database = 0, server = 0, api = 0 } = supervisor.pids;
    expect([database, server, api].every(isAlive)).toBe(true);
    await supervisor.stop();
    expect([database, server, api].some(isAlive)).toBe(false);
    const order = happened();
    expect(order.slice(0, 2).sort()).toEqual(['database started', 'server started']);
    expect(order.slice(2, 4)).toEqual(['api started', 'api stopped']);
    expect(order.slice(4).sort()).toEqual(['database stopped', 'server stopped']);
    expect(shown.some((line) => line.includes('started again'))).toBe(false);
  });

  it('starts a part again that was killed, and tells its new pid', async () => {
    await supervisor.start(part('worker'));
    const { worker: before = 0 } = supervisor.pids;
    process.kill(before, 'SIGKILL');
    await waitFor('the worker to be back', () => readyPids.length === 2);
    const { worker: after } = supervisor.pids;
    expect(after).not.toBe(before);
    expect(readyPids).toEqual([{ worker: before }, { worker: after }]);
    expect(shown).toContain('[worker] ended (SIGKILL), is started again');
  });

  it('gives up with one sentence on a part that dies again and again', async () => {
    await supervisor.start(part('worker', 'dies later'));
    await waitFor('the supervisor to give up', () => givenUp.length > 0);
    expect(givenUp).toEqual([`The worker died 5 times within a minute: see ${folder.path}/logs/worker.log.`]);
    expect(happened()).toEqual(Array(5).fill('worker started'));
  });

  it('fails at once when a part never becomes ready', async () => {
    await expect(supervisor.start(part('api', 'dies'))).rejects.toThrow('The api could not be started (exit code 3).');
    expect(happened()).toEqual(['api started']);
  });

  it('runs a part to its end, and fails when that fails', async () => {
    await expect(supervisor.runOnce(part('migrations', 'dies'))).rejects.toThrow(
      'The migrations failed (exit code 3).',
    );
    const hanging = supervisor.runOnce(part('migrations'));
    await waitFor('it to start', () => events().length === 2);
    await Promise.all([supervisor.stop(), hanging]);
    expect(happened().at(-1)).toBe('migrations stopped');
    await expect(supervisor.start(part('api'))).rejects.toThrow('being stopped');
  });

  it('writes all output to a file, and shows warnings and errors', async () => {
    await supervisor.start(part('api'));
    const lines = [
      'an ordinary line',
      '{"level":30,"msg":"all is well"}',
      '{"level":40,"msg":"not so well"}',
      'trouble',
    ];
    const log = join(folder.path, 'logs', 'api.log');
    await waitFor('the log', () => lines.every((line) => readFileSync(log, 'utf8').includes(line)));
    expect(shown.sort()).toEqual(['[api] trouble', '[api] {"level":40,"msg":"not so well"}']);
  });

  it('leaves nothing running when it is killed itself', async () => {
    const other = runScript('test/harness/programs/supervise.ts', { EVENTS: join(folder.path, 'events') });
    await untilReady(other);
    const pid = Number(events()[0]?.[2]);
    await killScript(other);
    await waitFor('the child to go', () => !isAlive(pid));
    expect(happened()).toEqual(['child started', 'child abandoned']);
  });
});
