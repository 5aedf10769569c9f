import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleSources, filesOf } from '../../worker/bundle/sources.ts';
import { takeLock } from './lock.ts';

const BUILD_LIMIT_MS = 120_000;
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** What a bundle is made from; the lock file stands for the SDK. */
const SOURCES = [...Object.values(bundleSources), join(ROOT, 'package-lock.json')];

/**
 * Where the bundle of the present workflows is cached, and whether it is there already. Building it takes longer than
 * all the rest of a worker's start, and a worker that was killed should be back soon.
 */
export function cachedBundle(): { path: string; exists: boolean } {
  const hash = createHash('sha256');
  for (const file of SOURCES.flatMap(filesOf).sort())
    hash.update(`${relative(ROOT, file)}\0`).update(readFileSync(file));
  const folder = join(ROOT, '.cache', 'workflows');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${hash.digest('hex').slice(0, 16)}.js`);
  return { path, exists: existsSync(path) };
}

/** The path of the bundle of the workflows as they are now. Of several processes that find none, one builds it. */
export async function builtBundle(): Promise<string> {
  const { path, exists } = cachedBundle();
  if (exists) return path;
  const lock = await takeLock(`${path}.lock`, BUILD_LIMIT_MS);
  try {
    if (existsSync(path)) return path;
    // Only here: the bundler takes longer to load than all else.
    const { bundleWorkflows } = await import('../../worker/bundle/bundle.ts');
    const draft = `${path}.${process.pid}`;
    writeFileSync(draft, (await bundleWorkflows('ERROR')).code);
    renameSync(draft, path);
    return path;
  } finally {
    lock?.release();
  }
}
