import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { emptyDataDir } from '../../dev/stack/data-dir.ts';
import { takeLock } from '../../dev/stack/lock.ts';
import { freePorts, runScript, temporaryFolder, untilEnded } from '../harness/programs/scripts.ts';

let folder: ReturnType<typeof temporaryFolder>;
let env: NodeJS.ProcessEnv;

beforeEach(async () => {
  folder = temporaryFolder('start');
  const variables = ['PORT', 'TEMPORAL_PORT', 'TEMPORAL_UI_PORT', 'PGLITE_PORT', 'OUTBOX_PORT', 'SMTP_PORT'];
  const ports = await freePorts(variables.length);
  env = { DATA_DIR: folder.path, ...Object.fromEntries(variables.map((name, i) => [name, String(ports[i])])) };
});

afterEach(() => folder.remove());

const start = (...args: string[]) => runScript('dev/start.ts', env, args);

describe('npm start', () => {
  it('says which port is taken, and which variable moves it', async () => {
    const [port = 0] = await freePorts(1);
    const taken = createServer().listen(port, '127.0.0.1');
    env.OUTBOX_PORT = String(port);
    const stack = start();
    expect(await untilEnded(stack)).toBe(1);
    taken.close();
    expect(stack.output()).toBe(
      `Port ${port} (sent notifications) is taken: stop what uses it, or choose another one with OUTBOX_PORT=<port>.\n`,
    );
    expect(existsSync(join(folder.path, 'lock'))).toBe(false);
  });

  it('refuses a folder that another one uses, whatever its ports', async () => {
    const lock = await takeLock(join(folder.path, 'lock'));
    const stack = start();
    expect(await untilEnded(stack)).toBe(1);
    expect(stack.output()).toMatch(/^A stack with its data in .* is running already: .*\n$/);
    lock?.release();
  });

  it('does not empty a folder that holds something else', async () => {
    const letter = join(folder.path, 'letter.txt');
    writeFileSync(letter, '');
    const stack = start('--fresh');
    expect(await untilEnded(stack)).toBe(1);
    expect(stack.output()).toMatch(/was not emptied, since it holds something else too \(letter\.txt\)/);
    expect(existsSync(letter)).toBe(true);
  });

  it('empties a folder that holds only its own', () => {
    for (const name of ['lock', 'secrets.json', 'temporal.db', 'temporal.db-wal', 'stack.json.123']) {
      writeFileSync(join(folder.path, name), '');
    }
    mkdirSync(join(folder.path, 'pglite', 'base'), { recursive: true });
    emptyDataDir(folder.path);
    expect(['secrets.json', 'pglite', 'temporal.db-wal'].filter((name) => existsSync(join(folder.path, name)))).toEqual(
      [],
    );
    expect(existsSync(join(folder.path, 'lock'))).toBe(true);
  });
});
