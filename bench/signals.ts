import { performance } from 'node:perf_hooks';
import { eq } from 'drizzle-orm';
import { addWorkingDays } from '../domain/calendar/working-days.ts';
import type { EntryKind } from '../domain/cases/timeline.ts';
import { readCalendar } from '../store/calendar/queries.ts';
import { timeline } from '../store/cases/tables.ts';
import { type Office, openOffice, publishTestCalendar } from '../test/harness/office/open.ts';
import { publish, tell } from '../test/harness/office/publication.ts';
import { policy } from '../test/harness/policy.ts';
import { until } from '../test/harness/until.ts';
import { calendarChangeProgress, messages } from '../workflows/messages.ts';

const CASES = 400;
/** How many bare signals are in flight at the same time. */
const AT_ONCE = 50;
const PATIENCE_MS = 120_000;

/**
 * Compares the rate at which a publication's workflow tells its cases with the rate of bare signals to the same cases
 * in the same run: until all signals were sent, and until all cases have recorded the new date with its notifications,
 * which is what the signals are for.
 */
export async function benchSignals(): Promise<void> {
  const unbounded = { ...policy, calendar: { ...policy.calendar, signalsPerSecond: 500 } };
  const office = await openOffice({ server: 'dev', policy: unbounded });
  await publishTestCalendar(office.store, new Date().toISOString());
  const filed = await Promise.all(Array.from({ length: CASES }, () => office.file()));
  await until('all cases are accepted', () => haveRecorded(office, 'accepted', 1), PATIENCE_MS);
  const [{ acceptedOn }] = filed as [(typeof filed)[number]];
  const numbers = filed.map(({ acceptanceNumber }) => acceptanceNumber);
  const bare = await rates(office, 1, await moveAll(office, acceptedOn), (version) =>
    bareSignals(office, numbers, version),
  );
  const own = await rates(office, 2, await moveAll(office, acceptedOn), (version) => tellAll(office, version));
  const line = (stage: keyof typeof bare) =>
    `${stage}: bare ${bare[stage].toFixed(0)}/s, calendar-change ${own[stage].toFixed(0)}/s, ` +
    `ratio ${(own[stage] / bare[stage]).toFixed(2)}`;
  console.log(`signals to ${CASES} cases, without a bound: ${line('sent')}; ${line('recorded')}`);
  const bound = policy.calendar.signalsPerSecond;
  console.log(`the policy's bound, ${bound}/s, is ${(bound / bare.sent).toFixed(2)} of bare signals`);
  await office.close();
}

/** Publishes an arrangement that moves the due date of all cases. @returns the calendar's new version */
async function moveAll(office: Office, acceptedOn: string): Promise<number> {
  const due = addWorkingDays(await readCalendar(office.store), acceptedOn, 15);
  const { version, affected } = await publish(office, { daysOff: [due] });
  if (affected.length !== CASES) throw new Error(`${affected.length} of ${CASES} cases were moved`);
  return version;
}

async function tellAll(office: Office, version: number): Promise<void> {
  const telling = await tell(office, version);
  const sent = async () => (await telling.query(calendarChangeProgress)).signalled === CASES;
  await until('all signals are sent', sent, PATIENCE_MS);
}

/** Cases a second until all signals were sent, and until all cases have recorded them. */
async function rates(office: Office, hearings: number, version: number, send: (version: number) => Promise<void>) {
  const began = performance.now();
  const perSecond = () => (CASES * 1000) / (performance.now() - began);
  await send(version);
  const sent = perSecond();
  await until('all have heard', () => haveRecorded(office, 'calendarChanged', hearings), PATIENCE_MS);
  return { sent, recorded: perSecond() };
}

async function haveRecorded({ store }: Office, kind: EntryKind, times: number): Promise<boolean> {
  return (await store.db.$count(timeline, eq(timeline.kind, kind))) >= CASES * times;
}

async function bareSignals({ client }: Office, numbers: string[], version: number): Promise<void> {
  for (let from = 0; from < numbers.length; from += AT_ONCE) {
    const batch = numbers.slice(from, from + AT_ONCE);
    await Promise.all(
      batch.map((number) => client.workflow.getHandle(number).signal(messages.calendarChanged.signal, { version })),
    );
  }
}
