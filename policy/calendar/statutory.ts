import chineseDays from 'chinese-days';
import type { StatutoryDay } from '../../domain/calendar/statutory.ts';
import { addDays } from '../../domain/dates.ts';

/**
 * How many days of 《全国年节及纪念日放假办法》 article 2 the Spring Festival (with or without its eve) and Labour Day have,
 * by the revision of 2024, which is in force from 2025 on, and that of 2013.
 */
const revisions = [
  { from: 2025, eve: true, springFestival: 4, labourDay: 2 },
  { from: 0, eve: false, springFestival: 3, labourDay: 1 },
];

/**
 * The statutory days of a year, in order of the year but for 中秋节, which yields to 国庆节 where both fall on one day.
 * Years before 2014 are taken as if the revision of 2013 had been in force.
 */
export function statutoryDays(year: number): StatutoryDay[] {
  const { eve, springFestival, labourDay } = revisions.find(({ from }) => year >= from) as (typeof revisions)[number];
  const run = (name: string, from: string, count: number) =>
    Array.from({ length: count }, (_, index) => ({ date: addDays(from, index), name }));
  return [
    ...run('元旦', `${year}-01-01`, 1),
    ...run('春节', addDays(lunar(year, '01-01'), eve ? -1 : 0), springFestival),
    ...run('清明节', qingming(year), 1),
    ...run('劳动节', `${year}-05-01`, labourDay),
    ...run('端午节', lunar(year, '05-05'), 1),
    ...run('国庆节', `${year}-10-01`, 3),
    ...run('中秋节', lunar(year, '08-15'), 1),
  ];
}

/** @param monthDay of the lunar calendar */
function lunar(year: number, monthDay: string): string {
  // Noon, since the package reads a bare date as midnight UTC and then takes it apart by the host's clock.
  return chineseDays.getSolarDateFromLunar(`${year}-${monthDay}T12:00:00`).date;
}

/** 清明 in the years 2000–2099 (寿星公式); the package's own answer is a day early west of Greenwich. */
function qingming(year: number): string {
  const sinceCentury = year % 100;
  const day = Math.floor(sinceCentury * 0.2422 + 4.81) - Math.floor(sinceCentury / 4);
  return `${year}-04-0${day}`;
}
