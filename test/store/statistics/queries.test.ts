import { beforeAll, describe, expect, it } from '@jest/globals';
import { submittedApplication } from '../../../domain/cases/state.ts';
import type { EntryDetail, EntryKind } from '../../../domain/cases/timeline.ts';
import { type CaseEvent, transition } from '../../../domain/cases/transitions.ts';
import { shanghaiDate } from '../../../domain/dates.ts';
import { ageBandsOn, type Grouping, groupings, statistics } from '../../../domain/statistics.ts';
import { readCalendar } from '../../../store/calendar/queries.ts';
import type { Filing } from '../../../store/cases/filing.ts';
import { countCases } from '../../../store/statistics/queries.ts';
import { describeStore } from '../../harness/database/describe-store.ts';
import { fileOne, recordChange, rules } from '../../harness/database/store.ts';

/** What happens to a case: when (UTC), as which entry, by which event. */
type Step = [at: string, kind: EntryKind, event: CaseEvent, detail?: EntryDetail];

const items = [{ kind: 'photo' as const, problem: '看不清' }];
const assign = (at: string, to: string): Step => [at, 'assigned', { name: 'assign', payload: { by: 'st-9', to } }];
const request = (at: string, by: string, more = {}): Step => [
  at,
  'materialsRequested',
  { name: 'requestMaterials', payload: { by, items } },
  { items, ...more },
];
const replace = (at: string, by: string, more = {}): Step => {
  const [, , event, detail] = request(at, by, more);
  return [at, 'requestReplaced', event, detail];
};
const resubmit = (at: string): Step => [at, 'resubmitted', { name: 'resubmit', payload: { by: 'a', materials: [] } }];
const appeal = (at: string): Step => [at, 'appealed', { name: 'appeal', payload: { by: 'a', reason: '有误' } }];
const approve = (at: string, by: string): Step => [at, 'approved', { name: 'approve', payload: { by } }];
const reject = (at: string, by: string): Step => [
  at,
  'rejected',
  { name: 'reject', payload: { by, reason: '不符' } },
  { reason: '不符' },
];
const escalate = (at: string, level: number): Step => [at, 'escalated', { name: 'escalate', level }, { level }];
const accept = (at: string): Step => [at, 'accepted', { name: 'accept' }];

/** Two diseases that nobody else has. */
const [firstDisease, secondDisease] = ['M99901', 'M99902'];

/** The figures of a few cases around June 2023, reckoned by hand. */
await describeStore('statistics', (store) => {
  async function play(submittedAt: string, filed: Partial<Filing>, ...steps: Step[]): Promise<void> {
    const { acceptanceNumber, acceptedOn, workingDays } = await fileOne(store, { submittedAt, ...filed });
    let state = submittedApplication({ acceptedOn, workingDays, pauses: [] }, { submittedAt, filedBy: 'applicant-1' });
    for (const [index, [at, kind, event, detail = {}]] of steps.entries()) {
      state = transition(state, event, shanghaiDate(at)) as typeof state;
      const by = 'payload' in event && 'by' in event.payload ? event.payload.by : 'system';
      const entry = { at, kind, by, via: 'api' as const, detail };
      await recordChange(store, acceptanceNumber, { sequence: index + 1, entry, state }, rules);
    }
  }

  beforeAll(async () => {
    // Filed on the last millisecond of May in Shanghai; decided after 14 days.
    await play(
      '2023-05-31T15:59:59.999Z',
      { diseaseCode: firstDisease },
      accept('2023-05-31T16:00:10.000Z'),
      approve('2023-06-14T02:00:00.000Z', 'st-1'),
      ['2023-06-14T02:01:00.000Z', 'registered', { name: 'register' }],
    );
    // Filed on the first of June; rejected late, on its last millisecond, after 29 days and three requests. The appeal
    // is another round, of July.
    await play(
      '2023-05-31T16:00:00.000Z',
      { diseaseCode: firstDisease },
      accept('2023-05-31T16:00:10.000Z'),
      request('2023-06-02T02:00:00.000Z', 'st-1', { late: true }),
      resubmit('2023-06-05T02:00:00.000Z'),
      request('2023-06-07T02:00:00.000Z', 'st-1', { belatedReason: '漏看' }),
      resubmit('2023-06-08T02:00:00.000Z'),
      request('2023-06-09T02:00:00.000Z', 'st-1', { late: false }),
      resubmit('2023-06-12T02:00:00.000Z'),
      escalate('2023-06-28T09:00:00.000Z', 1),
      escalate('2023-06-29T09:00:00.000Z', 2),
      reject('2023-06-30T15:59:59.999Z', 'st-1'),
      appeal('2023-07-02T02:00:00.000Z'),
      approve('2023-07-10T02:00:00.000Z', 'st-2'),
      ['2023-07-10T02:01:00.000Z', 'registered', { name: 'register' }],
    );
    // Approved in June, which the core refused to register; rejected late, in the first moment of July, after 21 days.
    await play(
      '2023-06-10T02:00:00.000Z',
      { diseaseCode: secondDisease, channel: 'window' },
      accept('2023-06-10T02:00:10.000Z'),
      approve('2023-06-20T02:00:00.000Z', 'st-2'),
      ['2023-06-21T02:00:00.000Z', 'registrationRefused', { name: 'refuseRegistration' }],
      escalate('2023-06-30T09:00:00.000Z', 1),
      reject('2023-06-30T16:00:00.000Z', 'st-2'),
    );
    await play('2023-06-03T02:00:00.000Z', { diseaseCode: secondDisease, type: 'renewal' }, [
      '2023-06-03T02:00:10.000Z',
      'refused',
      { name: 'refuse', reasons: ['arrears'] },
    ]);
    await play(
      '2023-06-05T02:00:00.000Z',
      { diseaseCode: firstDisease },
      accept('2023-06-05T02:00:10.000Z'),
      request('2023-06-06T02:00:00.000Z', 'st-1'),
      ['2023-06-21T16:00:00.000Z', 'lapsed', { name: 'lapse' }],
    );
    await play('2023-06-07T02:00:00.000Z', { diseaseCode: secondDisease }, accept('2023-06-07T02:00:10.000Z'), [
      '2023-06-08T02:00:00.000Z',
      'withdrawn',
      { name: 'withdraw', payload: { by: 'a' } },
    ]);
    // These two are open; the first is overdue.
    await play(
      '2023-06-20T02:00:00.000Z',
      { diseaseCode: firstDisease },
      accept('2023-06-20T02:00:10.000Z'),
      assign('2023-06-21T02:00:00.000Z', 'st-2'),
      escalate('2023-07-12T09:00:00.000Z', 1),
    );
    await play(
      '2023-06-26T02:00:00.000Z',
      { diseaseCode: secondDisease },
      accept('2023-06-26T02:00:10.000Z'),
      request('2023-06-27T02:00:00.000Z', 'st-1'),
      // Replaced in the same window, which is no further request; what it adds belatedly is a breach all the same.
      replace('2023-06-28T02:00:00.000Z', 'st-1'),
      replace('2023-07-01T02:00:00.000Z', 'st-3', { belatedReason: '漏看' }),
    );
  });

  async function figures(from: string, until: string, today = '2023-07-12', wanted: readonly Grouping[] = groupings) {
    const bands = ageBandsOn(today, await readCalendar(store));
    return statistics(await countCases(store, { from, until }, wanted, bands), 3);
  }
  const june = () => figures('2023-06-01', '2023-06-30');

  it('tells what happened in a month of Shanghai, to the millisecond', async () => {
    const { open: _, ...happened } = (await june()).total;
    expect(happened).toEqual({
      filed: 7,
      decided: {
        total: 2,
        approved: 1,
        rejected: 1,
        onTime: 1,
        onTimeRate: 0.5,
        medianDays: 14,
        longestDays: 29,
      },
      refused: 1,
      lapsed: 1,
      withdrawn: 1,
      escalations: { total: 3, byLevel: { 1: 2, 2: 1, 3: 0 } },
      supplements: { requests: 5, decidedAfter: { 0: 1, 1: 0, 2: 0, '3+': 1 } },
      breaches: { late: 1, belated: 1 },
    });
    expect((await figures('2023-05-31', '2023-05-31')).total).toMatchObject({ filed: 1, decided: { total: 0 } });
  });

  it('counts an appeal as a round of its own, and a decision that the core took back where it was made anew', async () => {
    expect((await figures('2023-07-01', '2023-07-31')).total).toMatchObject({
      filed: 0,
      decided: { total: 2, approved: 1, rejected: 1, onTime: 1, onTimeRate: 0.5, medianDays: 8, longestDays: 21 },
      escalations: { total: 1, byLevel: { 1: 1 } },
      supplements: { requests: 0, decidedAfter: { 0: 2 } },
    });
  });

  describe('by group', () => {
    const group = async (by: string, code: string | null, of = june()) =>
      (await of).groups.find((found) => found.by === by && found.code === code);

    it('tells of diseases, channels and types', async () => {
      expect(await group('disease', firstDisease)).toMatchObject({
        filed: 3,
        decided: { total: 2 },
        lapsed: 1,
        refused: 0,
      });
      expect(await group('disease', secondDisease)).toMatchObject({
        filed: 4,
        decided: { total: 0, onTimeRate: null },
        refused: 1,
      });
      expect(await group('channel', 'window')).toMatchObject({ filed: 1, escalations: { total: 1 } });
      expect(await group('type', 'renewal')).toMatchObject({ filed: 1, refused: 1, lapsed: 0 });
    });

    it('gives a reviewer the rounds that they decided or are in charge of, and the requests that they made', async () => {
      expect(await group('reviewer', 'st-1')).toMatchObject({
        filed: 3,
        open: { total: 1, byStatus: { awaitingMaterials: 1 } },
        decided: { total: 2, onTime: 1 },
        lapsed: 1,
        escalations: { total: 2 },
        supplements: { requests: 5 },
        breaches: { late: 1, belated: 1 },
      });
      expect(await group('reviewer', 'st-2')).toMatchObject({
        filed: 2,
        open: { total: 1, overdue: 1 },
        decided: { total: 0, onTimeRate: null, medianDays: null },
        escalations: { total: 1 },
        supplements: { requests: 0 },
      });
      expect(await group('reviewer', null)).toMatchObject({ filed: 2, refused: 1, withdrawn: 1 });
    });

    it('tells of no other groups than those that are wanted', async () => {
      const { total, groups } = await figures('2023-06-01', '2023-06-30', '2023-07-12', ['channel']);
      expect(total.filed).toBe(7);
      expect(groups.map(({ by, code }) => [by, code])).toEqual(
        expect.arrayContaining([
          ['channel', 'scApp'],
          ['channel', 'window'],
        ]),
      );
      expect(groups.every(({ by }) => by === 'channel')).toBe(true);
    });

    it('shows what is open now, whatever the period, by status and by working days since the acceptance', async () => {
      const openOn = async (code: string, today: string) =>
        (await group('disease', code, figures('2024-01-01', '2024-01-31', today)))?.open;
      const none = { submitted: 0, underReview: 0, awaitingMaterials: 0, awaitingVerification: 0 };
      const ages = { '0-5': 0, '6-10': 0, '11-15': 0, '16+': 0 };
      // Due on 12 July: its 15th working day.
      expect(await openOn(firstDisease, '2023-07-12')).toEqual({
        total: 1,
        overdue: 1,
        byStatus: { ...none, underReview: 1 },
        byAge: { ...ages, '11-15': 1 },
      });
      expect((await openOn(firstDisease, '2023-07-13'))?.byAge).toEqual({ ...ages, '16+': 1 });
      expect(await openOn(secondDisease, '2023-07-03')).toEqual({
        total: 1,
        overdue: 0,
        byStatus: { ...none, awaitingMaterials: 1 },
        byAge: { ...ages, '0-5': 1 },
      });
    });
  });
});
