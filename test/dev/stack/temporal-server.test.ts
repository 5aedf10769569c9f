import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { commandLine } from '../../../dev/stack/command-line.ts';
import {
  freePorts,
  killScript,
  runScript,
  temporaryFolder,
  untilEnded,
  untilReady,
} from '../../harness/programs/scripts.ts';

const folder = temporaryFolder('temporal');
afterAll(folder.remove);

describe("Temporal's server as a part of the stack", () => {
  it('replaces one that outlived its predecessor, and leaves none behind', async () => {
    const [TEMPORAL_PORT, TEMPORAL_UI_PORT] = (await freePorts(2)).map(String);
    const run = async () => {
      const script = runScript('dev/stack/temporal-server.ts', {
        DATA_DIR: folder.path,
        TEMPORAL_PORT,
        TEMPORAL_UI_PORT,
      });
      await untilReady(script);
      return { script, pid: Number(readFileSync(join(folder.path, 'temporal.pid'), 'utf8')) };
    };
    const first = await run();
    await killScript(first.script);
    expect(commandLine(first.pid)).toContain(folder.path);
    const second = await run();
    expect(commandLine(first.pid)).toBe('');
    expect(commandLine(second.pid)).toContain(folder.path);
    second.script.process.disconnect();
    expect(await untilEnded(second.script)).toBe(0);
    expect(commandLine(second.pid)).toBe('');
  }, 120_000);

  it('ends when the server does, so that both are started again', async () => {
    const [TEMPORAL_PORT, TEMPORAL_UI_PORT] = (await freePorts(2)).map(String);
    const script = runScript('dev/stack/temporal-server.ts', {
      DATA_DIR: folder.path,
      TEMPORAL_PORT,
      TEMPORAL_UI_PORT,
    });
    await untilReady(script);
    process.kill(Number(readFileSync(join(folder.path, 'temporal.pid'), 'utf8')), 'SIGKILL');
    expect(await untilEnded(script)).toBe(1);
    expect(script.output()).toContain('The Temporal server ended (SIGKILL).');
  }, 120_000);
});
