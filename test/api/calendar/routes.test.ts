import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { addDays, shanghaiDate } from '../../../domain/dates.ts';
import { type Body, type Caller, complaints } from '../../harness/http/caller.ts';
import { describeApi } from '../../harness/http/describe-api.ts';
import { until } from '../../harness/until.ts';

type Days = Record<string, string>;

/** SHA-256 of the answer without its digest, by a program that shares nothing with ours. */
const recompute = `
import hashlib, json, sys
answer = json.load(sys.stdin)
digest = answer.pop("digest")
form = json.dumps(answer, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
print(hashlib.sha256(form.encode()).hexdigest() == digest)`;
const digestHolds = (body: Body) =>
  execFileSync('python3', ['-c', recompute], { input: JSON.stringify(body), encoding: 'utf8' }).trim() === 'True';

/** The calendar: explained due dates, the dry run, and publications with all that follows from them. */
await describeApi('the calendar', (http) => {
  let admin: Caller;
  beforeAll(() => {
    admin = http.as('admin');
  });

  /** The arrangement in force for a year, as it can be published again. */
  async function inForce(year: string): Promise<{ daysOff: Days; makeUpDays: Days; circular: string }> {
    const { body } = await admin.get(`/v1/calendar/${year}`);
    return {
      daysOff: body.daysOff as Days,
      makeUpDays: body.makeUpDays as Days,
      circular: `测试〔${year}〕${randomUUID()}`,
    };
  }
  async function withDayOff(date: string) {
    const arrangement = await inForce(date.slice(0, 4));
    // Nobody makes up for that day, which looks wrong.
    return { ...arrangement, daysOff: { ...arrangement.daysOff, [date]: '测试' }, acknowledged: true };
  }
  const publish = (year: string, body: object) => admin.put(`/v1/calendar/${year}`, body);
  const deadlineOf = (who: Caller, number: string) => who.get(`/v1/applications/${number}/deadline`);

  describe('a year', () => {
    it('published: its days, its circular, and who entered it', async () => {
      const { status, body } = await http.as('reviewer').get('/v1/calendar/2026');
      expect(status).toBe(200);
      expect(body).toMatchObject({
        year: 2026,
        basis: 'published',
        circular: '国办发明电〔2025〕7号',
        publishedOn: '2025-11-04',
        history: [{ version: 1, enteredBy: 'system' }],
      });
      expect((body.makeUpDays as Days)['2026-02-14']).toBe('春节');
    });

    it('whose New Year begins in December: the days lie with the year whose circular rules them', async () => {
      const [of2018, of2019] = [await admin.get('/v1/calendar/2018'), await admin.get('/v1/calendar/2019')];
      const lastDays = (days: unknown) => Object.keys(days as Days).filter((date) => date.startsWith('2018-12'));
      expect(lastDays(of2019.body.daysOff)).toEqual(['2018-12-30', '2018-12-31']);
      expect(lastDays(of2019.body.makeUpDays)).toEqual(['2018-12-29']);
      expect(lastDays({ ...(of2018.body.daysOff as Days), ...(of2018.body.makeUpDays as Days) })).toEqual([]);
    });

    it('changed in its course: also what it was before', async () => {
      const { body } = await admin.get('/v1/calendar/2019');
      const [now, before] = body.history as { version: number; daysOff: Days }[];
      expect(now?.daysOff).toHaveProperty('2019-05-04');
      expect(before).toMatchObject({ version: 0 });
      expect(before?.daysOff).not.toHaveProperty('2019-05-04');
    });

    it('without a circular: estimated', async () => {
      expect((await admin.get('/v1/calendar/2090')).body).toMatchObject({
        basis: 'estimated',
        circular: null,
        history: [],
      });
    });

    it.each(['2003', '2099', 'abc', '20260', '-1', '2026.5'])('%s is not known', async (year) => {
      const reply = await admin.get(`/v1/calendar/${year}`);
      expect(reply.status).toBe(422);
      expect(complaints(reply)).toEqual(['year unknownYear']);
    });
  });

  describe('an arrangement that is wrong', () => {
    it('is refused with everything that is wrong with it', async () => {
      const reply = await publish('2030', {
        daysOff: { '2030-02-30': '春节', '2031-01-01': '元旦', '2030-10-01': '', '2030-10-05': '国庆节' },
        makeUpDays: { '2030-10-05': '国庆节', '2030-10-08': '国庆节', soon: '国庆节' },
        publishedOn: '2098-01-01',
        surprise: true,
      });
      expect(reply.status).toBe(422);
      expect(complaints(reply)).toEqual([
        'circular invalid',
        'daysOff.2030-02-30 notADate',
        'daysOff.2030-10-01 invalid',
        'daysOff.2031-01-01 outsideYear',
        'makeUpDays.2030-10-05 offAndWorked',
        'makeUpDays.2030-10-08 workedAnyway',
        'makeUpDays.soon notADate',
        'publishedOn invalid',
        'surprise unknownField',
      ]);
      for (const { detail } of reply.body.errors) expect(detail).toMatch(/[\u4e00-\u9fff]/);
      expect((await admin.get('/v1/calendar/2030')).body.basis).toBe('estimated');
    });

    it.each([
      'null',
      '[]',
      '"2030"',
      '{"daysOff":[],"makeUpDays":7,"circular":"n"}',
      '{"daysOff":{"__proto__":"x"},"circular":"n"}',
      '{"daysOff":{},"circular":"n"}',
      '{',
    ])('is refused however malformed: %s', async (body) => {
      for (const send of [admin.put, admin.post]) {
        const path = send === admin.put ? '/v1/calendar/2030' : '/v1/calendar/2030/preview';
        const { status } = await send.call(admin, path, body);
        expect([400, 422]).toContain(status);
      }
    });

    it('names an unknown year together with the rest', async () => {
      const reply = await publish('2099', { daysOff: { x: '元旦' } });
      expect(complaints(reply)).toEqual(['circular invalid', 'daysOff.x notADate', 'year unknownYear']);
    });
  });

  describe('an arrangement that looks wrong', () => {
    it('is tried out with warnings, and published once they are acknowledged', async () => {
      const arrangement = await inForce('2036');
      const { '2036-05-01': _, ...daysOff } = arrangement.daysOff;
      const doubtful = { ...arrangement, daysOff };
      const preview = await http.as('reviewer').post('/v1/calendar/2036/preview', doubtful);
      expect([preview.status, preview.body.warnings]).toEqual([
        200,
        [
          {
            code: 'statutoryDayWorked',
            detail: '2036年5月1日是法定假日(劳动节),却没有放假。',
            dates: ['2036-05-01'],
          },
          {
            code: 'tooManyMakeUpDays',
            detail: '法定假日 13 天,调休上班 0 天,周一至周五应放假 13 天,现为 12 天:多了 1 个调休上班日,或漏了放假日。',
          },
        ],
      ]);
      for (const body of [doubtful, { ...doubtful, acknowledged: false }]) {
        const refused = await publish('2036', body);
        expect([refused.status, refused.body.code]).toEqual([422, 'warnings-unacknowledged']);
        expect(complaints(refused)).toEqual(['acknowledged statutoryDayWorked', 'acknowledged tooManyMakeUpDays']);
      }
      expect((await admin.get('/v1/calendar/2036')).body.basis).toBe('estimated');
      const published = await publish('2036', { ...doubtful, acknowledged: true });
      expect([published.status, published.body.warnings]).toEqual([200, preview.body.warnings]);
    });

    it('is no other: the law’s own days give no warning', async () => {
      const arrangement = await inForce('2037');
      expect((await admin.post('/v1/calendar/2037/preview', arrangement)).body.warnings).toEqual([]);
      expect((await publish('2037', arrangement)).status).toBe(200);
      expect((await publish('2037', { ...arrangement, acknowledged: 'yes' })).body.code).toBe('invalid');
    });
  });

  describe('a publication', () => {
    it('is tried out without changing anything, then moves the case, tells its people, and is explained', async () => {
      const applicant = http.newApplicant();
      const reviewer = http.as('reviewer');
      const number = await http.openCase(applicant);
      await reviewer.tell(number, 'assign', { to: 'reviewer-2' });
      const from = (await applicant.progress(number)).body.dueOn as string;
      const year = from.slice(0, 4);
      const arrangement = await withDayOff(from);

      const preview = await reviewer.post(`/v1/calendar/${year}/preview`, arrangement);
      const move = (preview.body.cases as Body[]).find((moved) => moved.acceptanceNumber === number);
      expect(move?.dueOn).toMatchObject({ from, to: expect.any(String) });
      expect((await applicant.progress(number)).body.dueOn).toBe(from);
      const { to } = (move as Body).dueOn as unknown as { to: string };
      expect(to > from).toBe(true);

      const basedOn = preview.body.calendarVersion as number;
      const published = await publish(year, { ...arrangement, basedOn });
      expect(published.status).toBe(200);
      expect(published.body).toMatchObject({
        calendarVersion: basedOn + 1,
        earlier: preview.body.earlier,
        later: preview.body.later,
        workflowId: `calendar-change-${basedOn + 1}`,
      });
      const { body } = await applicant.progress(number);
      expect(body).toMatchObject({ dueOn: to, provisional: false });

      await until('the case has heard', async () => {
        const { timeline } = (await applicant.progress(number)).body;
        return timeline.at(-1)?.kind === 'calendarChanged';
      });
      const { timeline } = (await applicant.progress(number)).body;
      expect(timeline.at(-1)?.detail).toEqual({ version: basedOn + 1, moves: { dueOn: { from, to } } });
      const inbox = (await applicant.get('/v1/inbox')).body.items as unknown as { body: string }[];
      expect(inbox[0]?.body).toMatch(/办理期限由\d+年\d+月\d+日改为\d+年\d+月\d+日/);
      await until('both have been told', async () => {
        const texts = (await http.sent()).filter(
          ({ body: text }) => text.includes(number.slice(-6)) && text.includes('改为'),
        );
        return texts.length === 2;
      });

      const explained = (await deadlineOf(applicant, number)).body;
      const days = explained.days as { date: string; counted: boolean; rule: string; circular?: string }[];
      expect(explained).toMatchObject({ acceptanceNumber: number, dueOn: to, calendarVersion: basedOn + 1 });
      expect(days.find(({ date }) => date === from)).toMatchObject({
        counted: false,
        rule: 'holiday',
        circular: arrangement.circular,
      });
    });

    it('based on a version that is not in force any more is refused, and so is its dry run', async () => {
      const { body } = await admin.get('/v1/calendar/2031');
      const stale = { ...(await inForce('2031')), basedOn: (body.calendarVersion as number) - 1 };
      for (const reply of [await publish('2031', stale), await admin.post('/v1/calendar/2031/preview', stale)]) {
        expect([reply.status, reply.body.code]).toEqual([409, 'calendar-moved']);
      }
    });

    it('of two at once one wins; a repeated one changes nothing more', async () => {
      const arrangement = await inForce('2032');
      const basedOn = (await admin.get('/v1/calendar/2032')).body.calendarVersion as number;
      const other = { ...arrangement, circular: '另一个' };
      const replies = await Promise.all(
        [arrangement, other].map((proposed) => publish('2032', { ...proposed, basedOn })),
      );
      expect(replies.map(({ status }) => status).sort()).toEqual([200, 409]);
      const won = replies[0]?.status === 200 ? arrangement : other;
      const again = await publish('2032', { ...won, basedOn });
      expect([again.status, again.body.calendarVersion]).toEqual([200, basedOn + 1]);
      expect((await admin.get('/v1/calendar/2032')).body.history).toHaveLength(1);
    });

    it('rules days of the December before, which then cite it', async () => {
      const arrangement = await inForce('2034');
      const daysOff = { ...arrangement.daysOff, '2034-01-03': '元旦' };
      const tooEarly = await publish('2034', { ...arrangement, daysOff, makeUpDays: { '2033-12-24': '元旦' } });
      expect(complaints(tooEarly)).toEqual(['makeUpDays.2033-12-24 outsideYear']);
      const before = (await admin.get('/v1/calendar/2033')).body;
      const published = await publish('2034', { ...arrangement, daysOff, makeUpDays: { '2033-12-31': '元旦' } });
      expect(published.status).toBe(200);
      const { body } = await http
        .withToken()
        .get('/v1/calendar/due-date?acceptedOn=2033-12-29&workingDays=2&explain=true');
      expect(body.dueOn).toBe('2033-12-31');
      expect((body.days as Body[]).at(-1)).toMatchObject({ rule: 'makeUpDay', circular: arrangement.circular });
      expect((body.days as Body[]).at(-2)).not.toHaveProperty('circular');
      const { daysOff: off, circular, basis } = (await admin.get('/v1/calendar/2033')).body;
      expect({ off, circular, basis }).toEqual({ off: before.daysOff, circular: before.circular, basis: before.basis });
    });

    it('is kept and told later where Temporal cannot be reached', async () => {
      const alone = await http.withoutTemporal();
      try {
        const { status } = await alone.as('admin').put('/v1/calendar/2033', await inForce('2033'));
        expect(status).toBe(200);
        expect((await admin.get('/v1/calendar/2033')).body.basis).toBe('published');
      } finally {
        await alone.close();
      }
    });
  });

  describe('an explanation', () => {
    it('agrees with the progress in every state, and its digest can be recomputed by anybody', async () => {
      const applicant = http.newApplicant();
      const reviewer = http.as('reviewer');
      const number = await http.openCase(applicant);
      const agrees = async () => {
        const { body } = await deadlineOf(applicant, number);
        const progress = (await applicant.progress(number)).body;
        expect([body.dueOn, body.provisional]).toEqual([progress.dueOn, progress.provisional]);
        expect(body.workingDaysLeft).toBe(progress.workingDaysLeft);
        expect(digestHolds(body)).toBe(true);
        expect(digestHolds({ ...body, provisional: !body.provisional })).toBe(false);
        return body;
      };
      const counted = (body: Body) => (body.days as { counted: boolean }[]).filter((day) => day.counted).length;
      expect(counted(await agrees())).toBe(15);
      await reviewer.tell(number, 'request-materials', { items: [{ kind: 'photo', problem: '看不清' }] });
      const today = shanghaiDate(new Date().toISOString());
      const stopped = await agrees();
      expect(stopped).toMatchObject({ dueOn: null, workingDaysLeft: 15 });
      expect(stopped.pauses).toMatchObject([{ to: null }]);
      expect(addDays(today, -1) <= ((stopped.pauses as { from: string }[])[0]?.from ?? '')).toBe(true);
      const photo = { kind: 'photo', fileIds: [await applicant.uploaded()] };
      await applicant.tell(number, 'resubmit', { materials: [photo] });
      expect(counted(await agrees())).toBe(15);
      await reviewer.tell(number, 'approve');
      // Until it is registered the case is open, and its date still moves with the calendar.
      const kinds = async () => (await applicant.progress(number)).body.timeline.map(({ kind }) => kind);
      await until('it is registered', async () => (await kinds()).includes('registered'));
      const ended = await agrees();
      await publish((ended.dueOn as string).slice(0, 4), await withDayOff(ended.dueOn as string));
      expect(await agrees()).toEqual(ended);
      expect((await deadlineOf(reviewer, number)).body).toEqual(ended);
    });

    it('of somebody else’s case is not there', async () => {
      const number = await http.newApplicant().files();
      expect((await deadlineOf(http.newApplicant(), number)).status).toBe(404);
      expect((await deadlineOf(http.as('admin'), number)).status).toBe(403);
    });

    it('of any day can be recomputed as well', async () => {
      const { body } = await http.withToken().get('/v1/calendar/due-date?acceptedOn=2020-01-15&explain=true');
      expect(body.dueOn).toBe('2020-02-12');
      expect(digestHolds(body)).toBe(true);
    });
  });
});
