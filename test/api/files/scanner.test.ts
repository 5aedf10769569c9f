import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { scan } from '../../../api/files/content/scanner.ts';
import { onEachDatabase } from '../../harness/database/each.ts';
import { type Conduct, eicar, startClamd } from '../../harness/files/clamd.ts';
import { pdfWith } from '../../harness/files/pdfs.ts';
import { type Caller, tellsToRetry } from '../../harness/http/caller.ts';
import { jpeg, newScan, png } from '../../harness/http/documents.ts';
import { type Http, openHttp } from '../../harness/http/open.ts';

const megabyte = 1024 * 1024;
const infected = () => Buffer.concat([pdfWith(), Buffer.from('%'), eicar, Buffer.from('\n%%EOF\n')]);

/** The scanner that uploads pass, over the wire. */
await onEachDatabase((url) => {
  describe('with a malware scanner', () => {
    let clamd: Awaited<ReturnType<typeof startClamd>>;
    let http: Http;
    let applicant: Caller;
    beforeAll(async () => {
      clamd = await startClamd({ streamMaxLength: 2 * megabyte });
      http = await openHttp({ databaseUrl: url(), clamdAddress: clamd.address });
      applicant = http.newApplicant();
    });
    afterAll(async () => {
      await http?.close();
      await clamd?.stop();
    });
    beforeEach(() => {
      clamd.conduct = 'scans';
    });
    const kept = () => readdir(http.store.filesDir);

    it('what is clean is kept, all of it scanned', async () => {
      for (const content of [newScan(), png, jpeg, Buffer.concat([pdfWith(), Buffer.alloc(megabyte, ' ')])]) {
        expect((await applicant.upload([content])).status).toBe(201);
        expect(clamd.scanned.at(-1)).toEqual(content);
      }
    });

    it('what is infected is refused, whatever else is wrong with it, and nothing is kept', async () => {
      const before = await kept();
      for (const content of [
        infected(),
        Buffer.concat([png, eicar]),
        Buffer.concat([Buffer.from('%PDF-1.4\n'), eicar]),
      ]) {
        const reply = await applicant.upload([content]);
        expect([reply.status, reply.body.code]).toEqual([422, 'file-infected']);
        expect(reply.body.detail).toContain('病毒');
      }
      expect(await kept()).toEqual(before);
    });

    it('what it is set not to take is refused as too large', async () => {
      const before = await kept();
      const reply = await applicant.upload([Buffer.concat([pdfWith(), Buffer.alloc(3 * megabyte, ' ')])]);
      expect([reply.status, reply.body.code]).toEqual([413, 'file-too-large']);
      expect(reply.body.detail).toMatch(/文件有 [\d.]+ MB/);
      expect(await kept()).toEqual(before);
    });

    it.each<Conduct>(['hangsUp', 'hangsUpHalfway', 'talksNonsense', 'fails'])(
      'that %s, an upload may be tried again, and nothing is kept',
      async (conduct) => {
        const before = await kept();
        clamd.conduct = conduct;
        tellsToRetry(await applicant.upload([newScan()]));
        expect(await kept()).toEqual(before);
        clamd.conduct = 'scans';
        expect((await applicant.upload([newScan()])).status).toBe(201);
      },
    );

    it('that is down, an upload may be tried again', async () => {
      const before = await kept();
      const address = clamd.address.split(':');
      await clamd.stop();
      tellsToRetry(await applicant.upload([newScan()]));
      expect(await kept()).toEqual(before);
      clamd = Object.assign(await startClamd({ listenOn: Number(address[1]) }));
      expect((await applicant.upload([newScan()])).status).toBe(201);
    });
  });
});

describe('a scan', () => {
  it('of a scanner that says nothing is given up', async () => {
    const clamd = await startClamd();
    clamd.conduct = 'isSilent';
    await expect(scan(clamd.address, Buffer.alloc(megabyte), 200)).rejects.toThrow('too slow');
    await clamd.stop();
  });

  it('goes over a socket of the machine, too', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mente-clamd-'));
    const clamd = await startClamd({ listenOn: join(folder, 'clamd.sock') });
    expect(await scan(clamd.address, Buffer.from('a'))).toBe('clean');
    expect(await scan(clamd.address, infected())).toBe('infected');
    await clamd.stop();
    await rm(folder, { recursive: true });
  });
});
