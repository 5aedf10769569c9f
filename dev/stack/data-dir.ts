import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Names of what the embedded stack puts into its folder; a number at the end marks a draft that a kill left behind. */
const OURS =
  /^(files|insurance\.jsonl|lock|logs|outbox\.jsonl|pglite(\.lock)?|secrets\.json|stack\.json|temporal\.(db.*|pid))(\.\d+)?$/;

/** Folder of the embedded stack, absolute: DATA_DIR, or `data` in the repository. */
export function dataDir(): string {
  const { DATA_DIR } = process.env;
  return DATA_DIR ? resolve(DATA_DIR) : fileURLToPath(new URL('../../data', import.meta.url));
}

/** Creates the folder; only its owner may look into it, since it holds keys. */
export function createDataDir(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
}

/**
 * Removes everything that the stack has put into its folder, except the lock, which the running process holds.
 * @throws Error when the folder holds anything else
 */
export function emptyDataDir(folder: string): void {
  const names = readdirSync(folder);
  const foreign = names.filter((name) => !OURS.test(name));
  if (foreign.length > 0) {
    throw new Error(
      `${folder} was not emptied, since it holds something else too (${foreign.join(', ')}): is DATA_DIR right?`,
    );
  }
  for (const name of names) if (name !== 'lock') rmSync(join(folder, name), { recursive: true });
}
