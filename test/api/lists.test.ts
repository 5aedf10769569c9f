import { randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { acceptanceNumber } from '../../domain/cases/acceptance-number.ts';
import { type Body, type Caller, complaints } from '../harness/http/caller.ts';
import { describeApi } from '../harness/http/describe-api.ts';
import type { Http } from '../harness/http/open.ts';
import { until } from '../harness/until.ts';

const unknownNumber = acceptanceNumber('510400', 2026, randomBytes(8));

/** What anybody may read, and the lists of those who may see cases. */
await describeApi('lists', (http) => {
  it('shows the catalogue: what each disease asks for, and the benefit', async () => {
    const { body } = await http.withToken().get('/v1/catalogue');
    const diseases = body.diseases as { code: string; materials: { new: { kinds: string[]; when: string }[] } }[];
    const asks = (code: string) =>
      diseases.find((disease) => disease.code === code)?.materials.new.map(({ kinds }) => kinds.join('/'));
    const always = ['idCard/electronicVoucher', 'applicationForm', 'diagnosisCertificate', 'medicalRecord'];
    expect(asks('M01600')).toEqual([...always, 'socialSecurityCard']);
    expect(asks('M07803')).toEqual([...always, 'photo', 'socialSecurityCard']);
    expect(body.benefit).toMatchObject({ employee: { deductible: 800 }, resident: { deductible: 500 } });
  });

  describe('reckons due dates', () => {
    const dueDate = (query: string) => http.withToken().get(`/v1/calendar/due-date?${query}`);

    it('by the published arrangements, and explains each day', async () => {
      expect((await dueDate('acceptedOn=2025-09-26')).body).toEqual({ dueOn: '2025-10-23', provisional: false });
      const { body } = await dueDate('acceptedOn=2025-09-26&workingDays=4&explain=true');
      const circular = '国办发明电〔2024〕12号';
      expect(body.dueOn).toBe('2025-10-09');
      expect(body.days).toHaveLength(14);
      expect(body.days).toEqual(
        expect.arrayContaining([
          { date: '2025-09-26', counted: false, rule: 'dayOfAcceptance', ruleName: '受理当日,不计' },
          { date: '2025-09-27', counted: false, rule: 'weekend', ruleName: '周末,不计' },
          {
            date: '2025-09-28',
            counted: true,
            rule: 'makeUpDay',
            ruleName: '调休上班日,计入',
            name: expect.any(String),
            circular,
          },
          {
            date: '2025-10-01',
            counted: false,
            rule: 'holiday',
            ruleName: '放假,不计',
            name: expect.any(String),
            circular,
          },
          { date: '2025-10-09', counted: true, rule: 'workingDay', ruleName: '工作日,计入' },
        ]),
      );
    });

    it('as provisional where nothing is published yet, to the end of the years it knows', async () => {
      expect((await dueDate('acceptedOn=2090-01-02')).body.provisional).toBe(true);
      expect((await dueDate('acceptedOn=2098-12-31&workingDays=250')).status).toBe(200);
    });

    it.each([
      ['acceptedOn=2026-02-30&workingDays=251&explain=maybe&day=1', ['acceptedOn', 'day', 'explain', 'workingDays']],
      ['', ['acceptedOn']],
      ['acceptedOn=2003-12-31&workingDays=1.5', ['acceptedOn', 'workingDays']],
      ['acceptedOn=2026-01-05&acceptedOn=2026-01-06&workingDays=0', ['acceptedOn', 'workingDays']],
    ])('and tells all that is wrong at once: %s', async (query, fields) => {
      const reply = await dueDate(query);
      expect(reply.status).toBe(422);
      expect(complaints(reply).map((complaint) => complaint.split(' ')[0])).toEqual(fields);
    });
  });

  describe('an inbox', () => {
    const readIn = async (caller: Caller) => {
      const { body } = await caller.get('/v1/inbox?limit=1');
      return { entry: body.items[0] as Body, unread: body.unread };
    };

    it('knows in every app what the person has read', async () => {
      const applicant = http.newApplicant();
      const number = await http.openCase(applicant);
      const { entry, unread } = await readIn(applicant);
      expect([entry.acceptanceNumber, entry.readAt, unread]).toEqual([number, null, 1]);
      const path = `/v1/inbox/${entry.id}/read`;
      const stranger = await http.newApplicant().post(path);
      expect([stranger.status, stranger.body.code]).toEqual([404, 'not-found']);

      const first = await applicant.post(path);
      expect([first.status, first.body]).toEqual([200, { id: entry.id, readAt: expect.any(String), unread: 0 }]);
      const elsewhere = http.newApplicant({ person: applicant.person, channel: 'pzhMiniProgram' });
      expect((await elsewhere.post(path)).body).toEqual(first.body);
      expect(await readIn(elsewhere)).toMatchObject({ entry: { readAt: first.body.readAt }, unread: 0 });
      await applicant.tell(number, 'withdraw');
      await until('there is news', async () => (await readIn(applicant)).unread === 1);
    });

    it('is read by the agent who filed, apart from the applicant', async () => {
      const [agent, applicant] = [http.newApplicant(), http.newApplicant()];
      const named = { applicant: applicant.person, agent: { ...agent.person, relation: '子女' } };
      await http.openCase(agent, { ...named, diseaseCode: 'M01600' });
      const { entry } = await readIn(agent);
      await agent.post(`/v1/inbox/${entry.id}/read`);
      expect([(await readIn(agent)).unread, (await readIn(applicant)).unread]).toEqual([0, 1]);
    });
  });

  describe('a number', () => {
    const fullWidth = (text: string) => text.replace(/[!-~]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0));

    it('is the same in upper and lower case, full-width and in groups', async () => {
      const applicant = http.newApplicant();
      const number = await http.openCase(applicant);
      const typed = [number.toLowerCase(), fullWidth(number), `\u202d${number.slice(0, 6)} ${number.slice(6)}\u202c`];
      for (const text of typed) {
        const { status, body } = await applicant.progress(encodeURIComponent(text));
        expect([status, body.acceptanceNumber]).toEqual([200, number]);
      }
      const key = randomUUID();
      const once = await applicant.tell(number.toLowerCase(), 'withdraw', {}, key);
      const again = await applicant.tell(number, 'withdraw', {}, key);
      expect([once.status, again.status, again.body]).toEqual([200, 200, once.body]);
      expect(once.body.timeline.filter(({ kind }) => kind === 'withdrawn')).toHaveLength(1);
      const wrong = `${number.slice(0, -1)}${number.endsWith('0') ? '1' : '0'}`.toLowerCase();
      expect((await applicant.progress(wrong)).status).toBe(404);
    });

    it('of an accreditation, too', async () => {
      const applicant = http.newApplicant();
      const number = await http.openCase(applicant);
      await http.as('reviewer').tell(number.toLowerCase(), 'approve');
      const held = async () => (await applicant.get('/v1/accreditations')).body.items[0];
      await until('it is granted', async () => (await held()) !== undefined);
      const id = (await held())?.accreditationId as string;
      expect((await applicant.get(`/v1/accreditations/${id.toLowerCase()}`)).body.accreditationId).toBe(id);
    });
  });

  describe('lists', () => {
    /** All pages of a list, as acceptance numbers. */
    async function pages(caller: ReturnType<Http['as']>, path: string, limit: number): Promise<string[][]> {
      const all: string[][] = [];
      let cursor = '';
      do {
        const { status, body } = await caller.get(`${path}limit=${limit}${cursor}`);
        expect(status).toBe(200);
        all.push(body.items.map(({ acceptanceNumber }) => acceptanceNumber));
        cursor = body.nextCursor ? `&cursor=${encodeURIComponent(body.nextCursor)}` : '';
      } while (cursor);
      return all;
    }

    it('the worklist by due date, standing clocks last, in pages that miss and repeat nothing', async () => {
      const [applicant, reviewer] = [http.newApplicant(), http.as('supervisor')];
      const numbers = await Promise.all(Array.from({ length: 6 }, () => http.openCase(applicant)));
      // Other cases are about: these six are told apart by who works on them.
      await Promise.all(numbers.map((number) => reviewer.tell(number, 'assign', { to: 'supervisor-1' })));
      const list = '/v1/worklist?assignee=supervisor-1&';
      const [first = '', second = '', third = '', fourth = ''] = numbers;
      for (const number of [first, second]) {
        await reviewer.tell(number, 'request-materials', { items: [{ kind: 'photo', problem: '缺' }] });
      }
      await reviewer.tell(fourth, 'approve');

      const whole = await reviewer.get(list);
      const listed = whole.body.items.map(({ acceptanceNumber }) => acceptanceNumber);
      expect([...listed].sort()).toEqual(numbers.filter((number) => number !== fourth).sort());
      expect(whole.body.items.map(({ dueOn }) => dueOn === null)).toEqual([false, false, false, true, true]);
      expect(whole.body.items[0]).toMatchObject({ applicantName: '李娜', escalationLevel: 0, overdue: false });
      for (const limit of [1, 2, 5]) {
        expect((await pages(reviewer, list, limit)).flat()).toEqual(listed);
      }

      const filtered = async (query: string) => (await pages(reviewer, `/v1/worklist?${query}&`, 1)).flat();
      expect((await filtered('assignee=supervisor-1&status=awaitingMaterials')).sort()).toEqual([first, second].sort());
      expect([...listed].slice(0, 3).sort()).toEqual([third, ...numbers.slice(4)].sort());
      expect(await filtered('assignee=supervisor-1&status=underReview')).toEqual(listed.slice(0, 3));
      expect(await filtered('assignee=supervisor-1&overdue=true')).toEqual([]);
      expect(await filtered('assignee=supervisor-1&overdue=false')).toEqual(listed);

      const own = (await pages(applicant, '/v1/applications?', 4)).flat();
      expect(own.sort()).toEqual([...numbers].sort());
      expect((await http.newApplicant().get('/v1/applications')).body).toEqual({ items: [], nextCursor: null });
    });

    const cursor = (...values: unknown[]) => Buffer.from(JSON.stringify(values)).toString('base64url');
    it.each([
      'garbage',
      cursor(),
      cursor(null, null),
      cursor('2026-99-99', unknownNumber),
      cursor("2026-01-01'; --", 'x'),
      cursor('2026-01-01', '\0'),
      cursor('0000-01-01T00:00:00Z', unknownNumber),
    ])('refuse the cursor %s', async (bad) => {
      for (const path of ['/v1/worklist', '/v1/applications']) {
        const reply = await http.as('reviewer').get(`${path}?cursor=${encodeURIComponent(bad)}`);
        expect([reply.status, reply.status === 422 && complaints(reply)]).toEqual([422, ['cursor invalid']]);
      }
    });

    it('refuse filters that make no sense, all at once', async () => {
      const reply = await http.as('reviewer').get('/v1/worklist?status=done&overdue=1&limit=0&assignee=%00&sort=x');
      expect(complaints(reply).map((complaint) => complaint.split(' ')[0])).toEqual([
        'assignee',
        'limit',
        'overdue',
        'sort',
        'status',
      ]);
    });
  });
});
