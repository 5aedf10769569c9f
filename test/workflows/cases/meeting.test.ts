import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addDays, isWeekend, shanghaiDate } from '../../../domain/dates.ts';
import { fileApplication } from '../../../store/cases/filing.ts';
import { progress } from '../../../workflows/messages.ts';
import {
  applicant,
  entriesOf,
  type Filed,
  kindsOf,
  reviewer,
  rowOf,
  signal,
  update,
} from '../../harness/office/case.ts';
import { keepHouse } from '../../harness/office/housekeeping.ts';
import { type Office, openOffice, publishTestCalendar } from '../../harness/office/open.ts';
import { filing } from '../../harness/people.ts';
import { prompt as policy } from '../../harness/policy.ts';
import { until } from '../../harness/until.ts';

/** The order in which a task's events are handed to a workflow is the server's, so these run on the real one. */
let office: Office;
/** The full minute at which every case of this file is due: the office closes then, and each day is worked. */
const duePassesAt = Math.ceil((Date.now() + 30_000) / 60_000) * 60_000;
const dueOn = shanghaiDate(new Date(duePassesAt).toISOString());
const acceptedOn = addDays(dueOn, -15);

beforeAll(async () => {
  const closesAt = new Date(duePassesAt + 8 * 3_600_000).toISOString().slice(11, 16);
  const clocks = { ...policy.clocks, closesAt, remindsAt: '00:00', reviewerReminders: [] };
  office = await openOffice({ server: 'dev', policy: { ...policy, clocks } });
  const days = Array.from({ length: 40 }, (_, index) => addDays(acceptedOn, index)).filter(isWeekend);
  const worked = Object.fromEntries(days.map((day) => [day, '测试']));
  await publishTestCalendar(office.store, `${acceptedOn}T04:00:00Z`, {}, worked);
});
afterAll(() => office?.close());

const approve = (filed: Filed) => update(filed, 'approve', reviewer);
const reject = (filed: Filed) => update(filed, 'reject', { ...reviewer, reason: '不符合条件' });
const withdraw = (filed: Filed) => update(filed, 'withdraw', applicant);
const approveBySignal = (filed: Filed) => signal(filed, 'approve', { by: 'reviewer-2' });
const rejectBySignal = (filed: Filed) => signal(filed, 'reject', { by: 'reviewer-2', reason: '不符合条件' });

/** Messages that exclude each other, and the escalation's timer, in every order. */
const orders: Record<string, ('timer' | ((filed: Filed) => Promise<unknown>))[]> = {
  'timer, update, signal': ['timer', approve, rejectBySignal],
  'timer, signal, update': ['timer', approveBySignal, reject],
  'update, timer, signal': [approve, 'timer', rejectBySignal],
  'signal, timer, update': [approveBySignal, 'timer', reject],
  'update, signal, timer': [reject, approveBySignal, 'timer'],
  'signal, update, timer': [rejectBySignal, approve, 'timer'],
  'two updates, timer': [approve, reject, 'timer'],
  'timer, two updates': ['timer', reject, withdraw],
  'two signals, timer': [approveBySignal, rejectBySignal, 'timer'],
  'timer, two signals': ['timer', rejectBySignal, approveBySignal],
};

describe('updates, signals and a timer that meet in one workflow task', () => {
  const cases = new Map<string, Filed>();

  beforeAll(async () => {
    const submittedAt = `${acceptedOn}T04:00:00.000Z`;
    const file = async (name: string) => {
      const filed = await office.file({ submittedAt, acceptedOn });
      await until('it waits for its timer', () => waitsForItsTimer(filed));
      cases.set(name, filed);
    };
    await Promise.all(Object.keys(orders).map(file));
    await office.stopWorker();
    expect(Date.now()).toBeLessThan(duePassesAt);

    const played = Object.entries(orders).map(([name, steps]) => play(cases.get(name) as Filed, steps));
    const sent = (await Promise.all(played)).flat();
    await office.startWorker();
    await Promise.all(sent);
  }, 170_000);

  async function waitsForItsTimer(filed: Filed): Promise<boolean> {
    const { events = [] } = await filed.handle.fetchHistory();
    return events?.some(({ timerStartedEventAttributes }) => timerStartedEventAttributes != null) ?? false;
  }

  /** Carries out the steps while no worker runs, so that all of them wait for the same task. */
  async function play(filed: Filed, steps: (typeof orders)[string]): Promise<Promise<unknown>[]> {
    const sent: Promise<unknown>[] = [];
    for (const step of steps) {
      if (step === 'timer') await until('its timer has fired', timerHasFired, 120_000);
      else sent.push(step(filed).catch((error) => error));
    }
    return sent;
  }

  /** The server shows a fired timer only with the task that it belongs to, so this goes by the clock. */
  const timerHasFired = async () => Date.now() > duePassesAt + 1_500;

  it.each(Object.keys(orders))('%s: one decision, told once, and nothing after it', async (name) => {
    const filed = cases.get(name) as Filed;
    const decisions = ['approved', 'rejected', 'withdrawn'];
    await until('it is decided', async () => (await kindsOf(office, filed)).some((kind) => decisions.includes(kind)));
    const status = (await rowOf(office, filed))?.status as string;
    if (status !== 'rejected') await filed.handle.result();
    const entries = await entriesOf(office, filed);
    const kinds = entries.map(({ kind }) => kind);
    expect(kinds.filter((kind) => decisions.includes(kind))).toEqual([status]);
    expect(entries.map(({ sequence }) => sequence)).toEqual(entries.map((_, index) => index));
    const afterwards = kinds.slice(kinds.indexOf(status as never) + 1);
    expect(afterwards.every((kind) => ['messageIgnored', 'registered'].includes(kind))).toBe(true);
    await office.replay(await filed.handle.fetchHistory());
  });
});

describe('housekeeping', () => {
  it('starts what was filed and never started, and nothing twice', async () => {
    const lost = filing(new Date(Date.now() - 60_000).toISOString());
    const fresh = filing(new Date().toISOString());
    await fileApplication(office.store, lost);
    await fileApplication(office.store, fresh);
    const run = () => keepHouse(office.client);
    expect((await Promise.all([run(), run()])).reduce((sum, begun) => sum + begun)).toBe(1);
    const handle = office.client.workflow.getHandle(lost.acceptanceNumber);
    await until('it is accepted', async () => (await handle.query(progress)).status === 'underReview');
    await handle.executeUpdate('approve', { args: [reviewer] });
    await handle.result();
    expect(await run()).toBe(0);
  });
});
