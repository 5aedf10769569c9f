import { type ArrangementWarning, arrangementWarnings } from '../../domain/calendar/warnings.ts';
import type { Arrangement } from '../../domain/calendar/working-days.ts';
import { statutoryDays } from '../../policy/calendar/statutory.ts';
import { chineseDate } from '../../policy/texts.ts';
import type { Policies } from '../../policy/versions.ts';
import { date } from '../http/answers.ts';
import { type FieldError, Problem } from '../http/errors.ts';
import { z } from '../http/zod.ts';

const codes = ['statutoryDayWorked', 'farFromFestival', 'tooManyMakeUpDays', 'tooFewMakeUpDays'] as const;
export const warning = z.object({
  code: z.enum(codes),
  detail: z.string(),
  dates: z.array(date).optional().openapi({ description: 'The days that look wrong; none where it is the balance' }),
});
type Warning = z.infer<typeof warning>;

/** What looks wrong with an arrangement, in words; a publication has to acknowledge it. */
export function warningsOf(policies: Policies, { year, daysOff, makeUpDays }: Arrangement): Warning[] {
  const local = policies.at(`${year}-01-01`).calendar.localDaysOff.map(({ on }) => `${year}-${on}`);
  return arrangementWarnings({ daysOff, makeUpDays }, statutoryDays(year), local).map((found) => ({
    code: found.code,
    detail: inWords(found),
    ...('dates' in found ? { dates: found.dates } : {}),
  }));
}

function inWords(found: ArrangementWarning): string {
  if ('dates' in found) {
    const days = found.dates.map(chineseDate).join('、');
    return found.code === 'statutoryDayWorked'
      ? `${days}是法定假日(${found.name}),却没有放假。`
      : `${days}离${found.name}较远,请核对日期和节日名称。`;
  }
  const { statutory, makeUpDays, weekdaysOff } = found;
  const due = statutory + makeUpDays;
  const balance = `法定假日 ${statutory} 天,调休上班 ${makeUpDays} 天,周一至周五应放假 ${due} 天,现为 ${weekdaysOff} 天`;
  return found.code === 'tooManyMakeUpDays'
    ? `${balance}:多了 ${due - weekdaysOff} 个调休上班日,或漏了放假日。`
    : `${balance}:漏了 ${weekdaysOff - due} 个调休上班日,或多了放假日。`;
}

/** @throws Problem 422 where there are warnings that nobody has acknowledged */
export function assertAcknowledged(warnings: Warning[], acknowledged: boolean): void {
  if (acknowledged || warnings.length === 0) return;
  const errors = warnings.map(({ code, detail }): FieldError => ({ field: 'acknowledged', code, detail }));
  const detail = '这一安排有可疑之处,请按提示核对;核对无误的,请以 acknowledged: true 重新公布。';
  throw new Problem(422, 'warnings-unacknowledged', detail, { errors });
}
