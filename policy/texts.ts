import { tailOf } from '../domain/cases/acceptance-number.ts';
import type { SmsText } from '../domain/notifications/drafts.ts';
import type { MaterialKind, RefusalReason } from '../domain/vocabulary.ts';
import { materialName } from './catalogue.ts';
import type { TextParameter, TextParameterType } from './notifications/schema.ts';
import type { Policy } from './schema.ts';

export { surnameOf } from '../domain/people/surname.ts';

/** A date as people write it, 2026年12月9日; empty where there is none. */
export type ChineseDate = `${number}年${number}月${number}日` | '';

/** What parameters of a text are filled with, each by its type. */
export type TextValues = {
  [Name in TextParameter]?: { text: string; date: ChineseDate; number: number }[TextParameterType<Name>];
};

/** Fills a template's `{parameters}`; one without a value becomes 「—」 so that no text ever shows a brace. */
export function fill<Name extends string>(template: string, values: Partial<Record<Name, string | number>>): string {
  return template.replaceAll(/\{(\w+)\}/g, (_, name: Name) => String(values[name] ?? '') || '—');
}

/** What `fill` puts in for each parameter of a template. */
export function parametersIn<Name extends string>(
  template: string,
  values: Partial<Record<Name, string | number>>,
): Record<string, string> {
  const names = [...template.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as Name);
  return Object.fromEntries(names.map((name) => [name, fill(`{${name}}`, values)]));
}

/** @param words a text of the policy, and its template's code at 阿里云 */
export function smsText<Name extends string>(
  { sms, aliyun }: { sms: string; aliyun?: string | undefined },
  values: Partial<Record<Name, string | number>>,
): SmsText {
  return { body: fill(sms, values), template: aliyun ? { code: aliyun, parameters: parametersIn(sms, values) } : null };
}

/** What every text about a case may say of it. */
export function caseValues(policy: Policy, acceptanceNumber: string, kinds: MaterialKind[]) {
  const items = kinds.map((kind) => materialName(policy, kind));
  return {
    tail: tailOf(acceptanceNumber),
    items: items.join('、'),
    someItems: listInShort(items, LONGEST_VALUE),
    hotline: policy.city.hotline,
    place: policy.window.place,
    bring: policy.window.bring,
    hours: hoursOf(policy),
    noticeDays: policy.clocks.oneTimeNotice.workingDays,
  } satisfies TextValues;
}

/**
 * The longest value that 阿里云 takes in a 短信, in UCS-2 code units.
 * @see https://help.aliyun.com/zh/document_detail/3041859.html
 */
export const LONGEST_VALUE = 35;

/**
 * As many of the names as there is room for, and at least one. Where that isn't all, it also says how many there are:
 * 有效身份证件、社保卡等6项.
 */
export function listInShort(names: string[], maximum: number): string {
  const whole = names.join('、');
  if (whole.length <= maximum) return whole;
  const ending = `等${names.length}项`;
  const fits = (count: number) => names.slice(0, count).join('、').length + ending.length <= maximum;
  return names.filter((_, index) => index === 0 || fits(index + 1)).join('、') + ending;
}

/**
 * The reasons for a rejection in words. A code that the policy doesn't list (any more), as a signal may bring, is left
 * out.
 */
export function groundsOf({ rejectionGrounds }: Policy, grounds: string[] = []): string[] {
  return grounds.flatMap((code) => (Object.hasOwn(rejectionGrounds, code) ? (rejectionGrounds[code] as string) : []));
}

/**
 * An entry's detail with the names of its grounds beside their codes. A code that none of the policies lists stays one.
 * @param policies that in force, and that of the case, which may know what is no longer listed
 */
export function withGroundNames<Detail extends { grounds?: string[] }>(
  policies: Pick<Policy, 'rejectionGrounds'>[],
  detail: Detail,
): Detail & { groundNames?: string[] } {
  const nameOf = (code: string) => {
    const listing = policies.find(({ rejectionGrounds }) => Object.hasOwn(rejectionGrounds, code));
    return listing?.rejectionGrounds[code] ?? code;
  };
  return { ...detail, ...(detail.grounds ? { groundNames: detail.grounds.map(nameOf) } : {}) };
}

/** Why an application isn't accepted (不予受理), and what the person can do, in words. */
export function refusalText({ refusals, renewal }: Policy, refused: RefusalReason): { reason: string; remedy: string } {
  const { reason, remedy } = refusals[refused];
  const { opensDaysBefore, closesDaysAfter } = renewal;
  const values = { opensDaysBefore: String(opensDaysBefore), closesDaysAfter: String(closesDaysAfter) };
  return { reason: fill(reason, values), remedy: fill(remedy, values) };
}

/** The window's hours as people read them. */
export function hoursOf({ officeHours }: Pick<Policy, 'officeHours'>): string {
  return officeHours.map(({ from, to }) => `${from}–${to}`).join('、');
}

/** A Shanghai date as people write it; empty where there is no date. */
export function chineseDate(date: string | null): ChineseDate {
  if (date === null) return '';
  const [year, month, day] = date.split('-').map(Number) as [number, number, number];
  return `${year}年${month}月${day}日`;
}
