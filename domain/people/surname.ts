import { understandName } from './names.ts';

/**
 * Surnames of several characters (复姓): those of 《百家姓》, and those that registers have besides (公安部户政管理研究中心,
 * 《二〇二一年全国姓名报告》; 《中国姓氏大辞典》). Left out are those that are far more often a common surname and a given
 * name: 梁丘, 谷梁, 段干, 左丘, 单于, 仲孙, 仉督. 待核实
 */
const simplified =
  '万俟 司马 上官 欧阳 夏侯 诸葛 闻人 东方 赫连 皇甫 尉迟 公羊 澹台 公冶 宗政 濮阳 淳于 太叔 申屠 公孙 轩辕 令狐 钟离 宇文 ' +
  '长孙 慕容 鲜于 闾丘 司徒 司空 亓官 司寇 子车 颛孙 端木 巫马 公西 漆雕 乐正 壤驷 公良 拓跋 夹谷 宰父 百里 东郭 南门 呼延 ' +
  '羊舌 微生 东门 西门 南宫 第五 独孤 太史 公输 完颜 耶律 纳兰 爱新觉罗 叶赫那拉';
/** As people from 台湾, 香港 and 澳门 write them. */
const traditional =
  '司馬 歐陽 諸葛 聞人 東方 赫連 尉遲 澹臺 濮陽 淳於 公孫 軒轅 鍾離 長孫 鮮于 閭丘 子車 顓孫 巫馬 樂正 壤駟 夾谷 東郭 南門 ' +
  '東門 西門 南宮 獨孤 公輸 完顏 納蘭 愛新覺羅';
const compoundSurnames = `${simplified} ${traditional}`.split(' ');

/** Chinese names have up to four characters, a surname of two included; what is longer transcribes another language. */
const LONGEST_CHINESE_NAME = 4;

/** Longest form of address, in UCS-2 code units, as a 短信 is counted. */
export const LONGEST_SURNAME = 20;

/**
 * What a person is addressed by, before 先生/女士:
 *
 * - the surname (姓) of a Chinese name. A name of two characters is never all surname: 欧阳 is 欧 阳;
 * - of a name with a dot the part before it: of a Uyghur or Kazakh name that is the person's own, after which their
 *   father's stands (古丽米热·艾比布力), of a Yi name the family's (阿西·木呷); either is how one addresses somebody, and no 短信
 *   says more of a person than it needs to;
 * - a name in Latin letters whole (John Smith): nobody can tell which part of it is the surname. So is a name of more
 *   characters than Chinese ones have (古丽米热艾比布力).
 * @param name as it was typed, or understood
 */
export function surnameOf(name: string): string {
  const understood = understandName(name);
  if (!/^[\p{sc=Han}(]/u.test(understood)) return inShort(understood);
  const [first = '', ...rest] = understood.split(/[· ]/);
  if (rest.length > 0) return inShort(first);
  const compound = compoundSurnames.find((surname) => first.startsWith(surname) && first.length > surname.length);
  // A description in brackets is one character.
  const characters = first.match(/\([^)]*\)|./gsu) ?? [];
  return compound ?? (characters.length > LONGEST_CHINESE_NAME ? inShort(first) : (characters[0] ?? ''));
}

/** As many words of a name as a 短信 has room for; a first word that is longer is cut. */
function inShort(name: string): string {
  if (name.length <= LONGEST_SURNAME) return name;
  const begun = name.slice(0, LONGEST_SURNAME + 1);
  const words = begun.slice(0, begun.lastIndexOf(' '));
  // Half a character beyond the basic plane isn't one.
  return begun.includes(' ') ? words : begun.slice(0, LONGEST_SURNAME).replace(/[\ud800-\udbff]$/, '');
}
