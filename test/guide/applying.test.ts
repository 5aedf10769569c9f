import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { insuredPeople } from '../../dev/stand-ins/insured-people.ts';
import { refusalReasonsOf } from '../../domain/cases/eligibility.ts';
import type { Material, MaterialsCase } from '../../domain/cases/materials.ts';
import type { MaterialKind } from '../../domain/vocabulary.ts';
import { findings } from '../../policy/cases/findings.ts';
import { diseaseOf } from '../../policy/catalogue.ts';
import { policy } from '../harness/policy.ts';
import { type Core, startCore } from '../harness/providers/insurance-core.ts';

/** The guide's 「谁能申请」 and 「材料」, row by row, by the shipped policy. */
let core: Core;
beforeAll(async () => {
  core = await startCore();
});
afterAll(() => core?.stop());

const on = '2026-11-23';

/** Whether somebody whom the insurance core knows may apply, and as whom. */
async function applies(state: keyof typeof insuredPeople) {
  const { name, idNumber } = insuredPeople[state];
  const person = (await core.adapter().person({ name, idNumber }))?.insured ?? null;
  const reasons = refusalReasonsOf({
    type: 'new',
    submittedOn: on,
    region: policy.city.region,
    person,
    residesElsewhere: false,
    crossRegionFilings: [],
    accreditation: null,
    reviewed: false,
    renewal: policy.renewal,
  });
  return [person?.insuredType, reasons];
}

const held = (kind: MaterialKind, more: Partial<Material> = {}): Material => ({ kind, fileIds: ['f'], ...more });
const all: Material[] = [
  held('idCard'),
  held('applicationForm'),
  held('diagnosisCertificate'),
  held('medicalRecord', { issuedOn: '2026-11-01' }),
];
const without = (kind: MaterialKind, ...instead: Material[]) => ({
  materials: [...all.filter((material) => material.kind !== kind), ...instead],
});

type Condition = [what: string, change: Partial<MaterialsCase>, found: string[]];

/** What is found in an application that is complete but for a change. */
function found(change: Partial<MaterialsCase>): string[] {
  const complete = {
    type: 'new' as const,
    materials: all,
    hasElectronicVoucher: true,
    hospitalLevel: 3,
    photoRequired: false,
    submittedOn: on,
    today: on,
  };
  return findings(policy, { ...complete, ...change }).map(({ kind, reason }) => `${kind} ${reason}`);
}
function expectFound(conditions: Condition[]): void {
  for (const [what, change, expected] of conditions) expect([what, found(change)]).toEqual([what, expected]);
}
const ofDisease = (code: string) => ({ photoRequired: diseaseOf(policy, code)?.photo as boolean });

describe('谁能申请', () => {
  it.each([
    ['参保类型:城镇职工', 'employee', 'employee'],
    ['参保类型:城乡居民', 'resident', 'resident'],
    ['参保类型:城乡居民(含学生)', 'student', 'resident'],
    ['参保类型:城乡居民(含儿童)', 'child', 'resident'],
    ['参保类型:灵活就业等正常缴费人员', 'flexible', 'flexible'],
  ] as const)('%s', async (_, state, insuredType) => {
    expect(await applies(state)).toEqual([insuredType, []]);
  });

  it.each([
    ['资格:参保状态正常(暂停的不行)', 'suspended', 'suspended'],
    ['资格:参保状态正常(终止的不行)', 'terminated', 'terminated'],
    ['资格:参保状态正常(没有参保的不行)', 'notInsured', 'notInsured'],
    ['资格:无欠费', 'arrears', 'arrears'],
  ] as const)('%s', async (_, state, reason) => {
    const [, reasons] = await applies(state);
    expect(reasons).toEqual([reason]);
  });

  it('资格:有二级及以上医疗机构的诊断证明和病历资料', () => {
    expectFound([
      ['二级医院', { hospitalLevel: 2 }, []],
      ['一级医院', { hospitalLevel: 1 }, ['diagnosisCertificate hospitalLevel']],
      ['没有诊断证明', without('diagnosisCertificate'), ['diagnosisCertificate missing']],
      ['没有病历资料', without('medicalRecord'), ['medicalRecord missing']],
    ]);
  });

  it.each([['高血压'], ['糖尿病'], ['恶性肿瘤'], ['慢性肾功能衰竭']])('病种,指南点名的:%s', (name) => {
    expect(policy.catalogue.map((disease) => disease.name)).toContainEqual(expect.stringContaining(name));
  });

  it('病种:以病种目录为准', () => {
    expect(diseaseOf(policy, 'M99999')).toBeUndefined();
  });
});

describe('材料', () => {
  it.each<[row: string, conditions: Condition[]]>([
    [
      '有效身份证件 | 是 | 身份证正反面,或医保电子凭证',
      [
        ['都没有', without('idCard'), ['idCard missing']],
        ['身份证', {}, []],
        ['医保电子凭证', without('idCard', held('electronicVoucher')), []],
      ],
    ],
    [
      '社保卡 | 否 | 没有医保电子凭证时才要',
      [
        ['有医保电子凭证', {}, []],
        ['没有医保电子凭证', { hasElectronicVoucher: false }, ['socialSecurityCard missing']],
        ['没有,交了社保卡', { hasElectronicVoucher: false, materials: [...all, held('socialSecurityCard')] }, []],
      ],
    ],
    [
      '门特申请表 | 是 | 在线填写并签名',
      [
        ['没有', without('applicationForm'), ['applicationForm missing']],
        ['没有文件', without('applicationForm', held('applicationForm', { fileIds: [] })), ['applicationForm noFile']],
      ],
    ],
    [
      '疾病诊断证明书 | 是 | 二级及以上医院,盖章',
      [
        ['没有', without('diagnosisCertificate'), ['diagnosisCertificate missing']],
        ['一级医院', { hospitalLevel: 1 }, ['diagnosisCertificate hospitalLevel']],
        ['二级医院', { hospitalLevel: 2 }, []],
      ],
    ],
    [
      '检查报告/病历(化验、影像、病理、出院小结或门诊病历) | 是 | 近半年内,清晰完整,盖章',
      [
        ['没有', without('medicalRecord'), ['medicalRecord missing']],
        ['没写日期', without('medicalRecord', held('medicalRecord')), ['medicalRecord issuedOnMissing']],
        ['正好半年', without('medicalRecord', held('medicalRecord', { issuedOn: '2026-05-23' })), []],
        [
          '半年多一天',
          without('medicalRecord', held('medicalRecord', { issuedOn: '2026-05-22' })),
          ['medicalRecord tooOld'],
        ],
      ],
    ],
    [
      '近期免冠照片 | 视病种 | 血透、移植类等',
      [
        ['血液透析', ofDisease('M07803'), ['photo missing']],
        ['器官移植抗排异', ofDisease('M08300'), ['photo missing']],
        ['器官移植抗排异,交了照片', { ...ofDisease('M08300'), materials: [...all, held('photo')] }, []],
        ['高血压', ofDisease('M03900'), []],
      ],
    ],
  ])('%s', (_, conditions) => {
    expectFound(conditions);
  });

  it('行政许可法第 32 条:一次性告知', () => {
    const nothing = { materials: [], hasElectronicVoucher: false, hospitalLevel: 1, photoRequired: true };
    const kinds = ['idCard', 'socialSecurityCard', 'applicationForm', 'diagnosisCertificate', 'medicalRecord', 'photo'];
    expect(found(nothing)).toEqual([...kinds.map((kind) => `${kind} missing`), 'diagnosisCertificate hospitalLevel']);
  });
});
