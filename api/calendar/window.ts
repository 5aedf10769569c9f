import { isWindowOpen } from '../../domain/calendar/office-hours.ts';
import type { Policy } from '../../policy/schema.ts';
import { hoursOf } from '../../policy/texts.ts';
import { readCalendar } from '../../store/calendar/queries.ts';
import type { Store } from '../../store/open.ts';
import { Problem } from '../http/errors.ts';

/** @param now instant @throws Problem 409 outside the office hours of the window */
export async function assertWindowOpen(store: Store, policy: Policy, now: string): Promise<void> {
  if (isWindowOpen(await readCalendar(store), policy.officeHours, now)) return;
  const detail = `窗口现在不办公(工作日 ${hoursOf(policy)})。请在办公时间录入,或请申请人从线上渠道提交,线上 24 小时受理。`;
  throw new Problem(409, 'window-closed', detail);
}
