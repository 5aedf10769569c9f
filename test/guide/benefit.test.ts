import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { InsuranceCore } from '../../activities/insurance/adapters/core.ts';
import { insuredPeople } from '../../dev/stand-ins/insured-people.ts';
import { benefitOf } from '../../domain/accreditations/benefit.ts';
import { acceptanceNumber } from '../../domain/cases/acceptance-number.ts';
import { type EligibilityQuestion, refusalReasonsOf } from '../../domain/cases/eligibility.ts';
import { addDays } from '../../domain/dates.ts';
import { diseaseOf } from '../../policy/catalogue.ts';
import { policySchema } from '../../policy/schema.ts';
import { policy } from '../harness/policy.ts';
import { type Core, registration, startCore } from '../harness/providers/insurance-core.ts';

/** The guide's 「待遇」, 「变更、续期、异地」, codes and numbers, fact by fact, by the shipped policy. */
let core: Core;
beforeAll(async () => {
  core = await startCore();
});
afterAll(() => core?.stop());

describe('待遇', () => {
  const { employee, resident } = policy.benefit;

  it.each([
    ['起付标准:城镇职工 800 元/年', employee, 800],
    ['起付标准:城乡居民 500 元/年', resident, 500],
  ])('%s', (_, rules, deductible) => {
    expect(benefitOf(rules, { age: 40, exempt: false }).deductible).toBe(deductible);
  });

  it('起付标准:部分病种免起付线', () => {
    expect(benefitOf(employee, { age: 40, exempt: true }).deductible).toBe(0);
    expect(benefitOf(employee, { age: 40, exempt: false }).limit).toBeNull();
  });

  it('报销比例:城镇职工 85%(随年龄递增)', () => {
    const ratioAt = (age: number) => benefitOf(employee, { age, exempt: false }).ratio;
    expect(ratioAt(40)).toEqual([85, 85]);
    const highest = [20, 40, 60, 80].map((age) => ratioAt(age)[1]);
    expect(highest).toEqual([...highest].sort((a, b) => a - b));
    expect(highest.at(-1)).toBeGreaterThan(85);
  });

  it('报销比例:城乡居民 53%–68%(按缴费档次)', () => {
    const tiers = Object.keys(resident.byTier ?? {});
    const ratios = tiers.map((tier) => benefitOf(resident, { age: 40, tier, exempt: false }).ratio);
    expect(benefitOf(resident, { age: 40, exempt: false }).ratio).toEqual([53, 68]);
    expect([Math.min(...ratios.flat()), Math.max(...ratios.flat())]).toEqual([53, 68]);
  });

  it('支付范围:只限与该病种有关、且在医保目录内的药品、检查、治疗费用', () => {
    expect(policy.benefit.note).toContain('只支付与该病种有关、且在医保目录内的药品、检查、治疗费用');
  });
});

describe('变更、续期、异地', () => {
  const on = '2026-11-23';
  const question: EligibilityQuestion = {
    type: 'new',
    submittedOn: on,
    region: policy.city.region,
    person: { status: 'normal', arrears: false, insuredType: 'employee', region: policy.city.region },
    residesElsewhere: false,
    crossRegionFilings: [],
    accreditation: null,
    reviewed: false,
    renewal: policy.renewal,
  };
  const reasons = (change: Partial<EligibilityQuestion>) => refusalReasonsOf({ ...question, ...change });

  it('续期:部分病种要定期复审,按提示交最新病情材料', () => {
    const renewalOf = (code: string) => {
      const reviewed = diseaseOf(policy, code)?.validMonths != null;
      const validUntil = addDays(on, 7);
      return reasons({ type: 'renewal', reviewed, accreditation: { validUntil, institution: null, revoked: false } });
    };
    expect(renewalOf('M00500')).toEqual([]);
    expect(renewalOf('M03900')).toEqual(['renewalNotNeeded']);
    expect(policy.materials.asked.renewal).toEqual(['medicalRecord']);
    expect(policy.notifications.find((notification) => notification.on === 'renewalReminded')?.app).toContain(
      '最新病情材料',
    );
  });

  it('长期异地居住:先办异地就医备案,再申请门特', () => {
    const filed = { number: 'YD1', validFrom: '2026-01-01', validUntil: null };
    expect(reasons({ residesElsewhere: true })).toEqual(['noCrossRegionFiling']);
    expect(reasons({ residesElsewhere: true, crossRegionFilings: [filed] })).toEqual([]);
  });

  it('长期异地居住:按参保地政策执行', () => {
    const person = { ...question.person, region: '510100' } as EligibilityQuestion['person'];
    expect(reasons({ person })).toEqual(['insuredElsewhere']);
  });
});

describe('病种代码', () => {
  it.each([
    ['M03900', '高血压'],
    ['M01600', '糖尿病'],
    ['M08300', '器官移植抗排异'],
    ['M07800', '慢性肾功能衰竭(非透析)'],
    ['M00500', '恶性肿瘤'],
    ['M07803', '血液透析'],
  ])('%s %s', (code, name) => {
    expect(diseaseOf(policy, code)?.name).toBe(name);
  });

  it.each([
    ['M05300', '慢阻肺'],
    ['M01200', '血友病'],
    ['M02101', '精神分裂症'],
  ])('%s %s:指南没有点名为本市病种,可作为政策数据加进目录', (code, name) => {
    const catalogue = [...policy.catalogue, { code, name, photo: false }];
    expect(diseaseOf(policy, code)).toBeUndefined();
    expect(diseaseOf(policySchema.parse({ ...policy, catalogue }), code)?.name).toBe(name);
  });
});

describe('国家医保接口编号', () => {
  it.each<[row: string, call: (insurance: InsuranceCore) => Promise<unknown>, number: string]>([
    ['2503 门慢特备案', (insurance) => insurance.register(registration), '2503'],
    [
      '2504 撤销',
      (insurance) => insurance.revoke({ requestId: 'r', registrationNumber: 'BA1', on: '2026-11-23' }),
      '2504',
    ],
    ['5301 查询', (insurance) => insurance.accreditations({ idNumber: registration.person.idNumber }), '5301'],
  ])('%s', async (_, call, number) => {
    const paths: (string | undefined)[] = [];
    const baseUrl = await core.serve(({ url }, response) => {
      paths.push(url?.split('/').at(-1));
      response.writeHead(500).end();
    });
    await expect(call(core.adapter({ baseUrl }))).rejects.toThrow('HTTP 500');
    expect(paths).toEqual([number]);
  });

  it.each([
    ['参保类别 310 职工', 'employee', '310', 'employee'],
    ['参保类别 390 居民', 'resident', '390', 'resident'],
  ] as const)('%s', async (_, who, category, insuredType) => {
    const { name, idNumber, insured } = insuredPeople[who];
    expect(insured?.category).toBe(category);
    expect(await core.adapter().person({ name, idNumber })).toMatchObject({ insured: { insuredType } });
  });

  it('攀枝花行政区划 510400', () => {
    expect(policy.city).toMatchObject({ name: '攀枝花市', region: '510400' });
    expect(acceptanceNumber(policy.city.region, 2026, new Uint8Array(8))).toMatch(/^51040026/);
  });
});
