import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const path = (fromHere: string) => fileURLToPath(new URL(fromHere, import.meta.url));

/** All of ours that a bundle of the workflows is made of: they may import nothing else. */
export const bundleSources = {
  workflows: path('../../workflows'),
  rules: path('../../domain'),
  contract: path('../../activities/contract.ts'),
};

/** The files of a folder and of the folders in it, or the file itself; absolute paths. */
export function filesOf(source: string): string[] {
  if (statSync(source).isFile()) return [source];
  return readdirSync(source, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
