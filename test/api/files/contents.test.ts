import { readdir } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { claiming, withoutEnd } from '../../harness/files/images.ts';
import {
  lockedPdf,
  pdfsWithAttachments,
  pdfWith,
  readablePdfs,
  scriptedPdfs,
  writtenPdf,
} from '../../harness/files/pdfs.ts';
import type { Caller } from '../../harness/http/caller.ts';
import { describeApi } from '../../harness/http/describe-api.ts';
import { jpeg, pdf, png, webp } from '../../harness/http/documents.ts';
import { policy } from '../../harness/policy.ts';

const photo = (width: number, height: number) =>
  sharp({
    create: { width, height, channels: 3, background: '#888', noise: { type: 'gaussian', mean: 128, sigma: 40 } },
  });

/** What an upload has to be like to be kept. */
await describeApi('the content of an upload', (http) => {
  let applicant: Caller;
  beforeAll(() => {
    applicant = http.newApplicant();
  });

  /** Refused with this code, in a sentence, and with nothing kept. */
  async function isRefused(content: Buffer, ...codes: string[]): Promise<void> {
    const before = await readdir(http.store.filesDir);
    const reply = await applicant.upload([content]);
    expect([reply.status, reply.body.code]).toEqual([422, codes[0]]);
    expect(reply.body.errors.map(({ code }) => code).sort()).toEqual([...codes].sort());
    for (const { field, detail } of reply.body.errors) expect([field, detail]).toEqual(['file', expect.any(String)]);
    expect(reply.body.detail).toMatch(/请/);
    expect(await readdir(http.store.filesDir)).toEqual(before);
  }
  const isKept = async (content: Buffer) => expect((await applicant.upload([content])).status).toBe(201);

  describe('an image', () => {
    let photos: Buffer[];
    beforeAll(async () => {
      photos = await Promise.all([
        photo(800, 600).jpeg().toBuffer(),
        photo(800, 600).jpeg({ progressive: true }).toBuffer(),
        photo(300, 200).png().toBuffer(),
        photo(300, 200).png({ progressive: true }).toBuffer(),
        photo(800, 600).webp().toBuffer(),
        photo(300, 200).webp({ lossless: true }).toBuffer(),
      ]);
    });

    it('is taken whole, with what cameras put behind it', async () => {
      for (const content of [...photos, png, jpeg, webp]) await isKept(content);
      await isKept(Buffer.concat([photos[0] as Buffer, Buffer.from('a depth map')]));
    });

    it('is refused where any of it is missing', async () => {
      for (const content of photos) {
        for (const part of [0.2, 0.6, 0.98])
          await isRefused(content.subarray(0, content.length * part), 'file-damaged');
        await isRefused(withoutEnd(content), 'file-damaged');
        await isRefused(Buffer.concat([content.subarray(0, content.length / 2), Buffer.alloc(9_000)]), 'file-damaged');
      }
    });

    it('is refused where it has no pixels, or more than the policy takes', async () => {
      const [baseline] = photos as [Buffer];
      await isRefused(claiming(png, 0, 1), 'file-damaged');
      await isRefused(claiming(baseline, 100, 0), 'file-damaged');
      await isRefused(claiming(png, 60_000, 60_000), 'image-too-large');
      await isRefused(claiming(baseline, 65_000, 65_000), 'image-too-large');
      // Claims what it doesn't hold, within the limit.
      await isRefused(claiming(png, 7_000, 7_000), 'file-damaged');
      const white = await sharp({ create: { width: 9_000, height: 8_000, channels: 3, background: 'white' } })
        .png()
        .toBuffer();
      expect(white.length).toBeLessThan(policy.materials.maximumFileMegabytes * 1024 * 1024);
      await isRefused(white, 'image-too-large');
    });

    it('is taken for nothing else than what it is', async () => {
      for (const other of ['<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', 'GIF89a'])
        expect((await applicant.upload([Buffer.from(other)])).status).toBe(415);
    });

    it('is refused where there is no more than the beginning of one', async () => {
      const beginnings = [jpeg.subarray(0, 3), png.subarray(0, 16), Buffer.from('RIFF1234WEBPVP8 ')];
      for (const content of beginnings) await isRefused(content, 'file-damaged');
    });

    it('that moves is looked at to its last picture', async () => {
      const frames = Buffer.concat([0, 80, 160].map((grey) => Buffer.alloc(60 * 40 * 3, grey)));
      const raw = { width: 60, height: 120, channels: 3, pageHeight: 40 } as const;
      const moving = await sharp(frames, { raw }).webp({ lossless: true }).toBuffer();
      await isKept(moving);
      await isRefused(moving.subarray(0, moving.length - 20), 'file-damaged');
    });

    it.each(['heic', 'heix', 'mif1', 'hevc'])('of an iPhone (%s) is refused with what to set there', async (brand) => {
      const box = Buffer.from(`\0\0\0\x18ftyp${brand}\0\0\0\0mif1heic\0\0\0\x08free`, 'latin1');
      const { status, body } = await applicant.upload([box], 'IMG_0001.HEIC', 'image/heic');
      expect([status, body.code]).toEqual([415, 'heic-unsupported']);
      expect(body.detail).toBe(
        '这是 HEIC 格式的照片,不能接收。请把相机格式改为 JPEG(iPhone 在“设置-相机-格式”中选“兼容性最佳”)后重新拍照,' +
          '或把照片转为 JPEG 后上传。',
      );
    });

    it('is known by what it is, whatever a telephone calls it', async () => {
      const { body } = await applicant.upload([jpeg], 'IMG_0001.HEIC', 'IMAGE/HEIC');
      expect(body.contentType).toBe('image/jpeg');
    });
  });

  describe('a PDF', () => {
    it.each(readablePdfs)('is taken %s', async (_, made) => isKept(await made()));

    it.each(scriptedPdfs)('is refused with %s', async (_, made) => isRefused(await made(), 'pdf-scripted'));

    it.each(pdfsWithAttachments)('is refused with %s', async (_, made) => isRefused(await made(), 'pdf-attachments'));

    it('is told everything that is wrong with it', async () => {
      const both = pdfWith({ catalogue: '/Names<</JavaScript<<>>/EmbeddedFiles<<>>>>' });
      await isRefused(both, 'pdf-scripted', 'pdf-attachments');
    });

    it('is refused where it is encrypted, with or without a password to open it', async () => {
      await isRefused(await lockedPdf(), 'pdf-encrypted');
      const handmade = `/Encrypt<</Filter/Standard/V 1/R 2/P -4/O(${'o'.repeat(32)})/U(${'u'.repeat(32)})>>/ID[(a)(a)]`;
      await isRefused(pdfWith({ trailer: handmade }), 'pdf-encrypted');
    });

    it('is refused where it has no pages', async () => {
      await isRefused(Buffer.from('%PDF-1.4\n%%EOF\n'), 'pdf-empty');
      await isRefused(Buffer.from(pdf.toString().replace('[3 0 R]/Count 1', '[]/Count 0')), 'pdf-empty');
    });

    it.each([
      ['a line of its own', '\n'],
      ['a byte order mark', '\xef\xbb\xbf'],
      ['what a proxy put there', 'HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n\r\n'],
      ['as much as readers skip', 'x'.repeat(1_019)],
    ])('may have before its header %s', async (_, before) => {
      await isKept(Buffer.concat([Buffer.from(before, 'latin1'), pdfWith()]));
    });

    it('may hide nothing there, and begins no later', async () => {
      await isRefused(
        Buffer.concat([Buffer.from('4 0 obj<</S/JavaScript/JS(1)>>endobj\n'), pdfWith()]),
        'file-damaged',
      );
      const later = await applicant.upload([Buffer.concat([Buffer.alloc(1_024, 'x'), pdfWith()])]);
      expect([later.status, later.body.code]).toEqual([415, 'file-type-unsupported']);
      expect(later.body.detail).toBe('只能上传 JPEG、PNG、WebP 图片或 PDF 文件。');
    });

    it('is not what an archive holds', async () => {
      const archive = Buffer.concat([
        Buffer.from('PK\x03\x04\x0a'),
        Buffer.alloc(21),
        Buffer.from('\x05\0\0\0a.pdf'),
        pdf,
      ]);
      expect((await applicant.upload([archive])).status).toBe(415);
    });

    it('is refused where any of it is missing', async () => {
      await isRefused(Buffer.from('%PDF-'), 'file-damaged');
      const written = await writtenPdf((document) => document.addPage().drawText('x'.repeat(9_000)));
      for (const content of [pdf, written])
        for (const part of [0.3, 0.7, 0.97])
          await isRefused(content.subarray(0, content.length * part), 'file-damaged');
      await isRefused(Buffer.from(pdf.toString().replace('/Type/Catalog', '/Type/Other')), 'file-damaged');
      await isRefused(pdfWith({ objects: ['<</A (>>'] }), 'file-damaged');
    });
  });
});
