import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addWorkingDays, rollToWorkingDay } from '../../../domain/calendar/working-days.ts';
import { addDays, isWeekend, shanghaiInstant } from '../../../domain/dates.ts';
import { readCalendar } from '../../../store/calendar/queries.ts';
import { type CalendarChangeProgress, calendarChangeProgress } from '../../../workflows/messages.ts';
import {
  applicant,
  askFor,
  entriesOf,
  type Filed,
  kindsOf,
  reviewer,
  rowOf,
  signal,
  textsTo,
  update,
} from '../../harness/office/case.ts';
import { type Office, openOffice, publishTestCalendar } from '../../harness/office/open.ts';
import { publish, tell } from '../../harness/office/publication.ts';
import { until } from '../../harness/until.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
});
afterAll(() => office?.close());

/** A case under the test's calendar, which has weekends and nothing else. */
async function fileUnderPlainCalendar(): Promise<Filed> {
  await publishTestCalendar(office.store, new Date(await office.env.currentTimeMs()).toISOString());
  const filed = await office.file();
  await until('the case is accepted', async () => (await rowOf(office, filed))?.dueOn !== null);
  return filed;
}

const dueOf = async ({ acceptedOn }: Filed) => addWorkingDays(await readCalendar(office.store), acceptedOn, 15);
/** The last working day before a date, and the first weekend day after the acceptance. */
async function workingDayBefore(date: string): Promise<string> {
  const calendar = await readCalendar(office.store);
  let day = addDays(date, -1);
  while (rollToWorkingDay(calendar, day) !== day) day = addDays(day, -1);
  return day;
}
function firstWeekendDay(after: string): string {
  let day = addDays(after, 1);
  while (!isWeekend(day)) day = addDays(day, 1);
  return day;
}
/** Tells the cases and lets five seconds pass; `result()` would let the clock run on to whatever comes next. */
async function progressAfterTelling(version: number): Promise<CalendarChangeProgress> {
  const telling = await tell(office, version);
  await office.env.sleep('5 s');
  return telling.query(calendarChangeProgress);
}
const escalations = async (filed: Filed) =>
  (await entriesOf(office, filed)).filter(({ kind }) => kind === 'escalated').map(({ at }) => at.slice(0, 16));
const minute = (date: string) => shanghaiInstant(date, '17:00').slice(0, 16);

describe('a due date that moves later', () => {
  it('is not escalated at the old date, though the case has heard of nothing, but at the new one', async () => {
    const filed = await fileUnderPlainCalendar();
    const old = await dueOf(filed);
    await publish(office, { daysOff: [old] });
    const moved = await dueOf(filed);
    expect(moved > old).toBe(true);
    await office.until(shanghaiInstant(old, '23:00'));
    expect(await filed.progress()).toMatchObject({ escalationLevel: 0, dueOn: moved });
    await office.until(shanghaiInstant(moved, '18:00'));
    expect(await escalations(filed)).toEqual([minute(moved)]);
    await update(filed, 'withdraw', applicant);
    await filed.handle.result();
  });
});

describe('a due date that moves earlier', () => {
  it('is heard of, told to applicant and reviewer with both dates, and escalated when it has passed', async () => {
    const filed = await fileUnderPlainCalendar();
    await update(filed, 'assign', { by: 'supervisor-1', to: 'reviewer-2' });
    const old = await dueOf(filed);
    const { version, affected } = await publish(office, { makeUpDays: [firstWeekendDay(filed.acceptedOn)] });
    const moved = await workingDayBefore(old);
    expect(affected).toMatchObject([
      { acceptanceNumber: filed.acceptanceNumber, moves: { dueOn: { from: old, to: moved } } },
    ]);
    expect(await progressAfterTelling(version)).toEqual({ version, state: 'done', total: 1, signalled: 1, ended: 0 });
    await office.until(shanghaiInstant(moved, '18:00'));
    expect(await escalations(filed)).toEqual([minute(moved)]);
    const entry = (await entriesOf(office, filed)).find(({ kind }) => kind === 'calendarChanged');
    expect(entry?.detail).toEqual({ version, moves: { dueOn: { from: old, to: moved } } });
    const inChinese = (date: string) => date.split('-').map(Number).join('|').replace('|', '年').replace('|', '月');
    const change = `由${inChinese(old)}日改为${inChinese(moved)}日`;
    expect((await textsTo(office, filed, '+8613800138001')).filter((text) => text.includes(change))).toHaveLength(1);
    expect((await textsTo(office, filed, 'reviewer-2@')).filter((text) => text.includes(change))).toHaveLength(1);
    await update(filed, 'withdraw', applicant);
    await filed.handle.result();
  });
});

describe('hearing of a calendar', () => {
  it('twice changes nothing the second time, by signal or by Update', async () => {
    const filed = await fileUnderPlainCalendar();
    await signal(filed, 'calendarChanged', { version: 7 });
    await signal(filed, 'calendarChanged', { version: 7 });
    const progress = await update(filed, 'calendarChanged', { version: 7 });
    expect(progress.timeline.map(({ kind }) => kind)).toEqual(['accepted', 'calendarChanged']);
    await signal(filed, 'calendarChanged', { version: 8 });
    await update(filed, 'withdraw', applicant);
    await filed.handle.result();
    expect(await kindsOf(office, filed)).toEqual([
      'submitted',
      'accepted',
      'calendarChanged',
      'calendarChanged',
      'withdrawn',
    ]);
  });

  it('that moves no date tells nobody', async () => {
    const filed = await fileUnderPlainCalendar();
    const due = await dueOf(filed);
    // The day after the due date: only the ladder's later rungs move.
    const { version, affected } = await publish(office, {
      daysOff: [addWorkingDays(await readCalendar(office.store), due, 1)],
    });
    expect(affected).toMatchObject([{ moves: {} }]);
    await progressAfterTelling(version);
    await update(filed, 'approve', reviewer);
    await filed.handle.result();
    expect(await kindsOf(office, filed)).toEqual([
      'submitted',
      'accepted',
      'calendarChanged',
      'approved',
      'registered',
    ]);
    const texts = await textsTo(office, filed, '+8613800138001');
    expect(texts.filter((text) => text.includes('放假安排'))).toEqual([]);
  });

  it('tells the applicant of the new end of the time for materials, and lapses then', async () => {
    const filed = await fileUnderPlainCalendar();
    const progress = await update(filed, 'requestMaterials', askFor('photo'));
    const old = progress.awaiting?.until as string;
    const { version } = await publish(office, { daysOff: [old] });
    await progressAfterTelling(version);
    const moved = rollToWorkingDay(await readCalendar(office.store), old);
    expect(await rowOf(office, filed)).toMatchObject({
      windowEndsOn: moved,
      announcedWindowEndsOn: moved,
      calendarUnheard: false,
    });
    await filed.handle.result();
    const entries = await entriesOf(office, filed);
    expect(entries.find(({ kind }) => kind === 'calendarChanged')?.detail.moves).toEqual({
      windowEndsOn: { from: old, to: moved },
    });
    expect(entries.at(-1)).toMatchObject({
      kind: 'lapsed',
      at: expect.stringContaining(shanghaiInstant(moved, '24:00').slice(0, 16)),
    });
    const texts = await textsTo(office, filed, '+8613800138001');
    expect(texts.filter((text) => text.includes('提交材料的期限由'))).toHaveLength(1);
  });
});
