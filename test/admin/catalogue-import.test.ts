import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { writeCatalogue } from '../../admin/catalogue/import.ts';
import { loadPolicies } from '../../policy/load.ts';
import { fileApplication } from '../../store/cases/filing.ts';
import { filing } from '../harness/people.ts';
import { policyFile } from '../harness/policy.ts';
import { useAdmin } from '../harness/programs/admin.ts';
import { folder, shipped } from '../harness/rules/exchanged-policy.ts';

const { store, importingWith, file: list } = useAdmin('catalogue-import');
const city = join(folder, 'city');
const version = join(city, '2026-1.yaml');

/** A city of the test's own: 攀枝花's rules, with hospitals and kinds of material to name, in a version nobody uses. */
beforeEach(() => {
  mkdirSync(city, { recursive: true });
  copyFileSync(policyFile, join(city, '2025-1.yaml'));
  const own = 'materials:\n  own: { pathologyReport: { name: 病理报告 } }\n';
  const hospitals = 'hospitals: [{ code: H1, name: 第一医院 }, { code: H2, name: 第二医院 }]\ncatalogue:\n';
  const text = shipped
    .replace('panzhihua-2025.1', 'panzhihua-2026.1')
    .replace('"2025-01-01"', '"2026-09-01"')
    .replace('materials:\n', own)
    .replace('catalogue:\n', hospitals);
  writeFileSync(version, text);
});

const importing = (content: string, ...flags: string[]) =>
  importingWith({ POLICY_FILE: city }, 'catalogue-import', content, ...flags);

const header = 'code,name,photo,validMonths';
/** The catalogue as it is shipped, as a list. */
const same = `${header}
M03900,高血压,,
M01600,糖尿病,否,
M00500,恶性肿瘤,,24
M07800,慢性肾功能衰竭(非透析),,
M07803,血液透析,是,
M08300,器官移植抗排异,是,
`;

/** As a bureau makes it, in a spreadsheet of its own headings. */
const bureau = `\uFEFF病种编码,病种名称,类别,要照片,有效月数,办理工作日,病历月数,医院等级,认定医院,定点医疗机构数,参保类型,城镇职工年度限额,城镇职工报销比例,新申请材料
LB-GXY,高血压(两病),Ⅱ类,否,,5,12,1,,１,城乡居民,,,
M00500,恶性肿瘤,Ⅰ,,36,10,3,3,第一医院;H2,3,,150000,90-95%,有效身份证件;门诊慢特病病种待遇认定申请表;疾病诊断证明书;medicalRecord;病理报告
M07803,血液透析,,是,,,,,,,,,,
`;

/** Writes it, without a program; what it says, and whether it wrote. */
async function writing(content: string) {
  const said: string[] = [];
  const written = await writeCatalogue(store, city, 'list.csv', Buffer.from(content), (line) => said.push(line));
  return { written, said: said.join('\n'), text: readFileSync(version, 'utf8') };
}
const refused = (content: string) =>
  writing(content).then(
    () => [],
    (error: Error) => error.message.split('\n'),
  );

describe('npm run admin -- catalogue-import', () => {
  it('shows what it understood, and writes nothing', async () => {
    const before = readFileSync(version, 'utf8');
    const { code, output } = await importing(bureau);
    expect([code, output]).toEqual([0, expect.stringContaining('没有写入;核对无误后加 --write 写入。')]);
    for (const line of [
      `规则版本 panzhihua-2026.1(${version})`,
      '第 2 行 LB-GXY 高血压(两病):新增(类别 II;要照片 否;办理工作日 5;病历月数 12;医院等级 1;定点医疗机构数 1;参保类型 resident)',
      '第 3 行 M00500 恶性肿瘤:修改类别、有效月数、办理工作日、病历月数、医院等级、认定医院、定点医疗机构数、城镇职工年度限额、城镇职工报销比例、新申请材料',
      '认定医院 H1、H2',
      '城镇职工报销比例 90–95',
      '新申请材料 idCard、applicationForm、diagnosisCertificate、medicalRecord、pathologyReport',
      '第 4 行 M07803 血液透析:不变(要照片 是)',
      '删除 M03900:列表里没有',
      '共 3 个病种:新增 1,修改 1,不变 1;删除 4。',
    ]) {
      expect(output).toContain(line);
    }
    expect(readFileSync(version, 'utf8')).toBe(before);
  });

  it('writes the newest version with --write, and says all that is wrong at once', async () => {
    const written = await importing(bureau, '--write');
    expect([written.code, written.output]).toEqual([0, expect.stringContaining('已写入')]);
    const wrong = `${header}\n,无码,,\nM1,甲,也许,0\nM1,乙,,`;
    const { code, output } = await importing(wrong);
    expect(code).toBe(1);
    expect(output.trim().split('\n')).toEqual([
      `${list}:2: code: 请填写病种编码`,
      `${list}:3: photo: 应为 是 或 否`,
      `${list}:3: validMonths: 应为 1 至 1200 的整数`,
      `${list}:4: code: 与第 3 行重复`,
    ]);
  });
});

describe('what is written', () => {
  it('is the same to the letter where the list says nothing new', async () => {
    const before = readFileSync(version, 'utf8');
    const { written, said, text } = await writing(same);
    expect([written, said]).toEqual([true, expect.stringContaining('新增 0,修改 0,不变 6;删除 0')]);
    expect(text).toBe(before);
  });

  it('is a policy that says what the list says, with the comments of what stays', async () => {
    const { text } = await writing(bureau);
    const { catalogue } = loadPolicies(city).of('panzhihua-2026.1');
    expect(catalogue).toEqual([
      expect.objectContaining({
        ...{ code: 'LB-GXY', name: '高血压(两病)', class: 'II', photo: false, workingDays: 5, recordMonths: 12 },
        ...{ hospitalLevel: 1, institutions: 1, insuredTypes: ['resident'], validMonths: null },
      }),
      expect.objectContaining({
        ...{ code: 'M00500', class: 'I', validMonths: 36, workingDays: 10, hospitals: ['H1', 'H2'], institutions: 3 },
        benefit: { employee: { limit: 150000, ratio: [90, 95] } },
        materials: { new: ['idCard', 'applicationForm', 'diagnosisCertificate', 'medicalRecord', 'pathologyReport'] },
      }),
      expect.objectContaining({ code: 'M07803', photo: true }),
    ]);
    expect(text).toContain('# 代码只见于一处,有效期限待核实');
    const [top, , bottom] = [text.indexOf('catalogue:'), 0, text.indexOf('\nbenefit:')];
    const original = `${shipped}`;
    expect(text.slice(bottom)).toBe(original.slice(original.indexOf('\nbenefit:')));
    expect(text.slice(0, top)).toContain('# 以《攀枝花市基本医疗保险门诊特殊疾病病种目录》为准');
    // A second time nothing is new.
    expect((await writing(bureau)).said).toContain('新增 0,修改 0,不变 3;删除 0');
    // A column that isn't there leaves its field, an empty cell takes it out.
    await writing('code,name,class\nM00500,恶性肿瘤,\n');
    const [left] = loadPolicies(city).of('panzhihua-2026.1').catalogue;
    expect([left?.class, left?.workingDays]).toEqual([undefined, 10]);
  });

  it('keeps the comments on values that change', async () => {
    const commented = `  - code: M09 # 编码待核实
    name: 试验病 # 名称待核实
    photo: false
    workingDays: 5 # 工作日待核实
    hospitals: [H1] # 医院待核实
`;
    writeFileSync(version, readFileSync(version, 'utf8').replace('catalogue:\n', `catalogue:\n${commented}`));
    const { text } = await writing('code,name,workingDays,hospitals\nM09,试验病,7,H2;H1\n');
    expect(text).toContain(commented.replace('5 #', '7 #').replace('[H1]', '[ H2, H1 ]'));
  });

  it('is nothing where a case goes by the version already', async () => {
    await fileApplication(store, filing('2026-11-23T02:00:00.000Z', { policyVersion: 'panzhihua-2026.1' }));
    const before = readFileSync(version, 'utf8');
    const { written, said, text } = await writing(bureau);
    expect([written, said]).toEqual([false, expect.stringContaining('已有申请或认定按这个版本办理')]);
    expect(text).toBe(before);
  });
});

describe('a list is refused with the line and what to do', () => {
  it.each([
    ['an unknown heading', 'code,name,颜色\nM1,甲,红', /^list\.csv:1: 没有“颜色”这一列,可以有的是 code\(病种编码\)/],
    ['no column for the name', 'code\nM1', /^list\.csv:1: 缺少 name\(病种名称\)这一列$/],
    ['a heading twice', 'code,name,病种名称\nM1,甲,乙', /^list\.csv:1: “name”有两列$/],
    ['no disease', 'code,name\n', /^list\.csv:1: 没有病种$/],
    ['a cell too many', 'code,name\nM1,甲,乙', /^list\.csv:2: 列数多于表头$/],
    [
      'a hospital that the policy has not',
      'code,name,hospitals\nM1,甲,第三医院',
      /^list\.csv:2: hospitals: 没有“第三医院”,应为 第一医院、第二医院/,
    ],
    ['a ratio that falls', 'code,name,ratioResident\nM1,甲,60-50', /^list\.csv:2: ratioResident: 应为百分数/],
    ['a limit that is no money', 'code,name,limitResident\nM1,甲,六千', /^list\.csv:2: limitResident: 应为金额/],
    ['a class that there is not', 'code,name,class\nM1,甲,Ⅲ', /^list\.csv:2: class: 应为 Ⅰ 或 Ⅱ$/],
    ['a code that the national field has not', 'code,name\n糖尿病,甲', /^list\.csv:2: code: must be 1–30 letters/],
    [
      'a photo that is not asked for',
      'code,name,photo,newMaterials\nM1,甲,是,idCard',
      /^list\.csv:2: photo: materials\.asked\.new has no photo$/,
    ],
  ])('%s', async (_, content, complaint) => {
    expect(await refused(content)).toEqual([expect.stringMatching(complaint)]);
  });

  it('in another encoding', async () => {
    const gbk = Buffer.from([0xb2, 0xa1, 0xd6, 0xd6]);
    await expect(writeCatalogue(store, city, 'list.csv', gbk, () => undefined)).rejects.toThrow(
      'list.csv:1: 文件不是 UTF-8 编码,请另存为“CSV UTF-8”',
    );
  });

  it('at the right lines, whatever stands between them', async () => {
    expect(await refused('code,name,photo\n\nM1,"甲\n乙",是\n\nM2,丙,对')).toEqual([
      'list.csv:6: photo: 应为 是 或 否',
    ]);
  });
});
