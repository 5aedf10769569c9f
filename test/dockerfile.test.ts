import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { validate } from 'dockerfile-utils';
import { exampleEnv, inRepository, loadCompose } from './harness/repository/compose.ts';
import { copies, dockerfileSource, imageEnv, runs } from './harness/repository/dockerfile.ts';

const BUILD_LIMIT_MS = 120_000;

const lines = (file: string) => readFileSync(inRepository(file), 'utf8').split('\n');
const findings = (text: string) =>
  validate(text).map((found) => `line ${found.range.start.line + 1}: ${found.message}`);

describe('the Dockerfile', () => {
  it('is one', () => {
    expect(findings(dockerfileSource)).toEqual([]);
    expect(findings(dockerfileSource.replace('COPY', 'COPPY'))).not.toEqual([]);
  });

  it('copies what is in the repository and reaches the build', () => {
    const ignored = lines('.dockerignore').filter((line) => line && !line.startsWith('#'));
    for (const [source] of copies) {
      expect({ source, exists: existsSync(inRepository(source)) }).toEqual({ source, exists: true });
      expect(ignored).not.toContain(source);
    }
  });

  it('never sees secrets or data', () => {
    expect(lines('.dockerignore')).toEqual(expect.arrayContaining(['.env', 'data', '.git']));
  });
});

/** Runs a program of ours as a container of the image would, but for the settings: it gets none beside the image's. */
function run(command: string, folder: string) {
  const env = { PATH: process.env.PATH, ...imageEnv };
  return spawnSync('sh', ['-c', command], { cwd: folder, env, encoding: 'utf8', timeout: BUILD_LIMIT_MS });
}

/** The packages that `npm ci --omit=dev` would put there; what they need is found from where they really are. */
async function installProductionPackages(folder: string): Promise<void> {
  const lock = JSON.parse(readFileSync(inRepository('package-lock.json'), 'utf8'));
  const { dependencies } = lock.packages[''] as { dependencies: Record<string, string> };
  for (const name of Object.keys(dependencies)) {
    const target = join(folder, 'node_modules', name);
    await mkdir(dirname(target), { recursive: true });
    await symlink(inRepository(join('node_modules', name)), target);
  }
}

describe('what the image holds', () => {
  let folder: string;
  const secrets = { POSTGRES_PASSWORD: 'a', TEMPORAL_DB_PASSWORD: 'b', MENTE_DB_PASSWORD: 'c' };
  const { services } = loadCompose({ ...exampleEnv, ...secrets, DATA_KEYS: 'd', DATA_HASH_KEY: 'e' });
  const commands = Object.values(services).flatMap(({ build, command }) =>
    build && command ? [command.join(' ')] : [],
  );
  commands.push('node --import tsx admin/main.ts import-accreditations list.csv');

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mente-image-'));
    for (const [source, target] of copies) {
      const into = target.endsWith('/') ? join(folder, target, basename(source)) : join(folder, target);
      await cp(inRepository(source), into, { recursive: true });
    }
    await installProductionPackages(folder);
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  it(
    'is enough to bundle the workflows',
    () => {
      const bundling = runs.filter((command) => command.startsWith('node '));
      expect(bundling).toHaveLength(1);
      const { status, stderr } = run(bundling[0] as string, folder);
      expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
      expect(existsSync(join(folder, basename(imageEnv.WORKFLOW_BUNDLE ?? '')))).toBe(true);
    },
    BUILD_LIMIT_MS,
  );

  it.each(commands)('is enough for `%s`, which then asks for its settings', (command) => {
    const { status, stderr } = run(command, folder);
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining('DATABASE_URL is not set') });
  });
});
