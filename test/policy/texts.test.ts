import { describe, expect, it } from '@jest/globals';
import type { MaterialsCase, MissingReason } from '../../domain/cases/materials.ts';
import type { EntryDetail } from '../../domain/cases/timeline.ts';
import { materialKinds } from '../../domain/vocabulary.ts';
import { findings } from '../../policy/cases/findings.ts';
import { materialName } from '../../policy/catalogue.ts';
import { chineseDate, fill, groundsOf, listInShort, surnameOf, withGroundNames } from '../../policy/texts.ts';
import { policy } from '../harness/policy.ts';

describe('surnameOf', () => {
  it.each([
    ['李娜', '李'],
    ['王小明', '王'],
    ['欧阳娜娜', '欧阳'],
    ['司马光', '司马'],
    ['诸葛亮', '诸葛'],
    ['欧阳', '欧'],
    ['东方', '东'],
    ['欧小敏', '欧'],
    ['阿西·木呷', '阿西'],
    ['吉克•阿依', '吉克'],
    ['司马·光', '司马'],
    [' 张三 ', '张'],
    ['𬱖小勇', '𬱖'],
    ['张', '张'],
    ['', ''],
  ])('of %s is %s', (name, surname) => {
    expect(surnameOf(name)).toBe(surname);
  });
});

describe('the grounds of a rejection', () => {
  const { rejectionGrounds } = policy;
  const before = { rejectionGrounds: { retired: '旧的原因' } };

  it('are told in the policy’s words; what it doesn’t list, as a signal may bring, is left out', () => {
    expect(groundsOf(policy, ['other', 'toString', 'nothing'])).toEqual([rejectionGrounds.other]);
    expect(groundsOf(policy)).toEqual([]);
  });

  it('have their names, also where only an older policy lists them; else the code stands for itself', () => {
    const detail = { grounds: ['notProven', 'retired', 'toString'], reason: '见病历' };
    const named = [rejectionGrounds.notProven, '旧的原因', 'toString'];
    expect(withGroundNames([policy, before], detail)).toEqual({ ...detail, groundNames: named });
    const reasoned: EntryDetail = { reason: '见病历' };
    expect(withGroundNames([policy], reasoned)).toEqual(reasoned);
  });
});

describe('fill', () => {
  it.each([
    ['every parameter, as often as it stands', '{tail}和{tail},{left}天', '9ABCDE和9ABCDE,3天'],
    ['a dash for one without a value', '期限{dueOn}。', '期限—。'],
    ['a dash for an empty one', '还缺:{items}。', '还缺:—。'],
    ['plain text as it is', '咨询窗口。', '咨询窗口。'],
  ])('gives %s', (_, template, text) => {
    expect(fill(template, { tail: '9ABCDE', left: '3', items: '' })).toBe(text);
  });

  it("does not fill in what stands in a reviewer's own words", () => {
    expect(fill('原因:{reason}', { reason: '见{tail} $& $1', tail: '9ABCDE' })).toBe('原因:见{tail} $& $1');
  });
});

it.each([
  ['2026-12-09', '2026年12月9日'],
  ['2026-01-31', '2026年1月31日'],
  [null, ''],
])('chineseDate of %s is %s', (date, text) => {
  expect(chineseDate(date)).toBe(text);
});

describe('a list in short', () => {
  it.each([
    ['nothing', [], ''],
    ['all, where there is room', ['身份证', '社保卡', '照片'], '身份证、社保卡、照片'],
    ['as many as there is room for beside their number', ['身份证', '社保卡', '近期照片'], '身份证、社保卡等3项'],
    ['no more than that', ['身份证', '医保凭证', '照片', '病历'], '身份证等4项'],
    ['the first, however long', ['门诊慢特病病种待遇认定申请表', '照片'], '门诊慢特病病种待遇认定申请表等2项'],
  ])('has %s', (_, names, text) => {
    expect(listInShort(names, 10)).toBe(text);
  });
});

describe('findings', () => {
  const complete: MaterialsCase = {
    type: 'new',
    materials: [
      { kind: 'idCard', fileIds: ['f1'] },
      { kind: 'applicationForm', fileIds: ['f2'] },
      { kind: 'diagnosisCertificate', fileIds: ['f3'] },
      { kind: 'medicalRecord', fileIds: ['f4'], issuedOn: '2026-11-01' },
    ],
    hasElectronicVoucher: true,
    hospitalLevel: 2,
    photoRequired: false,
    submittedOn: '2026-11-23',
    today: '2026-11-23',
  };
  const record = (issuedOn?: string, fileIds = ['f4']) => ({
    materials: [...complete.materials.slice(0, 3), { kind: 'medicalRecord' as const, fileIds, issuedOn }],
  });

  it('are none of a complete application', () => {
    expect(findings(policy, complete)).toEqual([]);
  });

  it.each<[MissingReason, Partial<MaterialsCase>, string]>([
    ['missing', { photoRequired: true }, '缺少近期免冠照片,请上传。'],
    ['requested', { requestedKinds: ['photo'] }, '审核人员要求补充近期免冠照片,请上传。'],
    ['noFile', record('2026-11-01', []), '检查报告或病历没有上传文件。'],
    ['issuedOnMissing', record(), '请填写检查报告或病历的出具日期。'],
    ['issuedInFuture', record('2026-11-24'), '检查报告或病历的出具日期不能晚于提交日期。'],
    ['tooOld', record('2026-05-22'), '检查报告或病历应为近 6 个月内出具,请提供近期的。'],
    ['hospitalLevel', { hospitalLevel: 1 }, '疾病诊断证明书应由二级及以上医疗机构出具。'],
  ])('%s is said as: %s %s', (reason, change, detail) => {
    expect(findings(policy, { ...complete, ...change })).toEqual([expect.objectContaining({ reason, detail })]);
  });

  it('call each material by the name that the policy gives it', () => {
    const requested = findings(policy, { ...complete, requestedKinds: [...materialKinds] });
    expect(requested.map(({ kind, detail }) => detail.includes(materialName(policy, kind)))).toEqual(
      materialKinds.map(() => true),
    );
  });
});
