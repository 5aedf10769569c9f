import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { takeLock } from '../../dev/stack/lock.ts';
import { lockFile, writeStack } from '../../dev/stack/running.ts';
import { runScript, temporaryFolder, untilEnded } from '../harness/programs/scripts.ts';

let folder: ReturnType<typeof temporaryFolder>;

/** A CLI that says where it would go, and a stack that was up on a port of its own. */
beforeEach(() => {
  folder = temporaryFolder('temporal-cli');
  writeFileSync(join(folder.path, 'temporal'), '#!/bin/sh\necho "$TEMPORAL_ADDRESS $TEMPORAL_NAMESPACE $*"\n');
  chmodSync(join(folder.path, 'temporal'), 0o755);
  writeStack(folder.path, {
    ...{ apiUrl: 'http://127.0.0.1:1', outboxUrl: 'http://127.0.0.1:2' },
    ...{ temporalAddress: '127.0.0.1:41234', temporalNamespace: 'own', pids: {} },
  });
});
afterEach(() => folder.remove());

async function temporal(env: NodeJS.ProcessEnv, ...args: string[]) {
  const own = { TEMPORAL_CLI: join(folder.path, 'temporal'), DATA_DIR: folder.path };
  const script = runScript('dev/temporal-cli.ts', { TEMPORAL_ADDRESS: '', ...own, ...env }, args);
  return { code: await untilEnded(script), output: script.output() };
}

describe('npm run temporal', () => {
  it('speaks to the stack that runs, whatever the usual port', async () => {
    const lock = await takeLock(lockFile(folder.path));
    const list = await temporal({ TEMPORAL_PORT: '7233' }, 'workflow', 'list');
    expect(list).toEqual({ code: 0, output: '127.0.0.1:41234 own workflow list\n' });
    const elsewhere = await temporal({ TEMPORAL_ADDRESS: 'temporal.example:7233', TEMPORAL_NAMESPACE: 'cases' });
    expect(elsewhere.output).toBe('temporal.example:7233 cases \n');
    lock?.release();
  });

  it('speaks to nobody where none runs, though a stack that was killed left its file', async () => {
    writeFileSync(lockFile(folder.path), '999999999 node dev/start.ts');
    const { code, output } = await temporal({}, 'workflow', 'list');
    expect([code, output]).toEqual([1, expect.stringMatching(/^No stack with its data in .* is running: .*npm start/)]);
    rmSync(lockFile(folder.path));
    expect((await temporal({}, 'workflow', 'list')).code).toBe(1);
    expect((await temporal({}, '--version')).code).toBe(0);
  });
});
