import { expect, it } from '@jest/globals';
import { exceededBy } from '../../../domain/files/quota.ts';

const quota = { daily: { files: 3, bytes: 100 }, unused: { files: 2, bytes: 50 } };

it.each([
  ['nothing yet', [0, 0], [0, 0], 50, undefined],
  ['the last file of a day', [2, 90], [1, 10], 10, undefined],
  ['one file too many in a day', [3, 10], [0, 0], 1, 'daily'],
  ['a byte too many in a day', [1, 91], [0, 0], 10, 'daily'],
  ['one file too many unused', [2, 10], [2, 10], 1, 'unused'],
  ['a byte too many unused', [1, 10], [1, 41], 10, 'unused'],
  ['both: the day is named', [3, 100], [2, 50], 1, 'daily'],
] as const)('with %s', (_, [files, bytes], [unusedFiles, unusedBytes], size, which) => {
  const uploaded = { daily: { files, bytes }, unused: { files: unusedFiles, bytes: unusedBytes } };
  expect(exceededBy(uploaded, size, quota)).toBe(which);
});
