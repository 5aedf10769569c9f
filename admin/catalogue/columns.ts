import { insuredTypeNames } from '../../domain/names.ts';
import { diseaseClasses, type InsuredType, insuredTypes } from '../../domain/vocabulary.ts';
import { kindsOf, materialName } from '../../policy/catalogue.ts';
import type { Policy } from '../../policy/schema.ts';

/** A cell that can't be understood: what it should be, in Chinese. */
export class CellError extends Error {}

/** A column of the list, and where in the policy's disease its cells belong. */
export interface Column {
  name: string;
  title: string;
  path: string[];
  /** @param cell not empty @throws CellError */
  read(cell: string, policy: Policy): unknown;
}

/** What people write where several things stand in one cell. */
const separators = /[;;、|]/;

/** A text in which what looks alike is alike: full-width digits, Ⅱ as II. */
const plain = (cell: string) => cell.normalize('NFKC').trim();

const text = (cell: string) => cell;

function flag(cell: string): boolean {
  const meant = { 是: true, true: true, 否: false, false: false }[plain(cell).toLowerCase()];
  if (meant === undefined) throw new CellError('应为 是 或 否');
  return meant;
}

const whole = (most: number) => (cell: string) => {
  const value = plain(cell);
  if (!/^[1-9]\d*$/.test(value) || Number(value) > most) throw new CellError(`应为 1 至 ${most} 的整数`);
  return Number(value);
};

function yuan(cell: string): number {
  const value = plain(cell);
  if (!/^\d+(\.\d{1,2})?$/.test(value) || Number(value) === 0) throw new CellError('应为金额,单位元,如 6000');
  return Number(value);
}

function ratio(cell: string): [number, number] {
  const [, from, to = from] = plain(cell).match(/^(\d+(?:\.\d+)?)%?(?:[-–—~](\d+(?:\.\d+)?)%?)?$/) ?? [];
  const [least, most] = [Number(from), Number(to)];
  if (!(least > 0 && least <= most && most <= 100)) throw new CellError('应为百分数,如 85 或 53-68');
  return [least, most];
}

function diseaseClass(cell: string): string {
  const value = plain(cell).replace(/类$/, '').toUpperCase();
  const meant = { 一: 'I', 二: 'II', '1': 'I', '2': 'II' }[value] ?? value;
  if (!diseaseClasses.some((known) => known === meant)) throw new CellError('应为 Ⅰ 或 Ⅱ');
  return meant;
}

/** Several things, each by its id or its name. */
const severalOf = (all: (policy: Policy) => [id: string, name: string][]) => (cell: string, policy: Policy) => {
  const known = all(policy);
  const names = cell.split(separators).map((name) => name.trim());
  const found = names.map((name) => known.find((entry) => entry.includes(name))?.[0]);
  const strange = names.filter((_, index) => found[index] === undefined);
  if (strange.length > 0) {
    throw new CellError(`没有“${strange.join('、')}”,应为 ${known.map(([, name]) => name).join('、')};多项用分号隔开`);
  }
  return found;
};
const materials = severalOf((policy) => kindsOf(policy).map((kind) => [kind, materialName(policy, kind)]));
const hospitals = severalOf((policy) => policy.hospitals.map(({ code, name }) => [code, name]));
const insured = severalOf(() => insuredTypes.map((type) => [type, insuredTypeNames[type]]));

const benefitColumns = (type: InsuredType): Column[] => {
  const suffix = type[0]?.toUpperCase() + type.slice(1);
  const whose = insuredTypeNames[type];
  return [
    { name: `limit${suffix}`, title: `${whose}年度限额`, path: ['benefit', type, 'limit'], read: yuan },
    { name: `ratio${suffix}`, title: `${whose}报销比例`, path: ['benefit', type, 'ratio'], read: ratio },
  ];
};

/** What a list of diseases may say of each; only code and name are needed. */
export const columns: Column[] = [
  { name: 'code', title: '病种编码', path: ['code'], read: text },
  { name: 'name', title: '病种名称', path: ['name'], read: text },
  { name: 'class', title: '类别', path: ['class'], read: diseaseClass },
  { name: 'photo', title: '要照片', path: ['photo'], read: flag },
  { name: 'fourEyes', title: '双人复核', path: ['fourEyes'], read: flag },
  { name: 'verification', title: '线下核验', path: ['verification'], read: flag },
  { name: 'noDeductible', title: '免起付线', path: ['noDeductible'], read: flag },
  { name: 'validMonths', title: '有效月数', path: ['validMonths'], read: whole(1200) },
  { name: 'workingDays', title: '办理工作日', path: ['workingDays'], read: whole(250) },
  { name: 'recordMonths', title: '病历月数', path: ['recordMonths'], read: whole(1200) },
  { name: 'hospitalLevel', title: '医院等级', path: ['hospitalLevel'], read: whole(3) },
  { name: 'hospitals', title: '认定医院', path: ['hospitals'], read: hospitals },
  { name: 'institutions', title: '定点医疗机构数', path: ['institutions'], read: whole(3) },
  { name: 'insuredTypes', title: '参保类型', path: ['insuredTypes'], read: insured },
  ...insuredTypes.flatMap(benefitColumns),
  { name: 'newMaterials', title: '新申请材料', path: ['materials', 'new'], read: materials },
  { name: 'renewalMaterials', title: '续期材料', path: ['materials', 'renewal'], read: materials },
  { name: 'changeMaterials', title: '变更材料', path: ['materials', 'changeInstitution'], read: materials },
];
