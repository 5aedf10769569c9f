import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openAnyDatabase, type TestDatabase } from '../../harness/database/any.ts';
import { pdfWith } from '../../harness/files/pdfs.ts';
import { tellsToRetry } from '../../harness/http/caller.ts';
import { newScan } from '../../harness/http/documents.ts';
import { type Http, openHttp } from '../../harness/http/open.ts';

/** A file system of so many kilobytes, where this user may mount one. */
function mountSmall(kilobytes: number): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'mente-small-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'tmpfs', folder], { stdio: 'ignore' });
    return folder;
  } catch {
    rmSync(folder, { recursive: true });
    return undefined;
  }
}
const small = mountSmall(512);
const large = (kilobytes: number) => Buffer.concat([pdfWith(), Buffer.alloc(kilobytes * 1024, ' ')]);

(small ? describe : describe.skip)('on a disk that is full (skipped where no file system may be mounted)', () => {
  let database: TestDatabase;
  let http: Http;
  beforeAll(async () => {
    database = await openAnyDatabase();
    http = await openHttp({ databaseUrl: database.url });
    await rm(http.store.filesDir, { recursive: true });
    http.store.filesDir = small as string;
  });
  afterAll(async () => {
    await http?.close().catch(() => undefined);
    await database?.stop();
    execFileSync('umount', [small as string]);
    rmSync(small as string, { recursive: true });
  });

  it('an upload is answered with 503, leaves nothing, and keeps nobody else from uploading', async () => {
    const applicant = http.newApplicant();
    tellsToRetry(await applicant.upload([large(700)]));
    expect(await readdir(small as string)).toEqual([]);
    expect((await applicant.upload([newScan()])).status).toBe(201);

    await writeFile(join(small as string, 'others'), Buffer.alloc(490 * 1024));
    tellsToRetry(await applicant.upload([large(100)]));
    expect(http.logLines.some((line) => line.includes('ENOSPC'))).toBe(true);
    await rm(join(small as string, 'others'));
    expect((await applicant.upload([large(100)])).status).toBe(201);
  });
});
