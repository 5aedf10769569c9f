import { describe, expect, it } from '@jest/globals';
import { eq } from 'drizzle-orm';
import { type Arrangement, addWorkingDays } from '../../../domain/calendar/working-days.ts';
import type { Change } from '../../../domain/cases/timeline.ts';
import { addDays } from '../../../domain/dates.ts';
import { publishedArrangement, publishedYears, supersededArrangements } from '../../../policy/calendar/arrangements.ts';
import {
  CalendarMoved,
  previewPublication,
  publishArrangement,
  unheardCases,
} from '../../../store/calendar/publish.ts';
import { arrangementHistory, readCalendar, readCalendarAt } from '../../../store/calendar/queries.ts';
import { arrangement } from '../../../store/calendar/tables.ts';
import type { Filing } from '../../../store/cases/filing.ts';
import { findApplication, readTimeline } from '../../../store/cases/queries.ts';
import { type ApplicationRow, application } from '../../../store/cases/tables.ts';
import { migrateAndSeed } from '../../../store/migrate.ts';
import { describeStore } from '../../harness/database/describe-store.ts';
import { changesOf, fileOne, recordChange, rules } from '../../harness/database/store.ts';
import { policy, seed } from '../../harness/policy.ts';

const { clocks } = policy;

/** Publishing a year's arrangement: versions, the dates of open cases, and who has to hear of it. */
await describeStore('publishing', (store, url) => {
  const numbered = (year: number, changes: Partial<Arrangement>): Arrangement => ({
    ...publishedArrangement(year),
    circular: `测试〔${year}〕1号`,
    ...changes,
  });
  const publish = async (changed: Arrangement, basedOn?: number) =>
    publishArrangement(store, changed, {
      basedOn: basedOn ?? (await readCalendar(store)).version,
      enteredBy: 'admin-1',
      clocks,
    });
  const row = async ({ acceptanceNumber }: Filing) =>
    (await findApplication(store, acceptanceNumber)) as ApplicationRow;
  /** An accepted case of a day, under the calendar in force. */
  async function accepted(acceptedOn: string): Promise<Filing> {
    const filed = await fileOne(store, { acceptedOn, submittedAt: `${acceptedOn}T02:00:00.000Z` });
    await recordChange(store, filed.acceptanceNumber, changesOf(filed).accepted, rules);
    return filed;
  }
  const hears = (filed: Filing, sequence = 2): Change => ({
    sequence,
    entry: { at: filed.submittedAt, kind: 'calendarChanged', by: 'system', via: 'signal', detail: { version: 99 } },
    state: changesOf(filed).accepted.state,
  });
  const ownAmong = <T extends { acceptanceNumber: string }>(affected: T[], filed: Filing) =>
    affected.find(({ acceptanceNumber }) => acceptanceNumber === filed.acceptanceNumber);

  describe('there from the start', () => {
    it('is every year that was ever published, with its circular or 待核实', async () => {
      const calendar = await readCalendar(store);
      for (const year of publishedYears()) {
        expect(calendar.arrangement(year)).toMatchObject({ ...publishedArrangement(year), basis: 'published' });
        expect(calendar.arrangement(year).circular).toMatch(/号|待核实/);
      }
      expect(calendar.arrangement(2050)).toMatchObject({ basis: 'estimated', circular: null, publishedOn: null });
    });

    it.each([2019, 2020])('is what %d looked like before it was changed', async (year) => {
      const history = await arrangementHistory(store, year);
      const oldest = supersededArrangements().find((superseded) => superseded.year === year);
      expect(history.at(-1)).toMatchObject({ version: 0, enteredBy: 'system', daysOff: oldest?.daysOff });
      expect(history.at(-2)).toMatchObject({ version: 1, daysOff: publishedArrangement(year).daysOff });
    });
  });

  describe('two changes as they happened', () => {
    it.each([
      [2019, '2019-04-10', '2019-05-02', '2019-04-30'],
      [2020, '2020-01-15', '2020-02-10', '2020-02-12'],
    ])('%d: accepted on %s, from %s to %s', async (year, acceptedOn, from, to) => {
      await publish(supersededArrangements().find((superseded) => superseded.year === year) as Arrangement);
      const filed = await accepted(acceptedOn);
      expect((await row(filed)).dueOn).toBe(from);
      const final = publishedArrangement(year);
      const preview = await previewPublication(store, final, clocks);
      expect(ownAmong(preview.affected, filed)?.moves).toEqual({ dueOn: { from, to } });
      expect((await row(filed)).dueOn).toBe(from);
      const published = await publish(final);
      expect(published).toEqual({ ...preview, version: preview.version + 1 });
      expect(await row(filed)).toMatchObject({
        dueOn: to,
        announcedDueOn: from,
        calendarUnheard: true,
        calendarVersion: published.version,
      });
    });
  });

  describe('a publication', () => {
    it('is a new version; the old one stays, with who entered it', async () => {
      const before = await readCalendar(store);
      const changed = numbered(2021, { daysOff: { '2021-03-08': '测试' }, publishedOn: '2021-03-01' });
      const { version } = await publish(changed);
      expect(version).toBe(before.version + 1);
      const [newest, older] = await arrangementHistory(store, 2021);
      expect(newest).toMatchObject({
        version,
        enteredBy: 'admin-1',
        circular: '测试〔2021〕1号',
        publishedOn: '2021-03-01',
      });
      expect(older).toMatchObject({ version: 1, enteredBy: 'system' });
      expect((await readCalendarAt(store, before.version)).arrangement(2021)).toEqual(before.arrangement(2021));
      expect((await readCalendar(store)).arrangement(2021)).toEqual(changed);
    });

    it('of what is in force already changes nothing, whatever it is based on', async () => {
      const { version } = await readCalendar(store);
      const inForce = (await readCalendar(store)).arrangement(2021);
      expect(await publish(inForce, version - 1)).toEqual({ version, affected: [] });
      expect((await readCalendar(store)).version).toBe(version);
    });

    it('that was prepared on an older version is refused', async () => {
      const { version } = await readCalendar(store);
      await expect(publish(numbered(2021, { circular: '过时' }), version - 1)).rejects.toThrow(CalendarMoved);
      expect((await readCalendar(store)).version).toBe(version);
    });

    it('of several at once wins once', async () => {
      const { version } = await readCalendar(store);
      const tries = [1, 2, 3, 4, 5].map((n) => publish(numbered(2021, { circular: `同时${n}` }), version));
      const outcomes = await Promise.allSettled(tries);
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      for (const outcome of outcomes)
        if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(CalendarMoved);
      expect((await readCalendar(store)).version).toBe(version + 1);
    });

    it('moves what rests on days of the December before that it rules', async () => {
      await publish(publishedArrangement(2022));
      const filed = await accepted('2021-12-10');
      expect((await row(filed)).dueOn).toBe('2021-12-31');
      const { makeUpDays } = publishedArrangement(2022);
      const { affected } = await publish(numbered(2022, { makeUpDays: { ...makeUpDays, '2021-12-25': '元旦' } }));
      expect(ownAmong(affected, filed)?.moves).toEqual({ dueOn: { from: '2021-12-31', to: '2021-12-30' } });
      await publish(publishedArrangement(2022));
    });

    it('leaves alone what has ended, what is not accepted yet, and what it does not concern', async () => {
      await publish(publishedArrangement(2021));
      const [ended, elsewhere] = [await accepted('2021-03-01'), await accepted('2021-06-21')];
      const filed = await fileOne(store, { acceptedOn: '2021-03-01', submittedAt: '2021-03-01T02:00:00.000Z' });
      await store.db
        .update(application)
        .set({ closed: true })
        .where(eq(application.acceptanceNumber, ended.acceptanceNumber));
      const before = await Promise.all([ended, elsewhere, filed].map(row));
      const { affected } = await publish(numbered(2021, { daysOff: { '2021-03-08': '测试' } }));
      expect([ended, filed].map((untouched) => ownAmong(affected, untouched))).toEqual([undefined, undefined]);
      const after = await Promise.all([ended, elsewhere, filed].map(row));
      expect(after[0]).toEqual(before[0]);
      expect(after[2]).toEqual(before[2]);
    });

    it('never leaves a case with a date of the calendar before, however many are recorded meanwhile', async () => {
      await publish(publishedArrangement(2021));
      const filed = await Promise.all(
        Array.from({ length: 12 }, () =>
          fileOne(store, { acceptedOn: '2021-03-01', submittedAt: '2021-03-01T02:00:00.000Z' }),
        ),
      );
      const recording = filed.map((filing) =>
        recordChange(store, filing.acceptanceNumber, changesOf(filing).accepted, rules),
      );
      const publishing = publish(numbered(2021, { daysOff: { '2021-03-08': '测试' } }));
      await Promise.all([...recording, publishing]);
      const due = addWorkingDays(await readCalendar(store), '2021-03-01', 15);
      for (const filing of filed) expect((await row(filing)).dueOn).toBe(due);
    });
  });

  describe('the dates that people were told', () => {
    const moves = async (filed: Filing) =>
      (await readTimeline(store, filed.acceptanceNumber)).find(({ kind }) => kind === 'calendarChanged')?.detail.moves;

    it('are compared with what they are when the case hears: two changes are one move', async () => {
      await publish(publishedArrangement(2021));
      const filed = await accepted('2021-03-01');
      const from = (await row(filed)).dueOn as string;
      await publish(numbered(2021, { daysOff: { '2021-03-08': '测试' } }));
      await publish(numbered(2021, { daysOff: { '2021-03-08': '测试', '2021-03-09': '测试' } }));
      await recordChange(store, filed.acceptanceNumber, hears(filed), rules);
      const to = (await row(filed)).dueOn as string;
      expect(addDays(from, 1) < to).toBe(true);
      expect(await moves(filed)).toEqual({ dueOn: { from, to } });
      expect(await row(filed)).toMatchObject({ announcedDueOn: to, calendarUnheard: false });
    });

    it('are as they were when a change was taken back before anybody heard of it', async () => {
      await publish(publishedArrangement(2021));
      const filed = await accepted('2021-03-01');
      await publish(numbered(2021, { daysOff: { '2021-03-08': '测试' } }));
      await publish(publishedArrangement(2021));
      expect((await row(filed)).calendarUnheard).toBe(true);
      await recordChange(store, filed.acceptanceNumber, hears(filed), rules);
      expect(await moves(filed)).toEqual({});
    });

    it('stay what they were when something else is recorded first', async () => {
      await publish(publishedArrangement(2021));
      const filed = await accepted('2021-03-01');
      const from = (await row(filed)).dueOn;
      await publish(numbered(2021, { daysOff: { '2021-03-08': '测试' } }));
      await recordChange(store, filed.acceptanceNumber, changesOf(filed).assigned, rules);
      expect(await row(filed)).toMatchObject({ announcedDueOn: from, calendarUnheard: true });
      await recordChange(store, filed.acceptanceNumber, hears(filed, 3), rules);
      expect(await moves(filed)).toMatchObject({ dueOn: { from } });
    });
  });

  it('those who have not heard come in order: first those that move earlier, none twice, none left out', async () => {
    await store.db.update(application).set({ calendarUnheard: false });
    const later = [await accepted('2022-03-01'), await accepted('2022-03-02')];
    const earlier = [await accepted('2022-06-01'), await accepted('2022-06-02'), await accepted('2022-06-03')];
    const { daysOff, makeUpDays } = publishedArrangement(2022);
    const { version } = await publish(
      numbered(2022, {
        daysOff: { ...daysOff, '2022-03-09': '测试' },
        makeUpDays: { ...makeUpDays, '2022-06-11': '测试' },
      }),
    );
    const numbers: string[] = [];
    for (let after: { rank: number; acceptanceNumber: string } | null = null; ; ) {
      const page = await unheardCases(store, after, 2);
      expect(page).toMatchObject({ version, waiting: 5 });
      numbers.push(...page.rows.map(({ acceptanceNumber }) => acceptanceNumber));
      if (!page.next) break;
      after = page.next;
    }
    const sorted = (filed: Filing[]) => filed.map(({ acceptanceNumber }) => acceptanceNumber).sort();
    expect(numbers).toEqual([...sorted(earlier), ...sorted(later)]);
  });

  it('a year that comes with a newer release moves the open cases like any other publication', async () => {
    await publish(publishedArrangement(2021));
    const filed = await accepted('2021-09-27');
    const dueOn = (await row(filed)).dueOn;
    // As before the release that brought 2021: the year is only estimated, without the seven days of National Day.
    await store.db.delete(arrangement).where(eq(arrangement.year, 2021));
    await store.db
      .update(application)
      .set({ dueOn: '2021-10-20', announcedDueOn: '2021-10-20', provisional: true, calendarUnheard: false })
      .where(eq(application.acceptanceNumber, filed.acceptanceNumber));
    await migrateAndSeed(url(), seed);
    expect(await row(filed)).toMatchObject({
      dueOn,
      provisional: false,
      calendarUnheard: true,
      announcedDueOn: '2021-10-20',
    });
  });
});
