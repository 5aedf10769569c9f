import { describe, expect, it } from '@jest/globals';
import {
  type Material,
  type MaterialRules,
  type MaterialsCase,
  missingMaterials,
  requiredKinds,
  withSupplement,
} from '../../../domain/cases/materials.ts';
import { type MaterialKind, materialKinds } from '../../../domain/vocabulary.ts';

const rules: MaterialRules = {
  asked: {
    new: ['idCard', 'socialSecurityCard', 'applicationForm', 'diagnosisCertificate', 'medicalRecord', 'photo'],
    renewal: ['medicalRecord'],
    changeInstitution: ['idCard', 'applicationForm'],
  },
  minimumHospitalLevel: 2,
  recordMonths: 6,
};
const issuedOn = '2026-10-10';
const material = (kind: MaterialKind, more: Partial<Material> = {}): Material => ({
  kind,
  fileIds: [`file-${kind}`],
  ...(kind === 'medicalRecord' ? { issuedOn } : {}),
  ...more,
});

/** An application with a voucher, to which nothing is missing. */
const complete: MaterialsCase = {
  type: 'new',
  materials: (['idCard', 'applicationForm', 'diagnosisCertificate', 'medicalRecord'] as const).map((kind) =>
    material(kind),
  ),
  hasElectronicVoucher: true,
  hospitalLevel: 2,
  photoRequired: false,
  submittedOn: '2026-11-23',
  today: '2026-11-23',
};
const without = (kind: MaterialKind) => ({ materials: complete.materials.filter((present) => present.kind !== kind) });
const adding = (...added: Material[]) => ({ materials: [...complete.materials, ...added] });
const replacing = (kind: MaterialKind, more: Partial<Material>) => ({
  materials: [...without(kind).materials, material(kind, more)],
});
const missing = (change: Partial<MaterialsCase>) => missingMaterials({ ...complete, ...change }, rules);

describe('what a disease asks for by its own rules', () => {
  const own: MaterialRules = {
    ...rules,
    asked: { ...rules.asked, new: [...rules.asked.new, 'pathologyReport', 'proxyLetter', 'residencePermit'] },
    hospitals: ['H1', 'H2'],
    conditions: { proxyLetter: 'byAgent', residencePermit: 'residesElsewhere' },
  };
  const report = adding(material('pathologyReport'));
  it.each<[string, Partial<MaterialsCase>, [MaterialKind, string][]]>([
    ['all there', { ...report, hospitalCode: 'H2' }, []],
    ['病理报告: none', { hospitalCode: 'H1' }, [['pathologyReport', 'missing']]],
    ['病理报告: without a file', adding(material('pathologyReport', { fileIds: [] })), [['pathologyReport', 'noFile']]],
    ['委托书: an agent acts', { ...report, byAgent: true }, [['proxyLetter', 'missing']]],
    ['居住证: lives elsewhere', { ...report, residesElsewhere: true }, [['residencePermit', 'missing']]],
    [
      'another hospital, of too low a level',
      { ...report, hospitalCode: 'H3', hospitalLevel: 1 },
      [
        ['diagnosisCertificate', 'hospitalLevel'],
        ['diagnosisCertificate', 'hospitalUnrecognised'],
      ],
    ],
    ['another hospital, for what asks for no certificate', { ...renewed(), hospitalCode: 'H3' }, []],
  ])('%s', (_, change, expected) => {
    const found = missingMaterials({ ...complete, ...change }, own);
    expect(found.map(({ kind, reason }) => [kind, reason])).toEqual(expected);
  });

  function renewed(): Partial<MaterialsCase> {
    return { type: 'renewal', materials: [material('medicalRecord')] };
  }
});

describe("the rows of the guide's table", () => {
  it.each<[string, Partial<MaterialsCase>, [MaterialKind, string][]]>([
    ['all there', {}, []],
    ['有效身份证件: none', without('idCard'), [['idCard', 'missing']]],
    [
      '有效身份证件: the electronic voucher does',
      { materials: [...without('idCard').materials, material('electronicVoucher')] },
      [],
    ],
    [
      '有效身份证件: not a voucher that the person is said not to have',
      {
        hasElectronicVoucher: false,
        materials: [...without('idCard').materials, material('electronicVoucher'), material('socialSecurityCard')],
      },
      [['idCard', 'missing']],
    ],
    ['社保卡: asked for without a voucher', { hasElectronicVoucher: false }, [['socialSecurityCard', 'missing']]],
    ['社保卡: there', { hasElectronicVoucher: false, ...adding(material('socialSecurityCard')) }, []],
    ['门特申请表: none', without('applicationForm'), [['applicationForm', 'missing']]],
    ['疾病诊断证明书: none', without('diagnosisCertificate'), [['diagnosisCertificate', 'missing']]],
    ['疾病诊断证明书: level 1', { hospitalLevel: 1 }, [['diagnosisCertificate', 'hospitalLevel']]],
    ['疾病诊断证明书: level 3', { hospitalLevel: 3 }, []],
    ['检查报告或病历: none', without('medicalRecord'), [['medicalRecord', 'missing']]],
    [
      '检查报告或病历: undated',
      replacing('medicalRecord', { issuedOn: undefined }),
      [['medicalRecord', 'issuedOnMissing']],
    ],
    ['检查报告或病历: too old', replacing('medicalRecord', { issuedOn: '2026-05-22' }), [['medicalRecord', 'tooOld']]],
    ['近期免冠照片: not asked for', { photoRequired: false }, []],
    ['近期免冠照片: none', { photoRequired: true }, [['photo', 'missing']]],
    ['近期免冠照片: there', { photoRequired: true, ...adding(material('photo')) }, []],
    ['any: without a file', replacing('applicationForm', { fileIds: [] }), [['applicationForm', 'noFile']]],
    [
      'any: dated tomorrow',
      replacing('diagnosisCertificate', { issuedOn: '2026-11-24' }),
      [['diagnosisCertificate', 'issuedInFuture']],
    ],
    [
      '续期: the latest record is all',
      { type: 'renewal', materials: [material('medicalRecord')], hospitalLevel: 1 },
      [],
    ],
    ['续期: no record', { type: 'renewal', materials: [material('idCard')] }, [['medicalRecord', 'missing']]],
    [
      '续期: an old record',
      { type: 'renewal', materials: [material('medicalRecord', { issuedOn: '2026-05-22' })] },
      [['medicalRecord', 'tooOld']],
    ],
    [
      '定点变更: who it is, and the form',
      { type: 'changeInstitution', materials: [material('idCard'), material('applicationForm')], photoRequired: true },
      [],
    ],
    [
      '定点变更: nothing',
      { type: 'changeInstitution', materials: [] },
      [
        ['idCard', 'missing'],
        ['applicationForm', 'missing'],
      ],
    ],
    ['any: asked for by the reviewer', { requestedKinds: ['medicalRecord'] }, [['medicalRecord', 'requested']]],
  ])('%s', (_, change, expected) => {
    expect(missing(change)).toEqual(expected.map(([kind, reason]) => ({ kind, reason })));
  });

  it('asks only for the kinds that there are', () => {
    const kinds = (hasElectronicVoucher: boolean) =>
      requiredKinds(rules.asked.new, { hasElectronicVoucher, photoRequired: true }).flat();
    const required = kinds(false).concat(kinds(true));
    expect([...new Set(required)].sort()).toEqual([...materialKinds].sort());
  });
});

describe('how old a medical record may be', () => {
  it.each([
    ['exactly six months', '2026-11-23', '2026-05-23', []],
    ['a day more', '2026-11-23', '2026-05-22', ['tooOld']],
    ['six months before a day that February lacks', '2026-08-31', '2026-02-28', []],
    ['a day more than that', '2026-08-31', '2026-02-27', ['tooOld']],
    ['issued today', '2026-11-23', '2026-11-23', []],
    ['issued tomorrow', '2026-11-23', '2026-11-24', ['issuedInFuture']],
  ])('%s: submitted %s, issued %s', (_, submittedOn, date, reasons) => {
    const found = missing({ submittedOn, today: submittedOn, ...replacing('medicalRecord', { issuedOn: date }) });
    expect(found.map(({ reason }) => reason)).toEqual(reasons);
  });

  it("goes by the day of this round's submission, not by the day of the supplement", () => {
    const supplement = { today: '2026-12-10', ...replacing('medicalRecord', { issuedOn: '2026-05-23' }) };
    expect(missing(supplement)).toEqual([]);
    expect(missing({ ...supplement, submittedOn: '2026-12-10' })).toEqual([
      { kind: 'medicalRecord', reason: 'tooOld' },
    ]);
  });

  it('a record issued since the submission is recent', () => {
    expect(missing({ today: '2026-12-10', ...replacing('medicalRecord', { issuedOn: '2026-12-09' }) })).toEqual([]);
  });

  it('holds for each record that is handed in', () => {
    const old = material('medicalRecord', { issuedOn: '2025-01-01' });
    expect(missing(adding(old))).toEqual([{ kind: 'medicalRecord', reason: 'tooOld' }]);
  });

  it('is nothing that other materials are asked', () => {
    expect(missing(replacing('diagnosisCertificate', { issuedOn: '2020-01-01' }))).toEqual([]);
  });
});

it('tells everything that is missing at once', () => {
  const empty = { materials: [], hasElectronicVoucher: false, hospitalLevel: 1, photoRequired: true };
  expect(missing(empty)).toEqual([
    { kind: 'idCard', reason: 'missing' },
    { kind: 'socialSecurityCard', reason: 'missing' },
    { kind: 'applicationForm', reason: 'missing' },
    { kind: 'diagnosisCertificate', reason: 'missing' },
    { kind: 'medicalRecord', reason: 'missing' },
    { kind: 'photo', reason: 'missing' },
    { kind: 'diagnosisCertificate', reason: 'hospitalLevel' },
  ]);
});

describe('a supplement', () => {
  it('replaces the kinds that it brings and keeps the rest', () => {
    const held = [material('idCard'), material('photo', { fileIds: ['old'] })];
    const brought = [material('photo', { fileIds: ['new-1'] }), material('photo', { fileIds: ['new-2'] })];
    expect(withSupplement(held, brought)).toEqual([material('idCard'), ...brought]);
  });

  it('of a new kind is added', () => {
    expect(withSupplement([material('idCard')], [material('photo')])).toEqual([material('idCard'), material('photo')]);
  });
});
