import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { addWorkingDays } from '../../../domain/calendar/working-days.ts';
import { submittedApplication } from '../../../domain/cases/state.ts';
import { readCalendar } from '../../../store/calendar/queries.ts';
import { type Filing, fileApplication } from '../../../store/cases/filing.ts';
import { application } from '../../../store/cases/tables.ts';
import { type CalendarChangeProgress, calendarChangeProgress } from '../../../workflows/messages.ts';
import { applicant, entriesOf, type Filed, update } from '../../harness/office/case.ts';
import { keepHouse } from '../../harness/office/housekeeping.ts';
import { type Office, openOffice, publishTestCalendar } from '../../harness/office/open.ts';
import { publish, tell } from '../../harness/office/publication.ts';
import { filing } from '../../harness/people.ts';
import { prompt as policy } from '../../harness/policy.ts';
import { until } from '../../harness/until.ts';

/** How the cases of a publication are told while things go wrong; on the dev server, where time passes as it does. */
let office: Office;

/** An office whose policy lets so many cases hear of a calendar in a second. */
function inOffice(signalsPerSecond: number): void {
  beforeAll(async () => {
    const calendar = { ...policy.calendar, signalsPerSecond };
    office = await openOffice({ server: 'dev', policy: { ...policy, calendar } });
  });
  afterAll(() => office?.close());
  beforeEach(() => publishTestCalendar(office.store, new Date().toISOString()));
}

const dueOf = async ({ acceptedOn }: Filed) => addWorkingDays(await readCalendar(office.store), acceptedOn, 15);
const hearings = async (filed: Filed) =>
  (await entriesOf(office, filed)).flatMap(({ detail: { version } }) => version ?? []);

async function fileSeveral(count: number): Promise<Filed[]> {
  const filed = await Promise.all(Array.from({ length: count }, () => office.file()));
  await until('all are accepted', async () =>
    (await Promise.all(filed.map((filedCase) => filedCase.progress()))).every(({ dueOn }) => dueOn),
  );
  return filed;
}

async function end(filed: Filed[]): Promise<void> {
  await Promise.all(filed.map((filedCase) => update(filedCase, 'withdraw', applicant)));
}

const progressOf = (telling: Awaited<ReturnType<typeof tell>>): Promise<CalendarChangeProgress> =>
  telling.query(calendarChangeProgress);

describe('telling the cases of a calendar', () => {
  inOffice(4);

  it('keeps to the rate, says how far it is, and goes on after the worker died: everybody hears once', async () => {
    const filed = await fileSeveral(12);
    const { version, affected } = await publish(office, { daysOff: [await dueOf(filed[0] as Filed)] });
    expect(affected).toHaveLength(12);
    const began = Date.now();
    const telling = await tell(office, version);
    await until('some have heard', async () => (await progressOf(telling)).signalled >= 4);
    expect(await progressOf(telling)).toMatchObject({ version, state: 'running', total: 12 });
    await office.stopWorker();
    await office.startWorker();
    expect(await telling.result()).toEqual({ version, state: 'done', total: 12, signalled: 12, ended: 0 });
    expect(Date.now() - began).toBeGreaterThan(2_500);
    await until('all have recorded it', async () => (await Promise.all(filed.map(hearings))).flat().length >= 12);
    for (const filedCase of filed) expect(await hearings(filedCase)).toEqual([version]);
    await end(filed);
  });

  it('gives way to a newer calendar, whose telling reaches those who had not heard of the first', async () => {
    const filed = await fileSeveral(10);
    const first = await publish(office, { daysOff: [await dueOf(filed[0] as Filed)] });
    const telling = await tell(office, first.version);
    // What is recorded after the second publication has heard of that one.
    await until('some have heard, and it is recorded', async () => {
      const { signalled } = await progressOf(telling);
      return signalled >= 4 && (await Promise.all(filed.map(hearings))).flat().length >= signalled;
    });
    const second = await publish(office, { daysOff: [await dueOf(filed[0] as Filed)] });
    const newer = await tell(office, second.version);
    expect(await telling.result()).toMatchObject({ state: 'superseded', supersededBy: second.version });
    expect(await newer.result()).toMatchObject({ state: 'done', signalled: 10 });
    await until('all have heard of the second', async () =>
      (await Promise.all(filed.map(hearings))).every((versions) => versions.includes(second.version)),
    );
    const moved = await dueOf(filed[0] as Filed);
    for (const filedCase of filed) expect((await filedCase.progress()).dueOn).toBe(moved);
    await end(filed);
  });

  it('is begun by housekeeping where the api died after publishing, and only once', async () => {
    const filed = await fileSeveral(1);
    const { version } = await publish(office, { daysOff: [await dueOf(filed[0] as Filed)] });
    for (const begun of [1, 0]) expect(await keepHouse(office.client)).toBe(begun);
    const telling = office.client.workflow.getHandle(`calendar-change-${version}`);
    expect(await telling.result()).toMatchObject({ state: 'done', signalled: 1 });
    await until('the case has heard', async () => (await hearings(filed[0] as Filed)).length > 0);
    await end(filed);
  });
});

describe('telling more cases than a run may', () => {
  inOffice(500);

  it('goes on in a new run after 500, and counts those that have ended', async () => {
    const submittedAt = new Date().toISOString();
    const filings = Array.from({ length: 510 }, () => filing(submittedAt));
    for (const submission of filings) await fileApplication(office.store, submission);
    const [{ acceptedOn, workingDays }] = filings as [Filing];
    const submitted = submittedApplication(
      { acceptedOn, workingDays, pauses: [] },
      { submittedAt, filedBy: 'applicant-1' },
    );
    const state = { ...submitted, status: 'underReview' as const };
    await office.store.db.update(application).set({ state, sequence: 1 });
    const { version, affected } = await publish(office, {
      daysOff: [addWorkingDays(await readCalendar(office.store), acceptedOn, workingDays)],
    });
    expect(affected).toHaveLength(510);
    const telling = await tell(office, version);
    const { runId } = await telling.describe();
    expect(await telling.result()).toEqual({ version, state: 'done', total: 510, signalled: 0, ended: 510 });
    expect((await telling.describe()).runId).not.toBe(runId);
  });
});
