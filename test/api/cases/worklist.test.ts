import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { eq } from 'drizzle-orm';
import { tailOf } from '../../../domain/cases/acceptance-number.ts';
import { findApplication } from '../../../store/cases/queries.ts';
import { type ApplicationRow, application } from '../../../store/cases/tables.ts';
import { idempotency } from '../../../store/idempotency/tables.ts';
import { progress } from '../../../workflows/messages.ts';
import { type Caller, complaints, type Reply } from '../../harness/http/caller.ts';
import { describeApi } from '../../harness/http/describe-api.ts';
import { dayFromNow } from '../../harness/http/documents.ts';
import { atWindowHours } from '../../harness/http/situations.ts';
import { signedBy } from '../../harness/http/unique-person.ts';
import { newIdNumber, newPhone } from '../../harness/people.ts';
import { hire } from '../../harness/staff.ts';
import { until } from '../../harness/until.ts';

const numbersOf = ({ body }: Reply) => body.items.map(({ acceptanceNumber }) => acceptanceNumber);

/** The desk of those who review: what they find on their list, what they take of it, and what they give back. */
await describeApi('the worklist', (http) => {
  const list = (query: string, caller = http.as('reviewer')) => caller.get(`/v1/worklist?${query}`);
  const rowOf = async (number: string) => (await findApplication(http.store, number)) as ApplicationRow;
  const assign = (number: string, to: string | null, caller = http.as('supervisor')) =>
    caller.tell(number, 'assign', { to });

  describe('finds', () => {
    const [name, phone] = ['阿西·木呷', newPhone()];
    const applicant = { name, idNumber: newIdNumber(), phone };
    let me: Caller;
    let numbers: string[];
    beforeAll(async () => {
      const caller = http.newApplicant({ person: applicant });
      const filed = (diseaseCode: string) =>
        http.openCase(caller, { applicant, diseaseCode, signature: signedBy(applicant) });
      numbers = [await filed('M01600'), await filed('M03900'), await filed('M00500')];
      me = http.as('reviewer', await hire(http.store));
      await assign(numbers[0] as string, me.subject);
      await assign(numbers[1] as string, 'reviewer-2');
    });
    const found = async (query: string) => {
      const reply = await list(`${query}&search=${encodeURIComponent(name)}`, me);
      expect([reply.status, reply.body.total]).toEqual([200, reply.body.items.length]);
      return numbersOf(reply)
        .map((number) => numbers.indexOf(number))
        .sort();
    };

    it.each<[string, number[]]>([
      ['', [0, 1, 2]],
      ['assignee=me', [0]],
      ['assignee=none', [2]],
      ['assignee=me&assignee=none', [0, 2]],
      ['assignee=reviewer-2,none', [1, 2]],
      ['disease=M01600,M00500', [0, 2]],
      ['disease=M01600&assignee=none', []],
      // As long as a city's codes may be.
      ['disease=M01600,EX-I-0000000000000000000000001', [0]],
      ['status=underReview,awaitingMaterials&type=new&channel=scApp', [0, 1, 2]],
      ['channel=window', []],
      ['type=renewal&type=changeInstitution', []],
      ['awaiting=office', [0, 1, 2]],
      ['awaiting=applicant,core', []],
      ['awaiting=office&status=rejected', []],
      ['overdue=false&escalated=false', [0, 1, 2]],
      ['escalated=true', []],
      ['escalated=2', []],
      [`dueBefore=${dayFromNow(120)}`, [0, 1, 2]],
      [`dueBefore=${dayFromNow(1)}`, []],
    ])('by %j', async (query, expected) => {
      expect(await found(query)).toEqual(expected);
    });

    it.each<[string, () => string, number[]]>([
      ['an acceptance number', () => numbers[1] as string, [1]],
      ['an acceptance number in lower case', () => (numbers[1] as string).toLowerCase(), [1]],
      ['the tail that notifications show', () => tailOf(numbers[2] as string), [2]],
      ['that tail in lower case', () => tailOf(numbers[2] as string).toLowerCase(), [2]],
      ['a name with another dot', () => '阿西•木呷', [0, 1, 2]],
      ['the end of a phone', () => phone.slice(-4), [0, 1, 2]],
      ['part of a name', () => '阿西', []],
    ])('by %s', async (_, text, expected) => {
      const reply = await list(`search=${encodeURIComponent(text())}&limit=200`);
      const hits = numbersOf(reply).filter((number) => numbers.includes(number));
      expect([reply.status, hits.map((number) => numbers.indexOf(number)).sort()]).toEqual([200, expected]);
    });

    it('an ended case by its number, since people ask about it; the list itself has only what is open', async () => {
      const caller = http.newApplicant();
      const number = await http.openCase(caller);
      await caller.tell(number, 'withdraw');
      expect(numbersOf(await list(`search=${number}`))).toEqual([number]);
      expect(numbersOf(await list(`search=${number}&awaiting=office`))).toEqual([]);
      expect(numbersOf(await list(`assignee=none&limit=200`))).not.toContain(number);
    });

    it('nobody by a phone that a correction has replaced, and by the one that took its place', async () => {
      const window = await atWindowHours(http);
      const clerk = window.as('clerk', `clerk-${randomUUID()}`);
      const person = { name: '张三', idNumber: newIdNumber(), phone: newPhone() };
      const number = await http.openCase(clerk, { channel: 'window', applicant: person, signature: signedBy(person) });
      await http.as('reviewer').tell(number, 'reject', { reason: '病历不完整' });
      const next = `${person.phone.slice(0, -4)}${person.phone.endsWith('1118') ? '2228' : '1118'}`;
      const corrected = await clerk.tell(number, 'resubmit', { form: { phone: next, signature: signedBy(person) } });
      await window.close();
      expect(corrected.status).toBe(200);
      const finds = async (text: string) => numbersOf(await list(`search=${text}&limit=200`)).includes(number);
      expect([await finds(person.phone.slice(-4)), (await finds('1118')) || (await finds('2228'))]).toEqual([
        false,
        true,
      ]);
      expect(numbersOf(await list(`search=${encodeURIComponent('张 三')}`))).toContain(number);
    });

    it('nothing by what makes no sense, and says so of all at once', async () => {
      const reply = await list(
        'status=a,b&type=x&channel=&awaiting=me&escalated=10&dueBefore=2026-02-30&search=13800138001',
      );
      expect(complaints(reply).map((complaint) => complaint.split(' ')[0])).toEqual(
        ['awaiting', 'channel', 'dueBefore', 'escalated', 'search', 'status', 'type'].sort(),
      );
      expect(reply.body.errors.find(({ field }) => field === 'search')?.detail).toContain('受理号尾号');
      expect(complaints(await list(`disease=${'M,'.repeat(60)}M`))).toEqual(['disease invalid']);
    });

    it('each page in the order that was asked for, and refuses the cursor of another', async () => {
      const first = await list('limit=1&sort=age', me);
      const cursor = encodeURIComponent(first.body.nextCursor as string);
      const second = await list(`limit=1&sort=age&cursor=${cursor}`, me);
      expect([second.status, second.body.total]).toEqual([200, first.body.total]);
      expect(numbersOf(second)).not.toEqual(numbersOf(first));
      expect(complaints(await list(`sort=submission&cursor=${cursor}`))).toEqual(['cursor invalid']);
      const newest = numbersOf(await list('sort=submission&limit=200', me));
      const oldest = numbersOf(await list('sort=age&limit=200', me));
      expect(newest).toEqual(oldest.toReversed());
    });
  });

  describe('a case that is given back', () => {
    it('is for everybody again, once, by who has it or a supervisor', async () => {
      const number = await http.openCase(http.newApplicant());
      const [mine, others] = [http.as('reviewer', 'reviewer-1'), http.as('reviewer', 'reviewer-2')];
      await assign(number, 'reviewer-1');
      const refused = await assign(number, null, others);
      expect([refused.status, refused.body.code]).toEqual([409, 'not-assigned']);
      const given = await assign(number, null, mine);
      expect([given.status, given.body.assignee]).toEqual([200, null]);
      const again = await assign(number, null, others);
      expect([again.status, again.body.timeline.filter(({ kind }) => kind === 'assigned').length]).toEqual([200, 2]);
      expect(again.body.timeline.at(-1)).toMatchObject({ kind: 'assigned', detail: { to: null } });
      expect((await http.env.client.workflow.getHandle(number).query(progress)).assignee).toBeNull();
      expect((await assign(number, 'reviewer-2', others)).body).toMatchObject({ assignee: 'reviewer-2' });
      expect((await assign(number, null)).body).toMatchObject({ assignee: null });
    });
  });

  /** So that only what a test lays down is to be taken. */
  const emptyPool = () =>
    http.store.db
      .update(application)
      .set({ reservedUntil: '2100-01-01T00:00:00Z', reservedFor: null })
      .where(eq(application.closed, false));

  describe('the next case', () => {
    it('is taken by one of 200 who ask at once, and row and workflow agree', async () => {
      await emptyPool();
      const numbers = await Promise.all(Array.from({ length: 40 }, () => http.openCase(http.newApplicant())));
      const statuses = new Set<number>();
      const taken: [number: string, by: string][] = [];
      const take = async (index: number) => {
        const caller = http.as('reviewer', `next-${index}`);
        // Who is told that it is too much now asks again.
        await until(
          'there is room',
          async () => {
            const reply = await caller.get('/v1/worklist/next');
            statuses.add(reply.status);
            if ([200, 202].includes(reply.status)) taken.push([reply.body.acceptanceNumber, caller.subject]);
            return reply.status !== 503;
          },
          60_000,
        );
      };
      await Promise.all(Array.from({ length: 200 }, (_, index) => take(index)));
      expect([200, 202, 204, 503]).toEqual(expect.arrayContaining([...statuses]));
      expect(taken.map(([number]) => number).sort()).toEqual([...numbers].sort());
      for (const [number, by] of taken) {
        const told = await http.env.client.workflow.getHandle(number).query(progress);
        expect([told.assignee, (await rowOf(number)).assignee]).toEqual([by, by]);
      }
    }, 120_000);

    it('is the one that somebody sees then, is recorded as a change, and is never kept by those in between', async () => {
      const applicant = http.newApplicant();
      const other = await http.openCase(applicant, { diseaseCode: 'M03900' });
      await emptyPool();
      const number = await http.openCase(applicant, { diseaseCode: 'M01600' });
      const caller = http.as('reviewer', await hire(http.store));
      const head = await caller.send('/v1/worklist/next', { method: 'HEAD' });
      expect([head.status, (await rowOf(number)).assignee]).toEqual([405, null]);
      const reply = await caller.get('/v1/worklist/next');
      expect([reply.status, reply.headers.get('cache-control')]).toEqual([200, expect.stringContaining('no-store')]);
      expect(reply.body).toMatchObject({ acceptanceNumber: number, assignee: caller.subject, status: 'underReview' });
      expect(reply.body.otherCases).toEqual([expect.objectContaining({ acceptanceNumber: other })]);
      expect(Object.keys(reply.body)).toEqual(Object.keys((await caller.progress(number)).body));
      const { body: told } = await http.as('supervisor').get(`/v1/audit?case=${other}`);
      expect(told.items).toContainEqual(
        expect.objectContaining({ part: 'take', by: caller.subject, objects: [number, other] }),
      );
      expect(numbersOf(await list('assignee=me', caller))).toEqual([number]);
      const none = await caller.get('/v1/worklist/next');
      expect([none.status, none.text]).toEqual([204, '']);
      const audit = await http.as('supervisor').get(`/v1/applications/${number}/audit`);
      expect(audit.body.items).toContainEqual(expect.objectContaining({ words: '审核人办理:领取待办件(承办此件)' }));
    });

    it('is another one where somebody was faster than its row tells', async () => {
      await emptyPool();
      const [first, second] = [await http.openCase(http.newApplicant()), await http.openCase(http.newApplicant())];
      await assign(first, 'reviewer-2');
      await http.store.db.update(application).set({ assignee: null }).where(eq(application.acceptanceNumber, first));
      const caller = http.as('supervisor', await hire(http.store, 'supervisor'));
      expect((await caller.get('/v1/worklist/next')).body).toMatchObject({ acceptanceNumber: second });
      expect((await http.env.client.workflow.getHandle(first).query(progress)).assignee).toBe('reviewer-2');
    });

    it('is none for who is absent, and free again where nobody knows what came of it', async () => {
      await emptyPool();
      const number = await http.openCase(http.newApplicant());
      const away = http.as('reviewer', await hire(http.store));
      await away.put(`/v1/staff/${away.subject}/absence`, {
        from: dayFromNow(0),
        until: dayFromNow(0),
        to: 'reviewer-2',
      });
      const refused = await away.get('/v1/worklist/next');
      expect([refused.status, refused.body.code]).toEqual([409, 'absent']);

      const cut = await http.withoutTemporal();
      const caller = cut.as('reviewer', await hire(http.store));
      const lost = await caller.get('/v1/worklist/next');
      expect([lost.status, lost.body.code]).toEqual([503, 'unavailable']);
      await cut.close();
      const other = await hire(http.store);
      expect((await http.as('reviewer', other).get('/v1/worklist/next')).status).toBe(204);
      const later = await http.at(new Date(Date.now() + 31_000).toISOString());
      const freed = await later.as('reviewer', other).get('/v1/worklist/next');
      await later.close();
      expect(freed.body).toMatchObject({ acceptanceNumber: number, assignee: other });
    });
  });

  describe('the next case, asked for again where no answer came', () => {
    it.each([
      ['hasn’t heard of it', false],
      ['has, and the row shows it', true],
    ])('is the same one where its workflow %s, and another one from then on', async (_, heard) => {
      await emptyPool();
      const numbers = [await http.openCase(http.newApplicant()), await http.openCase(http.newApplicant())];
      const [first = '', second] = numbers;
      const subject = await hire(http.store);
      const cut = await http.withoutTemporal();
      expect((await cut.as('reviewer', subject).get('/v1/worklist/next')).status).toBe(503);
      await cut.close();
      if (heard) await assign(first, subject);
      const next = async () => (await http.as('reviewer', subject).get('/v1/worklist/next')).body.acceptanceNumber;
      expect([await next(), await next()]).toEqual([first, second]);
      const { timeline } = (await http.as('reviewer').progress(first)).body;
      expect(timeline.filter(({ kind }) => kind === 'assigned').length).toBe(1);
    });
  });

  describe('many cases at once', () => {
    const bulk = (body: unknown, caller = http.as('supervisor'), key: string = randomUUID()) =>
      caller.post('/v1/worklist/assign', body, key);

    it('are assigned each by itself, once, and each has its answer', async () => {
      const applicant = http.newApplicant();
      const [first = '', second = '', ended = ''] = [
        ...[await http.openCase(applicant), await http.openCase(applicant), await http.openCase(applicant)],
      ];
      await applicant.tell(ended, 'withdraw');
      const [to, key] = [await hire(http.store), randomUUID()];
      const body = { acceptanceNumbers: [first.toLowerCase(), ended, 'nonsense', second, first], to };
      const reply = await bulk(body, undefined, key);
      expect([reply.status, reply.body]).toEqual([
        200,
        {
          items: [
            { acceptanceNumber: first, status: 200 },
            { acceptanceNumber: ended, status: 409, code: 'conflict', detail: expect.any(String) },
            { acceptanceNumber: 'NONSENSE', status: 404, code: 'not-found', detail: expect.any(String) },
            { acceptanceNumber: second, status: 200 },
          ],
        },
      ]);
      expect((await bulk(body, undefined, key)).body).toEqual(reply.body);
      // As if the process had died before it answered.
      await http.store.db.update(idempotency).set({ answer: null }).where(eq(idempotency.key, key));
      expect((await bulk(body, undefined, key)).body).toEqual(reply.body);
      const { timeline, assignee } = (await http.as('reviewer').progress(first)).body;
      expect([assignee, timeline.filter(({ kind }) => kind === 'assigned').length]).toEqual([to, 1]);
      const reused = await bulk({ ...body, to: null }, undefined, key);
      expect([reused.status, reused.body.code]).toEqual([422, 'idempotency-key-reused']);

      const others = await bulk({ acceptanceNumbers: [first, second], to: 'reviewer-2' }, http.as('reviewer'));
      expect(others.body.items.map(({ status, code }) => [status, code])).toEqual(Array(2).fill([409, 'not-assigned']));
      await bulk({ acceptanceNumbers: [first, second], to: null }, http.as('reviewer', to));
      expect(await Promise.all([rowOf(first), rowOf(second)])).toMatchObject([{ assignee: null }, { assignee: null }]);
    });

    it('are refused as a whole where nothing could come of it', async () => {
      const number = await http.openCase(http.newApplicant());
      const many = Array.from({ length: 201 }, (_, index) => `${number}${index}`);
      expect(complaints(await bulk({ acceptanceNumbers: many, to: 'reviewer-2' }))).toEqual([
        'acceptanceNumbers invalid',
      ]);
      expect(complaints(await bulk({ acceptanceNumbers: [] }))).toEqual(['acceptanceNumbers invalid', 'to invalid']);
      expect(complaints(await bulk({ acceptanceNumbers: [number], to: 'clerk-1' }))).toEqual(['to notAReviewer']);
    });
  });
});
