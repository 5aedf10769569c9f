import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import { eq } from 'drizzle-orm';
import { shanghaiInstant } from '../../../domain/dates.ts';
import { coreEvent } from '../../../store/insurance/tables.ts';
import { tellsToRetry } from '../../harness/http/caller.ts';
import { holderOf, movedAway, type Telling, tellAsCore } from '../../harness/http/core-events.ts';
import { describeApi } from '../../harness/http/describe-api.ts';
import { dayFromNow } from '../../harness/http/documents.ts';
import { keepHouse } from '../../harness/office/housekeeping.ts';
import { until } from '../../harness/until.ts';

const today = dayFromNow(0);
const aMinuteAgo = () => new Date(Date.now() - 60_000).toISOString();

await describeApi('what the insurance core tells', (http) => {
  const open: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const api of open.splice(0)) await api.close();
  });
  /** Another api, closed after the test. */
  const another = async <Api extends { close(): Promise<void> }>(serving: Promise<Api>) => {
    const api = await serving;
    open.push(api);
    return api;
  };

  const holder = (...begunOn: string[]) => holderOf(http, ...begunOn);
  const told = async (event: object | string | Buffer, telling?: Telling) =>
    (await tellAsCore(http, event, telling)).status;
  const unsettled = async ({ eventId }: { eventId: string }) => {
    const [row] = await http.store.db.select().from(coreEvent).where(eq(coreEvent.eventId, eventId));
    return row?.settledAt === null;
  };

  it('touches what had begun by the day it happened, and leaves what began later', async () => {
    const person = await holder('2023-05-01', '2024-06-01', '2024-06-02', today);
    expect(await told(person.event({ on: '2024-06-01' }))).toBe(204);
    expect(await person.statuses()).toEqual(['revoked', 'revoked', 'active', 'active']);
    const notices = `/v1/accreditations/${person.ids[0]}/notices`;
    const [notice] = (await http.as('supervisor').get(notices)).body.items;
    const { text } = await http.as('supervisor').get(`${notices}/${notice?.noticeId}`);
    expect(text).toContain('自2024年6月1日起撤销');
  });

  it('does nothing more when it comes again, also to what was granted since', async () => {
    const person = await holder(dayFromNow(-10), today);
    const event = person.event({ on: dayFromNow(-1) });
    expect([await told(event), await told(event), await told(event)]).toEqual([204, 204, 204]);
    expect(await person.statuses()).toEqual(['revoked', 'active']);
    expect(await person.revocations()).toEqual(['movedAway']);
  });

  it('is refused where something else was told under the same id', async () => {
    const [person, stranger] = [await holder(dayFromNow(-10), today), await holder(dayFromNow(-10))];
    const event = person.event({ on: dayFromNow(-1) });
    expect(await told(event)).toBe(204);
    for (const change of [{ on: today }, { event: 'deceased' }, { idNumber: stranger.event().idNumber }]) {
      const { status, body } = await tellAsCore(http, { ...event, ...change });
      expect([change, status, body.code]).toEqual([change, 409, 'event-id-reused']);
    }
    expect(await told(event)).toBe(204);
    expect([await person.statuses(), await stranger.statuses()]).toEqual([['revoked', 'active'], ['active']]);
  });

  it('has its effect once, however many deliveries of it come at once to several apis', async () => {
    const person = await holder(dayFromNow(-10), dayFromNow(-5));
    const event = person.event();
    const { url } = await another(http.at(new Date().toISOString()));
    const deliveries = Array.from({ length: 20 }, (_, index) => told(event, index % 2 === 0 ? { url } : {}));
    expect(await Promise.all(deliveries)).toEqual(Array(20).fill(204));
    expect(await person.statuses()).toEqual(['revoked', 'revoked']);
    for (const id of person.ids) {
      expect(await person.revocations(id)).toEqual(['movedAway']);
      const { body } = await http.as('supervisor').get(`/v1/accreditations/${id}/notices`);
      expect(body.items).toHaveLength(1);
    }
    expect(await unsettled(event)).toBe(false);
  });

  it('is one of those that come at once under the same id; the others are refused', async () => {
    const person = await holder('2024-01-01', '2025-01-01');
    const eventId = randomUUID();
    const events = ['2024-06-01', '2025-06-01'].map((on) => person.event({ eventId, on }));
    const statuses = await Promise.all(Array.from({ length: 20 }, (_, index) => told(events[index % 2] as object)));
    const [first, second] = [0, 1].map((odd) => new Set(statuses.filter((_, index) => index % 2 === odd)));
    expect([...(first ?? []), ...(second ?? [])].toSorted()).toEqual([204, 409]);
    expect(await person.statuses()).toEqual(['revoked', first?.has(204) ? 'active' : 'revoked']);
  });

  it('of an earlier day comes too late to change what a later one has done', async () => {
    const person = await holder('2024-01-01', '2025-02-01', '2026-02-01');
    expect(await told(person.event({ event: 'deceased', on: '2025-06-01' }))).toBe(204);
    expect(await told(person.event({ on: '2024-06-01' }))).toBe(204);
    expect(await person.statuses()).toEqual(['revoked', 'revoked', 'active']);
    expect([await person.revocations(), await person.revocations(person.ids[1])]).toEqual([['deceased'], ['deceased']]);
  });

  it('is done on its day, where that is to come; nobody dies later than told', async () => {
    const person = await holder(dayFromNow(-10));
    const { status, body } = await tellAsCore(http, person.event({ event: 'deceased', on: dayFromNow(1) }));
    expect([status, body.errors]).toEqual([422, [{ field: 'on', code: 'inFuture', detail: expect.any(String) }]]);
    const event = person.event({ on: dayFromNow(1) });
    expect(await told(event)).toBe(204);
    await keepHouse(http.env.client);
    expect(await person.statuses()).toEqual(['active']);
    const tomorrow = shanghaiInstant(dayFromNow(1), '00:00');
    const { url } = await another(http.at(tomorrow));
    expect(await told(event, { url, signedAt: Date.parse(tomorrow) })).toBe(204);
    expect(await person.statuses()).toEqual(['revoked']);
  });

  it('is not lost where the api dies between writing it down and doing it', async () => {
    const person = await holder(dayFromNow(-10), dayFromNow(-1), today);
    const at = aMinuteAgo();
    const { url } = await another(http.withoutTemporal(at));
    const event = person.event({ on: dayFromNow(-1) });
    tellsToRetry(await tellAsCore(http, event, { url, signedAt: Date.parse(at) }));
    expect([await person.statuses(), await unsettled(event)]).toEqual([['active', 'active', 'active'], true]);
    expect(await keepHouse(http.env.client)).toBeGreaterThanOrEqual(1);
    expect([await person.statuses(), await unsettled(event)]).toEqual([['revoked', 'revoked', 'active'], false]);
    expect(await told(event)).toBe(204);
    await keepHouse(http.env.client);
    expect(await person.revocations()).toEqual(['movedAway']);
  });

  it('of events that both wait, the earlier one is done first', async () => {
    const person = await holder('2024-01-01', '2025-01-01');
    const at = aMinuteAgo();
    const { url } = await another(http.withoutTemporal(at));
    const telling = { url, signedAt: Date.parse(at) };
    tellsToRetry(await tellAsCore(http, person.event({ event: 'deceased', on: '2025-06-01' }), telling));
    expect(await told(person.event({ on: '2024-06-01' }))).toBe(204);
    expect([await person.revocations(), await person.revocations(person.ids[1])]).toEqual([
      ['movedAway'],
      ['deceased'],
    ]);
  });

  it('waits for the worker, and is then done once', async () => {
    const person = await holder(dayFromNow(-10));
    const event = person.event();
    await http.stopWorker();
    tellsToRetry(await tellAsCore(http, event));
    await http.startWorker();
    await until('it is taken', async () => (await told(event)) === 204);
    expect(await person.revocations()).toEqual(['movedAway']);
  });

  it('is taken once Temporal has it, and done when the worker can write again', async () => {
    const person = await holder(dayFromNow(-10));
    const at = aMinuteAgo();
    const { url } = await another(http.at(at));
    const event = person.event({ on: dayFromNow(-1) });
    http.cables.worker.cut();
    const status = await told(event, { url, signedAt: Date.parse(at) });
    http.cables.worker.mend();
    // Where the workflow couldn't even read its row, Temporal hasn't accepted it yet.
    expect([204, 503]).toContain(status);
    expect(await unsettled(event)).toBe(true);
    await until('it is done', async () => (await person.statuses())[0] === 'revoked');
    await keepHouse(http.env.client);
    expect([await person.revocations(), await unsettled(event)]).toEqual([['movedAway'], false]);
  });

  it('of somebody unknown is taken, and reaches what is imported for them afterwards', async () => {
    const person = await holder();
    const at = aMinuteAgo();
    const { url } = await another(http.at(at));
    expect(await told(person.event({ on: '2025-06-01' }), { url, signedAt: Date.parse(at) })).toBe(204);
    const [old, young] = [await person.hold('2024-01-01'), await person.hold('2025-06-02')];
    await keepHouse(http.env.client);
    const status = async (id: string) => (await http.as('clerk').get(`/v1/accreditations/${id}`)).body.status;
    expect([await status(old), await status(young)]).toEqual(['revoked', 'active']);
  });

  it('changes nothing of what is revoked already', async () => {
    const person = await holder(dayFromNow(-10));
    await http.as('supervisor').post(`/v1/accreditations/${person.ids[0]}/revoke`, { reason: '材料不实' });
    expect(await told(person.event())).toBe(204);
    expect(await person.revocations()).toEqual(['office']);
  });

  describe('while an application is open', () => {
    async function filed() {
      const applicant = http.newApplicant();
      const { applicant: person } = await applicant.completeFiling();
      const number = await http.openCase(applicant, { applicant: person, diseaseCode: 'M00500' });
      return { applicant, number, idNumber: person.idNumber };
    }

    it('stands in the way of what was filed by then', async () => {
      const { applicant, number, idNumber } = await filed();
      expect((await http.as('reviewer').progress(number)).body.findings).toEqual([]);
      expect(await told(movedAway(idNumber))).toBe(204);
      expect((await http.as('reviewer').progress(number)).body.findings).toEqual([
        { reason: 'movedAway', detail: '医保系统通知:参保关系已转出。现在通过也不予备案,请核实。' },
      ]);
      expect((await applicant.progress(number)).body).not.toHaveProperty('findings');
      await http.as('reviewer').tell(number, 'approve');
      const refusals = async () =>
        (await http.as('reviewer').progress(number)).body.timeline.filter(({ kind }) => kind === 'registrationRefused');
      await until('it is refused', async () => (await refusals()).length > 0);
      expect((await refusals())[0]?.detail).toEqual({ reason: '参保关系已转出' });
      expect((await applicant.get('/v1/accreditations')).body.items).toEqual([]);
      const rejected = await http.as('reviewer').tell(number, 'reject', { reason: '参保关系已转出' });
      expect([rejected.status, rejected.body.status]).toEqual([200, 'rejected']);
    });

    it('does not where it was filed later', async () => {
      const { applicant, number, idNumber } = await filed();
      expect(await told(movedAway(idNumber, { on: dayFromNow(-1) }))).toBe(204);
      expect((await http.as('reviewer').progress(number)).body.findings).toEqual([]);
      await http.as('reviewer').tell(number, 'approve');
      await until('it is granted', async () => (await applicant.get('/v1/accreditations')).body.items.length > 0);
      await keepHouse(http.env.client);
      const { items } = (await applicant.get('/v1/accreditations')).body;
      expect(items.map(({ status }) => status)).toEqual(['active']);
    });
  });

  it('is refused, with what to do, where it does not fit; nothing is kept of it', async () => {
    const person = await holder(dayFromNow(-10));
    const event = person.event();
    const { eventId, ...nameless } = event;
    const text = JSON.stringify(event);
    const bad: [string, object | string | Buffer, number][] = [
      ['NUL', { ...event, eventId: 'a\0b' }, 422],
      ['half a surrogate pair', text.replace(eventId, '\\ud800'), 422],
      ['no id', nameless, 422],
      ['a long id', { ...event, eventId: 'x'.repeat(201) }, 422],
      ['a number as id', { ...event, eventId: 7 }, 422],
      ['no such day', { ...event, on: '2026-02-30' }, 422],
      ['an instant', { ...event, on: new Date().toISOString() }, 422],
      ['no person', { ...event, idNumber: '510402198803152123' }, 422],
      ['another event', { ...event, event: 'married' }, 422],
      ['no JSON', 'eventId=1', 422],
      ['nothing', '', 422],
      ['null', 'null', 422],
      ['a list', [event], 422],
      ['no UTF-8', Buffer.concat([Buffer.from(text.slice(0, -1)), Buffer.from([0x2c, 0xff, 0x7d])]), 422],
      ['too much', { ...event, more: 'x'.repeat(17_000) }, 413],
    ];
    for (const [what, body, status] of bad) {
      const reply = await tellAsCore(http, body);
      expect([what, reply.status, reply.headers.get('content-type')]).toEqual([
        what,
        status,
        expect.stringContaining('application/problem+json'),
      ]);
    }
    expect(await told(text, { headers: { 'content-type': 'text/plain' } })).toBe(415);
    expect(await person.statuses()).toEqual(['active']);
    expect(await told({ ...event, eventId: 'x'.repeat(200), more: '更多' })).toBe(204);
    expect(await person.statuses()).toEqual(['revoked']);
    expect(http.logLines.join()).not.toContain(event.idNumber);
  });
});
