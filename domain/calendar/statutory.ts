import { addDays, isWeekend } from '../dates.ts';

/** A day on which everybody is off by law (全体公民放假的假日), and the festival that it is of. */
export interface StatutoryDay {
  date: string;
  name: string;
}

/**
 * The substitute days (补假) of 《全国年节及纪念日放假办法》 article 6: 全体公民放假的假日,如果适逢周六、周日,应当在工作日补假.
 * It doesn't say on which; the circulars give the next working day (2017-01-02, 2020-04-06, 2021-04-05), 待核实. Where
 * two festivals fall on one day, which the article doesn't foresee, the second one gets its day too, as in 2020.
 * @param days in the order in which they get their substitutes
 */
export function substituteDays(days: StatutoryDay[]): StatutoryDay[] {
  const off = new Set<string>(days.map(({ date }) => date));
  const seen = new Set<string>();
  const substitutes: StatutoryDay[] = [];
  for (const { date, name } of days) {
    const lost = isWeekend(date) || seen.has(date);
    seen.add(date);
    if (!lost) continue;
    let next = addDays(date, 1);
    while (isWeekend(next) || off.has(next)) next = addDays(next, 1);
    off.add(next);
    substitutes.push({ date: next, name: `${name}补假` });
  }
  return substitutes;
}
