import { deflateSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createPdfReader, type PdfReader } from '../../../../api/files/content/pdf.ts';
import { flated, objectStream, pdfWith } from '../../../harness/files/pdfs.ts';

const spaces = Buffer.alloc(200 * 1024 * 1024, ' ');

/** Files of a few kilobytes, or megabytes, that take a reader all its time or memory. */
const bombs: [string, () => Buffer][] = [
  ['an object stream of 200 MB', () => pdfWith({ objects: [flated('/Type/ObjStm/N 1/First 5', spaces)] })],
  [
    'one that is compressed twice',
    () => {
      const twice = flated('/Type/ObjStm/N 1/First 5/Filter[/FlateDecode/FlateDecode]', deflateSync(spaces));
      return pdfWith({ objects: [twice.replace('/Filter/FlateDecode/Length', '/Length')] });
    },
  ],
  ['an array in an array, and so on', () => pdfWith({ objects: ['['.repeat(4_000_000)] })],
  ['millions of objects', () => pdfWith({ objects: [objectStream(5, [`[${'<<>>'.repeat(6_000_000)}]`])] })],
];

/** What a PDF can do to its reader, and not to the api. */
let reader: PdfReader;
beforeAll(() => {
  reader = createPdfReader(1_500);
});
afterAll(() => reader?.close());

it.each(bombs)('%s: is refused in time, keeps the event loop free, and the next PDF is read', async (_, made) => {
  const bomb = made();
  await reader.faults(pdfWith());
  let turns = 0;
  const beat = setInterval(() => {
    turns += 1;
  }, 20);
  const since = performance.now();
  const faults = await reader.faults(bomb);
  clearInterval(beat);
  expect([['tooComplex'], ['damaged']]).toContainEqual(faults);
  expect(performance.now() - since).toBeLessThan(10_000);
  expect(turns).toBeGreaterThan(0);
  expect(await reader.faults(pdfWith())).toEqual([]);
});

it('reads as many as come at once, one after the other', async () => {
  const faults = await Promise.all(Array.from({ length: 10 }, () => reader.faults(pdfWith())));
  expect(faults).toEqual(faults.map(() => []));
});

it('refuses more than can wait', async () => {
  const reading = Array.from({ length: 60 }, () => reader.faults(pdfWith()));
  const refused = (await Promise.allSettled(reading)).filter(({ status }) => status === 'rejected');
  expect(refused).toHaveLength(29);
  expect(refused[0]).toMatchObject({ reason: { status: 503 } });
});
