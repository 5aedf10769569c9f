import { addDays, daysBetween, isIsoDate, weekdayOf } from '../dates.ts';

/** What a circular (放假通知) says, as far as its text was understood. */
export interface CircularText {
  /** Null where the text doesn't say for which year it is. */
  year: number | null;
  /** Its number (文号). */
  circular: string | null;
  publishedOn: string | null;
  daysOff: Record<string, string>;
  makeUpDays: Record<string, string>;
  /** Sentences that name a day but say neither that it is off nor that it is worked, such as an advice to employers. */
  unused: string[];
  /** What can't be right, or wasn't understood; nothing of the text may be published while there is any. */
  problems: CircularProblem[];
}

export type CircularProblem =
  | { code: 'noYear' | 'amendment' | 'noNumber' | 'noItems' }
  /** A festival of which no item tells. */
  | { code: 'missingFestival'; text: string }
  /** An item that names no day off. */
  | { code: 'noDayOff'; text: string }
  | { code: 'notADate'; text: string }
  | { code: 'wrongWeekday' | 'wrongCount'; text: string; found: string };

const festivals = ['元旦', '春节', '清明', '劳动', '端午', '中秋', '国庆'];

/** `一、元旦:`, `六、国庆节、中秋节:` */
const HEADING = /[一二三四五六七八九十]+、([^:。]{1,20}):/g;
/** `2018年12月30日`, `1月1日(周四)`, `3日(农历除夕、周二)` */
const DATE = String.raw`(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日(?:\(([^()]*)\))?`;
const TOKEN = new RegExp(`${DATE}(?:至${DATE})?|放假|补休|上班`, 'g');

/**
 * Reads the text of a circular for a whole year as the State Council's General Office publishes it, with or without
 * line breaks, in full-width or half-width characters.
 */
export function readCircular(published: string): CircularText {
  // Full-width punctuation and digits become half-width; a line may break anywhere.
  const text = published.normalize('NFKC').replace(/\s/g, '');
  const year = yearIn(text);
  const [, from, number] = /国办发明电[〔[【(](\d{4})[〕\]】)](\d+)号/.exec(text) ?? [];
  const signature = /国务院办公厅(\d{4})年(\d{1,2})月(\d{1,2})日/.exec(text);
  const publishedOn = signature ? isoDate(signature.slice(1, 4)) : null;
  const body = signature ? text.slice(0, signature.index) : text;
  const reader = new ItemReader(year ?? 0);
  const items = itemsIn(body);
  for (const { name, says } of items) reader.read(name, says);
  const names = items.map(({ name }) => name);
  const missing = festivals.filter((festival) => !names.some((name) => name.includes(festival)));
  return {
    year,
    circular: number ? `国办发明电〔${from}〕${number}号` : null,
    publishedOn,
    ...{ daysOff: reader.daysOff, makeUpDays: reader.makeUpDays, unused: reader.unused },
    problems: [
      ...(year === null ? [{ code: 'noYear' as const }] : []),
      // Of a change (关于调整…安排的通知, 关于延长…假期的通知) only the changed days are in the text, not the year's.
      ...(/关于(调整|延长)/.test(body) ? [{ code: 'amendment' as const }] : []),
      ...(number ? [] : [{ code: 'noNumber' as const }]),
      ...(names.length === 0
        ? [{ code: 'noItems' as const }]
        : missing.map((festival) => ({ code: 'missingFestival' as const, text: festival }))),
      ...reader.problems,
    ],
  };
}

function yearIn(text: string): number | null {
  const found = /关于(\d{4})年部分节假日安排的通知/.exec(text) ?? /现将(\d{4})年元旦/.exec(text);
  return found ? Number(found[1]) : null;
}

function itemsIn(text: string): { name: string; says: string }[] {
  const headings = [...text.matchAll(HEADING)];
  return headings.map((heading, index) => ({
    name: heading[1] as string,
    says: text.slice(heading.index + heading[0].length, headings[index + 1]?.index),
  }));
}

/** A date or a run of dates, as it stands in the text. */
interface Run {
  text: string;
  dates: string[];
}

/** Reads the items of one circular, and keeps what they say. */
class ItemReader {
  readonly daysOff: Record<string, string> = {};
  readonly makeUpDays: Record<string, string> = {};
  readonly unused: string[] = [];
  readonly problems: CircularProblem[] = [];
  readonly #year: number;
  /** Month and year of the date before, for one that names only its day: 1月28日、29日. */
  #month = '';
  #monthsYear = 0;

  constructor(year: number) {
    this.#year = year;
  }

  read(name: string, says: string): void {
    let off = 0;
    for (const sentence of says.split('。')) off += this.#readSentence(name, sentence, off);
    if (off === 0) this.problems.push({ code: 'noDayOff', text: name });
  }

  /** Each date belongs to the word that comes next after it. @returns how many days off it gives */
  #readSentence(name: string, sentence: string, before: number): number {
    let pending: Run[] = [];
    let off = 0;
    for (const token of sentence.matchAll(TOKEN)) {
      if (token[3] !== undefined) {
        pending.push(this.#run(name, token));
        continue;
      }
      const table = token[0] === '上班' ? this.makeUpDays : this.daysOff;
      const dates = pending.flatMap((run) => run.dates);
      for (const date of dates) table[date] = name;
      if (table === this.daysOff) off += dates.length;
      pending = [];
    }
    if (pending.length > 0) this.unused.push(sentence);
    const [, count] = /共(\d+)天/.exec(sentence) ?? [];
    if (count !== undefined && Number(count) !== before + off)
      this.problems.push({ code: 'wrongCount', text: sentence, found: String(before + off) });
    return off;
  }

  #run(name: string, token: RegExpMatchArray): Run {
    const text = token[0];
    const first = this.#date(name, token.slice(1, 5));
    const last = token[7] === undefined ? first : this.#date(name, token.slice(5, 9));
    if (!first || !last || last < first) {
      this.problems.push({ code: 'notADate', text });
      return { text, dates: [] };
    }
    const dates = Array.from({ length: daysBetween(first, last) + 1 }, (_, index) => addDays(first, index));
    return { text, dates };
  }

  #date(name: string, [year, month, day, remark]: (string | undefined)[]): string | null {
    // New Year's holiday may begin in the December before, even where the text doesn't name the year.
    const isAhead = name.includes('元旦') && month === '12';
    if (month !== undefined) this.#monthsYear = year === undefined ? this.#year - (isAhead ? 1 : 0) : Number(year);
    this.#month = month ?? this.#month;
    const date = isoDate([String(this.#monthsYear), this.#month, day]);
    const [, weekday] = /(?:周|星期)([一二三四五六日天])/.exec(remark ?? '') ?? [];
    if (date && weekday && weekdayOf(date) !== weekday.replace('天', '日'))
      this.problems.push({ code: 'wrongWeekday', text: `${date} 周${weekday}`, found: `周${weekdayOf(date)}` });
    return date;
  }
}

function isoDate([year, month = '', day = '']: (string | undefined)[]): string | null {
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return isIsoDate(date) ? date : null;
}
