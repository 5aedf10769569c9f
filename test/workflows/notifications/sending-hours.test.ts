import { describe, expect, it } from '@jest/globals';
import { addWorkingDays } from '../../../domain/calendar/working-days.ts';
import { shanghaiDate, shanghaiInstant } from '../../../domain/dates.ts';
import { readCalendar } from '../../../store/calendar/queries.ts';
import { readSchedule } from '../../../store/cases/queries.ts';
import { notificationsOfCase } from '../../../store/notifications/queries.ts';
import { recordReceipt } from '../../../store/notifications/receipts.ts';
import { askFor, type Filed, handIn, reviewer, textsTo, update } from '../../harness/office/case.ts';
import { untilNextWorkingDay } from '../../harness/office/open.ts';
import { createSmsFollowing } from '../../harness/office/sms.ts';
import { useOffice } from '../../harness/office/use-office.ts';
import { newPerson } from '../../harness/people.ts';
import { policy } from '../../harness/policy.ts';
import { planSmsFault } from '../../harness/providers/sms-faults.ts';
import { until } from '../../harness/until.ts';

const office = useOffice({ policy, bothSmsProviders: true });

const phone = '+8613800138001';

const { attemptsOf, fileBy, row, stepsOf, takeUp, withdraw } = createSmsFollowing(() => office);

const nextWorkingDay = (time: string) => untilNextWorkingDay(office, time);

const smsOf = async (filed: Filed, purpose: string) => {
  const rows = await notificationsOfCase(office.store, filed.acceptanceNumber);
  return rows.filter((row) => row.channel === 'sms' && row.purpose === purpose);
};
const hasLeft = async (filed: Filed, purpose: string) => {
  await until(`${purpose} has left`, async () => (await smsOf(filed, purpose))[0]?.state === 'dispatched');
};
const saying = async (filed: Filed, words: RegExp) =>
  (await textsTo(office, filed, phone)).filter((text) => words.test(text));

describe('a 短信 that is due in the evening', () => {
  it('leaves when the next working day begins', async () => {
    const date = await nextWorkingDay('20:00');
    const filed = await office.file();
    const next = addWorkingDays(await readCalendar(office.store), date, 1);
    expect(await smsOf(filed, 'accepted')).toMatchObject([
      { state: 'queued', leavesAt: shanghaiInstant(next, '09:00') },
    ]);
    await office.until(shanghaiInstant(next, '08:59'));
    expect(await saying(filed, /已受理/)).toEqual([]);
    await office.until(shanghaiInstant(next, '09:01'));
    await hasLeft(filed, 'accepted');
    expect(await saying(filed, /已受理/)).toHaveLength(1);
    await update(filed, 'withdraw', { by: 'applicant-1' });
    await filed.handle.result();
  });

  it('does not hold up a result, which leaves at once and makes it pointless', async () => {
    await nextWorkingDay('20:00');
    const filed = await office.file();
    await update(filed, 'approve', reviewer);
    await hasLeft(filed, 'approved');
    expect(shanghaiDate((await smsOf(filed, 'approved'))[0]?.settledAt ?? '')).toBe(shanghaiDate(await office.now()));
    expect(await smsOf(filed, 'accepted')).toMatchObject([{ state: 'overtaken' }]);
    await filed.handle.result();
    expect(await saying(filed, /./)).toEqual([expect.stringContaining('已通过认定')]);
  });

  it('goes to the other provider when the next working day begins, where that did not take it in time', async () => {
    const date = await nextWorkingDay('16:45');
    const { filed, id } = await fileBy('8001');
    const undelivered = { state: 'undelivered', failure: '30005' } as const;
    await recordReceipt(office.store, { notificationId: id, number: 1 }, undelivered, await office.now());
    await planSmsFault(office.standIns, 'aliyun', { status: 500, times: 1000 });
    await takeUp(id);
    await office.until(shanghaiInstant(date, '17:10'));
    expect((await attemptsOf(id)).at(-1)).toEqual(['aliyun', null, null]);
    await planSmsFault(office.standIns, 'aliyun');
    const next = addWorkingDays(await readCalendar(office.store), date, 1);
    await office.until(shanghaiInstant(next, '08:59'));
    expect([await stepsOf(id), (await row(id)).state]).toEqual([[], 'failed']);
    await office.until(shanghaiInstant(next, '09:01'));
    await until('it has left', async () => (await stepsOf(id)).length > 0);
    expect((await attemptsOf(id)).at(-1)).toEqual(['aliyun', 'taken', 'underWay']);
    await recordReceipt(office.store, { notificationId: id, number: 1 }, { state: 'delivered' }, await office.now());
    await withdraw(filed);
  });

  it('is not sent any more when what it asks for has been done', async () => {
    await nextWorkingDay('20:00');
    const filed = await office.file();
    await update(filed, 'requestMaterials', askFor('medicalRecord'));
    await update(filed, 'resubmit', handIn);
    expect(await smsOf(filed, 'materialsRequested')).toMatchObject([{ state: 'overtaken' }]);
    await nextWorkingDay('10:00');
    await hasLeft(filed, 'accepted');
    expect(await saying(filed, /需要补充/)).toEqual([]);
    await update(filed, 'approve', reviewer);
    await filed.handle.result();
  });
});

describe('a reminder', () => {
  /**
   * Asks for materials, and lets time pass until the first reminder is written, on a working day.
   * @returns when it leaves
   */
  async function reminded(...filed: Filed[]): Promise<string> {
    for (const filedCase of filed) await update(filedCase, 'requestMaterials', askFor('medicalRecord'));
    const [first] = filed as [Filed];
    const { state } = await first.row();
    const { milestones } = await readSchedule(office.store, first.acceptanceNumber, state, { clocks: policy.clocks });
    const due = milestones.find(({ purpose }) => purpose === 'remindSupplement')?.at as string;
    await office.until(due);
    for (const filedCase of filed) {
      await until('the reminder is written', async () => (await smsOf(filedCase, 'supplementReminded')).length > 0);
    }
    return (await smsOf(first, 'supplementReminded'))[0]?.leavesAt as string;
  }

  it('waits an hour for others, and those of one person become one', async () => {
    await nextWorkingDay('11:00');
    const person = newPerson();
    const personal = { applicant: person, signature: { name: person.name, signedAt: await office.now() } };
    const [first, second] = [await office.file({ personal }), await office.file({ personal, diseaseCode: 'M03900' })];
    const leavesAt = await reminded(first, second);
    expect(leavesAt.slice(14)).toBe('00:00.000Z');
    await office.until(new Date(Date.parse(leavesAt) + 60_000).toISOString());
    await hasLeft(first, 'supplementReminded');
    await hasLeft(second, 'supplementReminded');
    const tails = [first, second].map(({ acceptanceNumber }) => acceptanceNumber.slice(-6));
    const about = (await office.sent()).filter(({ body }) => tails.some((tail) => body.includes(tail)));
    const reminders = about.map(({ body }) => body).filter((body) => /还缺|事项/.test(body));
    expect(reminders).toEqual([expect.stringContaining('您有2件门特事项需要办理')]);
    for (const tail of tails) expect(reminders[0]).toContain(tail);
    for (const filed of [first, second]) {
      await update(filed, 'withdraw', { by: 'applicant-1' });
      await filed.handle.result();
    }
  });

  it('is not sent when the applicant has done it within the hour', async () => {
    await nextWorkingDay('11:00');
    const filed = await office.file();
    const leavesAt = await reminded(filed);
    await update(filed, 'resubmit', handIn);
    expect(await smsOf(filed, 'supplementReminded')).toMatchObject([{ state: 'overtaken' }]);
    await office.until(new Date(Date.parse(leavesAt) + 60_000).toISOString());
    await update(filed, 'approve', reviewer);
    await filed.handle.result();
    expect(await saying(filed, /还缺/)).toEqual([]);
    expect(await saying(filed, /已通过/)).toHaveLength(1);
  });
});
