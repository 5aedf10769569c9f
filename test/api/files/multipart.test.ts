import { beforeAll, expect, it } from '@jest/globals';
import type { Caller } from '../../harness/http/caller.ts';
import { describeApi } from '../../harness/http/describe-api.ts';
import { newScan, pdf } from '../../harness/http/documents.ts';
import { policy } from '../../harness/policy.ts';

interface Part {
  disposition: string;
  content?: Buffer | string;
  type?: string;
}

const file: Part = { disposition: 'name="file"; filename="a.pdf"', content: pdf };

/** A form as it goes over the wire. */
function formOf(parts: Part[], end = '--b--\r\n'): Buffer {
  const pieces = parts.flatMap(({ disposition, content = 'x', type = 'application/pdf' }) => [
    `--b\r\nContent-Disposition: form-data; ${disposition}\r\nContent-Type: ${type}\r\n\r\n`,
    content,
    '\r\n',
  ]);
  return Buffer.concat([...pieces, end].map((piece) => Buffer.from(piece)));
}

/** Forms that aren't one file in the field `file`. */
await describeApi('a form', (http) => {
  let applicant: Caller;
  beforeAll(() => {
    applicant = http.newApplicant();
  });
  const send = (body: Buffer, type = 'multipart/form-data; boundary=b') =>
    applicant.send('/v1/files', {
      method: 'POST',
      headers: { 'content-type': type },
      body: new Uint8Array(body),
    });

  it.each<[string, Part]>([
    ['with quotation marks and line breaks', { ...file, disposition: 'name="file"; filename="%22a%0D%0A.pdf"' }],
    ['that leads elsewhere', { ...file, disposition: 'name="file"; filename="../../../etc/passwd"' }],
    ['of four kilobytes', { ...file, disposition: `name="file"; filename="${'字'.repeat(1_300)}.pdf"` }],
    ['in UTF-8', { ...file, disposition: 'name="file"; filename*=UTF-8\'\'%e8%af%8a%e6%96%ad.pdf' }],
    ['that isn’t its own', { ...file, disposition: 'name="file"; filename="a.exe"', type: 'text/html' }],
  ])('may give its file a name %s', async (_, part) => {
    expect((await send(formOf([part]))).status).toBe(201);
  });

  it.each<[string, Part[], string, string]>([
    ['two files', [file, file], 'tooMany', '一次只能上传一个文件'],
    ['three files', [file, file, file], 'tooMany', '一次只能上传一个文件'],
    ['a text beside the file', [{ disposition: 'name="kind"' }, file], 'unknownField', '只能有字段 file'],
    ['a text behind the file', [file, { disposition: 'name="__proto__"' }], 'unknownField', '只能有字段 file'],
    ['the file as a text', [{ ...file, disposition: 'name="file"' }], 'unknownField', '有文件名的文件'],
    [
      'the file in another field',
      [{ ...file, disposition: 'name="scan"; filename="a"' }],
      'wrongField',
      '放在字段 file 中',
    ],
    ['a file beside it', [file, { ...file, disposition: 'name="b"; filename="b"' }], 'tooMany', '一次只能上传一个文件'],
    ['nothing', [], 'missing', '字段 file 中上传一个文件'],
    [
      'no file chosen',
      [{ disposition: 'name="file"; filename=""', content: '', type: 'application/octet-stream' }],
      'missing',
      '字段 file 中上传一个文件',
    ],
    ['an empty file', [{ ...file, content: '' }], 'missing', '文件是空的'],
    [
      'a long field',
      [{ ...file, disposition: `name="${'f'.repeat(500)}"; filename="a"` }],
      'wrongField',
      '放在字段 file 中',
    ],
  ])('with %s is refused in words that say so', async (_, parts, code, words) => {
    const reply = await send(formOf(parts));
    expect([reply.status, reply.body.code]).toEqual([422, 'invalid']);
    expect(reply.body.errors).toEqual([{ field: 'file', code, detail: expect.stringContaining(words) }]);
  });

  it('is one in capital letters, too', async () => {
    const reply = await send(formOf([{ ...file, type: 'IMAGE/JPEG' }]), 'MULTIPART/Form-Data; BOUNDARY=b');
    expect([reply.status, reply.body.contentType]).toEqual([201, 'application/pdf']);
  });

  it('that can’t be read is refused', async () => {
    const long = { ...file, disposition: `name="file"; filename="${'a'.repeat(100_000)}"` };
    const replies = [
      await send(formOf([file], '')),
      await send(formOf([file]).subarray(0, 80)),
      await send(formOf([long])),
      await send(formOf([{ ...file, disposition: 'name="file"; filename="a\0.pdf"' }])),
      await send(formOf([file]), 'multipart/form-data'),
      await send(Buffer.alloc(0)),
    ];
    for (const { status, body } of replies) expect([status, body.code]).toEqual([400, 'malformed']);
  });

  it('with too large a file is told how large it may be', async () => {
    const limit = policy.materials.maximumFileMegabytes;
    const content = Buffer.concat([newScan(), Buffer.alloc(limit * 1024 * 1024)]);
    const reply = await send(formOf([{ ...file, content }]));
    expect([reply.status, reply.body.code]).toEqual([413, 'file-too-large']);
    expect(reply.body.detail).toContain(`${limit} MB`);
  });
});
