import type { Arrangement } from '../../domain/calendar/working-days.ts';

/** What stands for a circular number that couldn't be verified. */
export const unverified = '待核实';

/**
 * The circulars (国务院办公厅关于某年部分节假日安排的通知) behind the published arrangements: numbers and dates on which two independent
 * sources agree. Of the two changes made during a year only the dates are certain.
 */
export const circulars: Record<number, { circular: string; publishedOn: string }> = {
  2016: { circular: '国办发明电〔2015〕18号', publishedOn: '2015-12-10' },
  2017: { circular: '国办发明电〔2016〕17号', publishedOn: '2016-12-01' },
  2018: { circular: '国办发明电〔2017〕12号', publishedOn: '2017-11-30' },
  2019: { circular: `国办发明电〔2018〕15号;2019-03-22 调整(文号${unverified})`, publishedOn: '2019-03-22' },
  2020: { circular: `国办发明电〔2019〕16号;2020-01-27 延长春节假期(文号${unverified})`, publishedOn: '2020-01-27' },
  2021: { circular: '国办发明电〔2020〕27号', publishedOn: '2020-11-25' },
  2022: { circular: '国办发明电〔2021〕11号', publishedOn: '2021-10-25' },
  2023: { circular: '国办发明电〔2022〕16号', publishedOn: '2022-12-08' },
  2024: { circular: '国办发明电〔2023〕7号', publishedOn: '2023-10-25' },
  2025: { circular: '国办发明电〔2024〕12号', publishedOn: '2024-11-12' },
  2026: { circular: '国办发明电〔2025〕7号', publishedOn: '2025-11-04' },
};

/** How an arrangement that was changed in the course of its year differed from the final one. */
interface Superseded {
  circular: string;
  publishedOn: string | null;
  /** Days of the final arrangement that were not off yet, or not worked yet. */
  without: string[];
  /** Days that were worked until the change, and for which holiday. */
  worked: Record<string, string>;
}

/** The two years whose arrangement was changed after it had been published: what was in force until then. */
export const superseded: Record<number, Superseded> = {
  // Until 2019-03-22 劳动节 was the one day of 1 May.
  2019: {
    circular: '国办发明电〔2018〕15号',
    publishedOn: null,
    without: ['2019-05-02', '2019-05-03', '2019-05-04', '2019-04-28', '2019-05-05'],
    worked: {},
  },
  // Until 2020-01-27 the Spring Festival ended on 30 January, with Saturday 1 February worked.
  2020: {
    circular: '国办发明电〔2019〕16号',
    publishedOn: '2019-11-21',
    without: ['2020-01-31', '2020-02-01', '2020-02-02'],
    worked: { '2020-02-01': '春节' },
  },
};

/** A year's arrangement as it was before the change of its final one. */
export function beforeChange(final: Arrangement, { circular, publishedOn, without, worked }: Superseded): Arrangement {
  const kept = (days: Record<string, string>) =>
    Object.fromEntries(Object.entries(days).filter(([date]) => !without.includes(date)));
  return {
    ...final,
    daysOff: kept(final.daysOff),
    makeUpDays: { ...kept(final.makeUpDays), ...worked },
    circular,
    publishedOn,
  };
}
