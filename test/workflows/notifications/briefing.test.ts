import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addDays, isWeekend, shanghaiDate, shanghaiInstant } from '../../../domain/dates.ts';
import { notificationsOfCase } from '../../../store/notifications/queries.ts';
import { housekeepingQueue } from '../../../workflows/messages.ts';
import { briefing } from '../../../workflows/notifications/briefing.ts';
import { applicant, type Filed, reviewer as other, update } from '../../harness/office/case.ts';
import { type Office, openOffice, publishTestCalendar } from '../../harness/office/open.ts';
import { policy } from '../../harness/policy.ts';
import { hire } from '../../harness/staff.ts';
import { until } from '../../harness/until.ts';

let office: Office;
beforeAll(async () => {
  // 短信 leave at any hour, and mails as they are shipped.
  const notifications = policy.notifications.map((notification) => {
    return notification.leaves === 'briefing' ? notification : { ...notification, leaves: 'anyTime' as const };
  });
  office = await openOffice({ policy: { ...policy, notifications } });
  await publishTestCalendar(office.store, await office.now());
  // Whenever the tests run, it is a Wednesday morning: then the last reminder before a weekend is that of a Friday, and
  // none falls on the day of the briefing after it.
  let date = addDays(shanghaiDate(await office.now()), 1);
  while (new Date(date).getUTCDay() !== 3) date = addDays(date, 1);
  await office.until(shanghaiInstant(date, '10:00'));
});
afterAll(() => office?.close());

/**
 * Lets the clock run on until the hour of the briefing on the first date from today on that is as asked for, and runs
 * the workflow as the Schedule does.
 */
async function runOn(isRight: (date: string) => boolean): Promise<string> {
  let date = shanghaiDate(await office.now());
  while (!isRight(date) || shanghaiInstant(date, policy.notifying.briefingAt) < (await office.now())) {
    date = addDays(date, 1);
  }
  await office.until(shanghaiInstant(date, policy.notifying.briefingAt));
  const handle = await office.client.workflow.start(briefing, {
    taskQueue: housekeepingQueue,
    workflowId: `briefing-${date}`,
    args: [],
  });
  await until('the briefing has been sent', async () => (await handle.describe()).status.name === 'COMPLETED');
  return date;
}
const isWorkday = (date: string) => !isWeekend(date);
const mailsTo = async (id: string) =>
  (await office.sent()).filter(({ kind, to }) => kind === 'email' && to.includes(id)).map(({ body }) => body);
const linkTo = ({ acceptanceNumber }: Filed) => `https://workbench.example/cases/${acceptanceNumber}`;
const linksIn = (mail = '') => mail.match(/https:\/\/\S+/g);
const reminders = async (filed: Filed) =>
  (await notificationsOfCase(office.store, filed.acceptanceNumber)).filter(
    ({ purpose }) => purpose === 'reviewerReminded',
  );

async function fileFor(to: string): Promise<Filed> {
  const filed = await office.file();
  await update(filed, 'assign', { by: 'supervisor-1', to, authority: 'supervisor' });
  return filed;
}
const withdraw = (filed: Filed) => update(filed, 'withdraw', applicant);

describe('the reminders of one reviewer', () => {
  it('become one mail on the next working day, with a link to each case, and without what was decided since', async () => {
    const reviewer = await hire(office.store);
    const [late, later, decided] = [await fileFor(reviewer), await fileFor(reviewer), await fileFor(reviewer)];
    const reminded = async () => (await Promise.all([late, later, decided].map(reminders))).flat().length >= 3;
    while (!(await reminded())) await office.env.sleep('1 day');
    expect(await mailsTo(reviewer)).toEqual([]);
    await update(decided, 'reject', { by: reviewer, reason: '不符合条件' });

    await runOn(isWeekend);
    expect(await mailsTo(reviewer)).toEqual([]);
    await runOn(isWorkday);
    const [mail, ...more] = await mailsTo(reviewer);
    expect(more).toEqual([]);
    expect(linksIn(mail)).toEqual([linkTo(late), linkTo(later)]);
    expect(mail).toContain('2项');
    expect((await reminders(decided)).map(({ state }) => state)).toEqual(['overtaken']);
    const [last] = (await reminders(late)).toReversed();
    expect(last?.state).toBe('dispatched');

    for (const filed of [late, later]) await withdraw(filed);
    await runOn(isWorkday);
    expect(await mailsTo(reviewer)).toHaveLength(1);
  });
});

describe('an escalation', () => {
  it('goes at once, with a link to its case', async () => {
    const filed = await fileFor(other.by);
    const escalations = async () => (await mailsTo('supervisor-1')).filter((mail) => mail.includes(linkTo(filed)));
    const overdue = async () => (await filed.row()).escalationLevel > 0;
    while (!(await overdue())) await office.env.sleep('1 day');
    await until('the supervisor has the mail', async () => (await escalations()).length === 1);
    expect((await escalations())[0]).toContain('第1级上报');
    await withdraw(filed);
  });
});
