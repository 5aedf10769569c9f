import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { counterKey } from '../../../api/http/limits.ts';
import { policiesOf } from '../../../policy/versions.ts';
import { openAnyDatabase, type TestDatabase } from '../../harness/database/any.ts';
import type { Caller, Reply } from '../../harness/http/caller.ts';
import { pdf } from '../../harness/http/documents.ts';
import { type Http, openHttp } from '../../harness/http/open.ts';
import { useHttp } from '../../harness/http/use-http.ts';
import { testKeyring as keyring } from '../../harness/keyring.ts';
import { newPerson, newPhone } from '../../harness/people.ts';
import { policy, prompt } from '../../harness/policy.ts';

const limits = {
  filings: { perAccount: 4, perPerson: 2, perPhone: 3, atWindow: 6 },
  uploads: { perAccount: 5, atWindow: 8 },
  lookups: { perHour: 3, perDay: 5 },
};
const filings = '/v1/applications';

/** Expects to be told to come back, in Chinese. */
function expectTooMany({ status, body, headers }: Reply, code: string, words: RegExp, most = 86_400): void {
  expect([status, body.code]).toEqual([429, code]);
  expect(body.detail).toMatch(words);
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  expect(Number(headers.get('retry-after'))).toBeLessThanOrEqual(most);
}

describe('what an account may do in a day', () => {
  const http = useHttp(policiesOf([{ ...prompt, limits: { ...limits, uploads: { perAccount: 50, atWindow: 50 } } }]));
  /** Somebody whose phone nobody else has. */
  const somebody = () => ({ ...newPerson(), phone: newPhone() });
  /** A filing of the caller's for somebody else, as an agent. */
  const filingOf = (caller: Caller, applicant = somebody()) =>
    caller.completeFiling({ applicant, agent: { ...caller.person, relation: '子女' } });
  const file = async (caller: Caller, applicant = somebody()) => {
    return caller.post(filings, await filingOf(caller, applicant), randomUUID());
  };

  it('ends with the filings of an account, whatever becomes of them', async () => {
    const caller = http.newApplicant();
    for (let n = 0; n < limits.filings.perAccount; n++) expect((await file(caller)).status).toBe(201);
    expectTooMany(await file(caller), 'too-many-filings', /每个账号每天最多提交 4 件申请/);
    expect((await file(http.newApplicant())).status).toBe(201);
  });

  it('ends with the filings for a person, from any account, also those that another one stands in the way of', async () => {
    const person = http.newApplicant();
    const applicant = { ...person.person, phone: somebody().phone };
    const own = await person.post(filings, await person.completeFiling({ applicant }), randomUUID());
    const replies = [own, await file(http.newApplicant(), applicant)];
    expect(replies.map(({ status }) => status)).toEqual([201, 409]);
    const third = await file(http.newApplicant(), applicant);
    expectTooMany(third, 'too-many-filings', /每个申请人每天最多提交 2 件申请/);
  });

  it('ends with the filings that name a phone, however many come at once, and begins anew the next day', async () => {
    const { phone } = somebody();
    const another = () => ({ ...newPerson(), phone });
    const bodies = await Promise.all(
      Array.from({ length: 8 }, async () => {
        const caller = http.newApplicant();
        return { caller, body: await filingOf(caller, another()) };
      }),
    );
    const replies = await Promise.all(bodies.map(({ caller, body }) => caller.post(filings, body)));
    expect(replies.filter(({ status }) => status === 201)).toHaveLength(limits.filings.perPhone);
    for (const reply of replies.filter(({ status }) => status !== 201)) {
      expectTooMany(reply, 'too-many-filings', /每个手机号每天最多提交 3 件申请/);
    }
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
    const later = await http.at(tomorrow);
    try {
      expect((await file(later.as('applicant', 'somebody'), another())).status).toBe(201);
    } finally {
      await later.close();
    }
  });

  it('counts neither what is malformed nor what is sent again', async () => {
    const caller = http.newApplicant();
    const body = await filingOf(caller);
    for (let n = 0; n < 6; n++)
      expect((await caller.post(filings, { ...body, type: 'x' }, 'malformed')).status).toBe(422);
    for (let n = 0; n < 6; n++) expect((await caller.post(filings, body, 'the-same')).status).toBe(201);
    for (let n = 1; n < limits.filings.perAccount; n++) expect((await file(caller)).status).toBe(201);
    expect((await file(caller)).status).toBe(429);
    expect((await caller.post(filings, body, 'the-same')).status).toBe(201);
  });
});

describe('uploads and look-ups', () => {
  const http = useHttp(policiesOf([{ ...prompt, limits }]));

  it('of an account end with its files of the day, whether they are taken or not; a clerk has more', async () => {
    for (const [caller, most] of [
      [http.newApplicant(), limits.uploads.perAccount],
      [http.as('clerk', 'clerk-9'), limits.uploads.atWindow],
    ] as const) {
      for (let n = 0; n < most; n++)
        expect((await caller.upload([n % 2 ? Buffer.from('x') : pdf])).status).not.toBe(429);
      expectTooMany(await caller.upload([pdf]), 'too-many-uploads', new RegExp(`最多上传 ${most} 个文件`));
    }
  });

  it('of people end for a member of the staff, in every api alike, and nobody else', async () => {
    const other = await http.withoutTemporal();
    try {
      const ask = (n: number, subject = 'clerk-7') => {
        const api = n % 2 ? other : http;
        return api
          .as('clerk', subject)
          .post('/v1/people/lookup', { idNumber: newPerson().idNumber, reason: '来电咨询进度' });
      };
      for (let n = 0; n < limits.lookups.perHour; n++) expect((await ask(n)).status).toBe(200);
      for (const n of [0, 1]) expectTooMany(await ask(n), 'too-many-lookups', /一小时内最多查询 3 人/, 3600);
      expect((await ask(0, 'clerk-8')).status).toBe(200);
    } finally {
      await other.close();
    }
  });
});

describe('requests of an address', () => {
  const REQUESTS = 100;
  let database: TestDatabase;
  let http: Http;
  beforeAll(async () => {
    database = await openAnyDatabase();
    http = await openHttp({
      databaseUrl: database.url,
      requestsPerMinute: REQUESTS,
      trustedProxies: ['127.0.0.1', '10.0.0.0/8'],
    });
  });
  afterAll(async () => {
    await http?.close();
    await database?.stop();
  });
  const ask = (from: string, origin: Pick<Http, 'withToken'> | { as: Http['as'] } = http) => {
    const caller = 'withToken' in origin ? origin.withToken() : origin.as('applicant');
    return caller.send('/v1/catalogue', { method: 'GET', headers: { 'x-forwarded-for': from } });
  };

  it('are counted by who is behind the proxies, never by what somebody claims to be', async () => {
    for (let n = 0; n < REQUESTS; n++) expect((await ask(`198.51.100.${n}, 203.0.113.7, 10.1.1.1`)).status).toBe(200);
    const refused = await ask('192.0.2.1, 203.0.113.7, 10.1.1.1');
    expectTooMany(refused, 'too-many-requests', /访问过于频繁/, 60);
    expect((await ask('203.0.113.8')).status).toBe(200);
    expect((await http.withToken().get('/healthz')).status).toBe(200);
  });

  it('are counted by all apis together, up to a few', async () => {
    const other = await http.withoutTemporal();
    try {
      const statuses = [];
      for (let n = 0; n < 2 * REQUESTS; n++) {
        statuses.push((await ask('203.0.113.20', n % 2 ? other : http)).status);
        // What is told to the others is told beside the request.
        if (n % 25 === 24) await new Promise((resolve) => setTimeout(resolve, 50));
      }
      const passed = statuses.filter((status) => status === 200).length;
      expect(passed).toBeGreaterThanOrEqual(REQUESTS);
      expect(passed).toBeLessThanOrEqual(REQUESTS + 50);
      expect(statuses.at(-1)).toBe(429);
    } finally {
      await other.close();
    }
  });

  it('are counted by each api alone while there is no database', async () => {
    http.cables.api.cut();
    try {
      for (let n = 0; n < REQUESTS; n++) expect((await ask('203.0.113.30')).status).toBe(200);
      expect((await ask('203.0.113.30')).status).toBe(429);
    } finally {
      http.cables.api.mend();
    }
  });
});

describe('an address', () => {
  const of = (ip: string) => counterKey({ keyring }, { address: { ip } as never });

  it.each([
    ['203.0.113.7', 'address:203.0.113.7'],
    ['::ffff:203.0.113.7', 'address:203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', 'address:2001:db8:1:2::/64'],
    ['2001:db8:1:2::7', 'address:2001:db8:1:2::/64'],
    ['2001:db8::7', 'address:2001:db8:0:0::/64'],
    ['::1', 'address:0:0:0:0::/64'],
    ['fe80::1%eth0', 'address:fe80:0:0:0::/64'],
    ['', 'address:'],
  ])('%s counts as %s', (ip, key) => {
    expect(of(ip)).toBe(key);
  });
});

describe('what is counted', () => {
  it('keeps neither ID numbers nor phones', () => {
    const { idNumber, phone } = newPerson();
    for (const counted of [{ idNumber }, { phone }]) {
      expect(counterKey({ keyring }, counted)).toMatch(/^(person|phone):/);
      expect(counterKey({ keyring }, counted)).not.toContain(Object.values(counted)[0]);
    }
  });

  it('is allowed by the shipped policy fewer than eight times a day for a phone', () => {
    expect(policy.limits.filings.perPhone).toBeLessThan(8);
  });
});
