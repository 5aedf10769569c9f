import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import twilio from 'twilio';
import { tellAsCore } from '../../harness/http/core-events.ts';
import { expectProblem } from '../../harness/http/expect-problem.ts';
import { useHttp } from '../../harness/http/use-http.ts';

const http = useHttp();
const filings = '/v1/applications';

const deep = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
const deepList = (levels: number) => `{"materials":${'['.repeat(levels)}${']'.repeat(levels)}}`;
const many = (count: number) => JSON.stringify({ materials: Array.from({ length: count }, () => ({})) });
const unknownKeys = (count: number) =>
  JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, 0])));

describe('a body that is far too large for what it says', () => {
  const applicant = () => http.newApplicant();

  it('with 80,000 empty materials is refused in little time', async () => {
    const [caller, body] = [applicant(), many(80_000)];
    await caller.post(filings, '{}');
    const before = process.cpuUsage();
    const reply = await caller.post(filings, body);
    const { user, system } = process.cpuUsage(before);
    expectProblem('80,000 materials', reply);
    expect(reply.body.errors).toEqual([expect.objectContaining({ field: 'materials', code: 'tooLarge' })]);
    expect((user + system) / 1000).toBeLessThan(400);
  });

  it('with 240 kB of unknown fields is refused in few words', async () => {
    const some = await applicant().post(filings, unknownKeys(900));
    expect([some.body.errors.length, some.body.moreErrors]).toEqual([50, expect.any(Number)]);
    for (const count of [900, 20_000]) {
      const reply = await applicant().post(filings, unknownKeys(count));
      expectProblem(`${count} fields`, reply);
      expect(reply.body.errors.length).toBeLessThanOrEqual(50);
    }
    const long = await applicant().post(filings, JSON.stringify({ ['k'.repeat(200_000)]: 1 }));
    expectProblem('a long name of a field', long);
  });

  it.each([
    ['objects', deep(30_000)],
    ['lists', deepList(100_000)],
    ['a few levels', deep(20)],
  ])('with a depth of %s is refused, with an Idempotency-Key and without', async (_, body) => {
    for (const key of [undefined, randomUUID()]) {
      const reply = await applicant().post(filings, body, key);
      expectProblem('deep', reply);
      expect(reply.body.errors).toEqual([expect.objectContaining({ code: 'tooLarge' })]);
    }
  });

  it('is refused once it is unpacked', async () => {
    const bomb = gzipSync(Buffer.alloc(50 * 1024 * 1024, ' '));
    const reply = await applicant().send(filings, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
      body: new Uint8Array(bomb),
    });
    expectProblem('a bomb', reply);
    expect(reply.status).toBe(413);
  });
});

describe('text that PostgreSQL cannot keep', () => {
  it.each([
    ['a NUL', 'a\0b'],
    ['a NUL at its end', 'applicant-1\0'],
    ['half a surrogate pair', 'a\ud800b'],
    ['a line break', 'a\nb'],
    ['Chinese', '张三'],
    ['too many characters', 'a'.repeat(256)],
    ['nothing', ''],
  ])('is no subject of a token: %s', async (_, subject) => {
    const caller = http.withToken(await http.token(['clerk', 'reviewer', 'supervisor'], subject));
    for (const path of [filings, '/v1/inbox', '/v1/worklist']) expect((await caller.get(path)).status).toBe(401);
    expect((await caller.post(filings, await http.newApplicant().completeFiling(), 'key')).status).toBe(401);
  });

  it.each([
    ['a NUL', 'SM\0'],
    ['a NUL, alone', '\0'],
  ])('is refused in a signed receipt: %s', async (_, sid) => {
    for (const name of ['MessageSid', 'MessageStatus', 'ErrorCode', 'Other']) {
      const receipt = { MessageSid: 'SM1', MessageStatus: 'undelivered', ErrorCode: '30003', [name]: sid };
      const signature = twilio.getExpectedTwilioSignature(
        http.twilioAuthToken,
        `${http.publicUrl}/v1/hooks/twilio/status`,
        receipt,
      );
      const reply = await http.withToken().send('/v1/hooks/twilio/status', {
        method: 'POST',
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          'x-twilio-signature': signature,
        },
        body: new URLSearchParams(receipt).toString(),
      });
      expectProblem([name, sid], reply);
    }
  });

  it.each(['\0', '\ud800', '\udc00x'])('is refused in a signed event of the insurance core: %j', async (odd) => {
    const event = { eventId: `e${odd}`, idNumber: `51040219880315${odd}`, event: 'movedAway', on: odd };
    const reply = await tellAsCore(http, event);
    expectProblem(odd, reply);
    expect(reply.status).toBe(422);
    expect([...new Set(reply.body.errors.map(({ field }) => field))]).toEqual(['eventId', 'idNumber', 'on']);
  });
});

describe('the log', () => {
  it('says which route was asked, never what stood in its path', async () => {
    const secrets = ['510402198803152122', '%E6%9D%8E%E5%A8%9C', '李娜', '13800138001'];
    const paths = [
      '/v1/applications/X',
      '/v1/applications/X/deadline',
      '/v1/files/X',
      '/v1/calls/X/record',
      '/X',
      '/v1/X/X',
    ];
    for (const secret of secrets) {
      for (const path of paths) await http.as('clerk').get(path.replaceAll('X', encodeURIComponent(secret)));
    }
    const log = http.logLines.join('');
    for (const secret of [...secrets, ...secrets.map(encodeURIComponent)]) expect(log).not.toContain(secret);
    expect(log).toContain('"path":"/v1/applications/:acceptanceNumber/deadline"');
  });
});
