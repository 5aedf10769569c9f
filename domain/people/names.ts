import { plain } from './typed.ts';

/**
 * The dot between the parts of a name (姓名间隔符): registers write U+00B7 (国家民委等十二部门, 民委发〔2016〕33号),
 * keyboards, phones and older systems write all of these. Before NFKC, which makes letters or full stops of some.
 */
const dots = /[·•‧∙⋅⦁●◦・･．᛫ㆍꞏ\u0095\u0387\u2e31\u2e33\u{10101}]/gu;
/** A full stop is that dot where it stands between Chinese characters. */
const stopBetweenHan = /(?<=\p{sc=Han}) ?[.\u3002] ?(?=\p{sc=Han})/gu;
const apostrophes = /[\u0060\u00b4\u02b9\u02bb\u02bc\u02bd\u02c8\u2018\u2019\u201b\u2032\uff07]/gu;
const dashes = /[\p{Pd}\u2212]/gu;
/** The numeral 〇 in a name, which keyboards have as a circle. */
const circles = /(?<=\p{sc=Han})[○◯]|[○◯](?=\p{sc=Han})/gu;

/**
 * A name as it is stored, of what people type: composed, with one dot (·), one apostrophe ('), half-width brackets, one
 * space, and nothing that can't be seen. A full stop in a Latin name is followed by a space, since names stand in 短信,
 * where `a.cn` would be a link.
 */
export function understandName(text: string): string {
  const alike = text.replaceAll(dots, '·').replaceAll(apostrophes, "'");
  const spaced = plain(alike)
    .replaceAll(dashes, '-')
    .replaceAll(/[[【〔〖]/g, '(')
    .replaceAll(/[\]】〕〗]/g, ')')
    .replaceAll(circles, '〇')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(stopBetweenHan, '·')
    .replaceAll(/ ?·[ ·]*/g, '·')
    .replaceAll(/\.(?=\p{L})/gu, '. ')
    .replaceAll(/\( | \)/g, (bracket) => bracket.trim());
  const ends = spaced.replace(/^[ ·]+/, '').replace(/[ ·]+$|(?<=\p{sc=Han})[.\u3002]+$/u, '');
  return withoutLayout(ends);
}

/**
 * Forms and cards space a short name out (李 娜). Between parts of several characters each the space stands for the dot
 * (阿西 木呷), and stays.
 */
function withoutLayout(name: string): string {
  const parts = name.split(' ');
  const spacedOut = parts.every((part) => /^\p{sc=Han}+$/u.test(part)) && parts.some((part) => [...part].length === 1);
  return spacedOut ? parts.join('') : name;
}

/** Longest name, in characters: twice the 50 that 民委发〔2016〕33号 asks systems to take, since foreign names are long. */
export const LONGEST_NAME = 100;

/**
 * Whether an understood name can be one: letters of any script, 〇, what stands between them, and in brackets how a
 * character is written that no keyboard has (徐(莹加王旁)). Neither digits nor signs, since names stand in 短信.
 */
export function isName(name: string): boolean {
  return /\p{L}/u.test(name) && /^(?:[\p{L}\p{M}〇·'. -]|\([\p{L}\p{M}〇+ ]+\))+$/u.test(name);
}

/** What is the same for all ways of writing a name: by it names are compared, and found. */
export function nameKey(name: string): string {
  return understandName(name)
    .replaceAll(/[ ·.'-]/g, '')
    .toLowerCase();
}
