import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** All that a bundle is made of: workflows may import nothing else of ours, and the lock file stands for the SDK. */
const SOURCES = ['workflows', 'domain', 'activities/contract.ts', 'package-lock.json'];

/**
 * Where the bundle of the workflows as they are now is kept, and whether it is there already. Building it takes a worker longer
 * than all the rest of its start, and a worker that was killed should be back soon.
 */
export function cachedBundle(): { path: string; exists: boolean } {
  const hash = createHash('sha256');
  for (const file of SOURCES.flatMap(filesOf).sort()) hash.update(`${file}\0`).update(readFileSync(join(ROOT, file)));
  const folder = join(ROOT, '.cache', 'workflows');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${hash.digest('hex').slice(0, 16)}.js`);
  return { path, exists: existsSync(path) };
}

function filesOf(source: string): string[] {
  const path = join(ROOT, source);
  if (statSync(path).isFile()) return [source];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(source, join(entry.parentPath, entry.name).slice(path.length)));
}
