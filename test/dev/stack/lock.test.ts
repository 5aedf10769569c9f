import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { takeLock } from '../../../dev/stack/lock.ts';
import { temporaryFolder } from '../../harness/programs/scripts.ts';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder('lock');
});
afterEach(() => folder.remove());

describe('the lock', () => {
  const file = () => join(folder.path, 'lock');

  it('is given to one of those who ask at once', async () => {
    const locks = await Promise.all(Array.from({ length: 5 }, () => takeLock(file())));
    expect(locks.filter(Boolean)).toHaveLength(1);
    locks.find(Boolean)?.release();
    expect(await takeLock(file())).toMatchObject({ abandoned: false });
  });

  it('is taken over from a process that is gone, and from one that only got its pid', async () => {
    for (const content of ['999999999 node dev/start.ts', `${process.ppid} node dev/start.ts`, '']) {
      writeFileSync(file(), content);
      expect(await takeLock(file())).toMatchObject({ abandoned: true });
    }
  });

  it('waits for a holder that is about to go', async () => {
    const first = await takeLock(file());
    const second = takeLock(file(), 10_000);
    first?.release();
    expect(await second).toBeDefined();
  });
});
