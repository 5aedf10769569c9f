import { isServedAfter, serves } from '../../domain/calendar/office-hours.ts';
import { shanghaiDate, shanghaiInstant } from '../../domain/dates.ts';
import type { Policy } from '../../policy/schema.ts';
import { hoursOf } from '../../policy/texts.ts';
import { readCalendar } from '../../store/calendar/queries.ts';
import type { Store } from '../../store/open.ts';
import { type FieldError, Problem } from '../http/errors.ts';

/**
 * @param now instant
 * @param ticketTakenAt instant at which who is served had taken a ticket (取号)
 * @throws Problem 409 outside the office hours of the window, and the minutes after them for who took a ticket before
 */
export async function assertWindowOpen(
  store: Store,
  policy: Policy,
  now: string,
  ticketTakenAt?: string,
): Promise<void> {
  const { officeHours, clocks } = policy;
  const served = { now, ticketTakenAt, minutes: clocks.ticketMinutes };
  if (serves(await readCalendar(store), officeHours, served)) return;
  const detail = `窗口现在不办公(工作日 ${hoursOf(policy)})。${ticketAdvice(policy)}请在办公时间录入,或请申请人从线上渠道提交,线上 24 小时受理。`;
  throw new Problem(409, 'window-closed', detail);
}

/**
 * A window of the applicant's that ends today at closing time (民法典第 203 条) lasts longer only for who took a ticket
 * before.
 * @param until its last day (Shanghai date); null where there is none
 * @throws Problem 409
 */
export function assertNotClosed(
  policy: Policy,
  until: string | null,
  { now, ticketTakenAt }: { now: string; ticketTakenAt: string | undefined },
): void {
  if (until !== shanghaiDate(now)) return;
  const { closesAt, ticketMinutes: minutes } = policy.clocks;
  const closedAt = shanghaiInstant(until, closesAt);
  if (now < closedAt || isServedAfter(closedAt, { now, ticketTakenAt, minutes })) return;
  const detail = `期限到今天窗口下班时间(${closesAt})为止,已经过了。${ticketAdvice(policy)}`;
  throw new Problem(409, 'window-closed', detail);
}

function ticketAdvice({ clocks }: Policy): string {
  return `下班前已取号的,请填写取号时间(ticketTakenAt),可办理到下班后 ${clocks.ticketMinutes} 分钟。`;
}

/** What is wrong with the time at which a ticket was taken. @param ticketTakenAt instant, as `now` */
export function ticketErrors(atWindow: boolean, ticketTakenAt: string | undefined, now: string): FieldError[] {
  if (ticketTakenAt === undefined) return [];
  const error = (code: string, detail: string) => [{ field: 'ticketTakenAt', code, detail }];
  if (!atWindow) return error('windowOnly', '取号时间只在窗口办理时填写,请去掉。');
  if (ticketTakenAt > now) return error('inFuture', '取号时间不能晚于现在。');
  if (shanghaiDate(ticketTakenAt) !== shanghaiDate(now)) return error('notToday', '取号时间应为今天;号票当天有效。');
  return [];
}
