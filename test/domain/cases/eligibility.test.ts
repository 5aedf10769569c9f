import { describe, expect, it } from '@jest/globals';
import { type EligibilityQuestion, type InsuredPerson, refusalReasonsOf } from '../../../domain/cases/eligibility.ts';
import type { RefusalReason } from '../../../domain/vocabulary.ts';

const person: InsuredPerson = { status: 'normal', arrears: false, insuredType: 'employee', region: '510400' };
const filing = { number: 'YD1', validFrom: '2026-01-01', validUntil: '2026-12-31' };
const running = { validUntil: '2026-12-20', institution: '中心医院', revoked: false };

/** A new application of somebody insured here, without anything against it. */
const question: EligibilityQuestion = {
  type: 'new',
  submittedOn: '2026-11-23',
  region: '510400',
  person,
  residesElsewhere: false,
  crossRegionFilings: [],
  accreditation: null,
  reviewed: true,
  renewal: { opensDaysBefore: 60, closesDaysAfter: 30 },
};
const insured = (change: Partial<InsuredPerson>) => ({ person: { ...person, ...change } });
const elsewhere = (change: Partial<EligibilityQuestion> = {}) => ({ residesElsewhere: true, ...change });
const renewal = (change: Partial<EligibilityQuestion> = {}) =>
  ({ type: 'renewal', accreditation: running, ...change }) as const;
const change = (more: Partial<EligibilityQuestion> = {}) =>
  ({ type: 'changeInstitution', accreditation: running, designatedInstitution: '第二人民医院', ...more }) as const;

/** Somebody who has further institutions beside the first, and asks for others. */
const severally = (held: string[], asked?: string[]): Partial<EligibilityQuestion> => ({
  accreditation: { ...running, furtherInstitutions: held },
  furtherInstitutions: asked,
});

describe('an application', () => {
  it.each<[string, Partial<EligibilityQuestion>, RefusalReason[]]>([
    ['城镇职工', {}, []],
    ['城乡居民', insured({ insuredType: 'resident' }), []],
    ['灵活就业', insured({ insuredType: 'flexible' }), []],
    ['病种不面向职工', { insuredTypes: ['resident'] }, ['insuredTypeNotCovered']],
    ['病种面向职工和居民', { insuredTypes: ['resident', 'employee'] }, []],
    ['病种不面向职工,续期', renewal({ insuredTypes: ['resident'] }), ['insuredTypeNotCovered']],
    ['病种不面向职工,变更医院', change({ insuredTypes: ['resident'] }), []],
    ['两家换一家', change({ ...severally(['中医院'], ['人民医院']) }), []],
    ['两家的次序不同', change({ ...severally(['第二人民医院'], ['中心医院']) }), ['sameInstitution']],
    ['两家减为一家', change({ ...severally(['中医院']), designatedInstitution: '中心医院' }), []],
    ['未参保', { person: null }, ['notInsured']],
    ['在外地参保', insured({ region: '510100', arrears: true }), ['insuredElsewhere']],
    ['暂停参保', insured({ status: 'suspended' }), ['suspended']],
    ['终止参保', insured({ status: 'terminated' }), ['terminated']],
    ['欠费', insured({ arrears: true }), ['arrears']],
    [
      '暂停参保、欠费、没有异地备案',
      { ...insured({ status: 'suspended', arrears: true }), ...elsewhere() },
      ['suspended', 'arrears', 'noCrossRegionFiling'],
    ],
    ['死亡', insured({ status: 'deceased', arrears: true }), ['deceased']],
    ['参保关系转出', insured({ status: 'movedAway', region: '510100' }), ['movedAway']],
    ['异地居住,有备案', elsewhere({ crossRegionFilings: [filing] }), []],
    ['异地居住,没有备案', elsewhere(), ['noCrossRegionFiling']],
    [
      '异地居住,备案已过期',
      elsewhere({ crossRegionFilings: [{ ...filing, validUntil: '2026-11-22' }] }),
      ['noCrossRegionFiling'],
    ],
    ['异地居住,备案当天到期', elsewhere({ crossRegionFilings: [{ ...filing, validUntil: '2026-11-23' }] }), []],
    ['异地居住,备案长期有效', elsewhere({ crossRegionFilings: [{ ...filing, validUntil: null }] }), []],
    [
      '异地居住,备案还没生效',
      elsewhere({ crossRegionFilings: [{ ...filing, validFrom: '2026-11-24' }] }),
      ['noCrossRegionFiling'],
    ],
    ['异地居住,备案号对', elsewhere({ crossRegionFilings: [filing], crossRegionFilingNumber: 'YD1' }), []],
    [
      '异地居住,备案号不对',
      elsewhere({ crossRegionFilings: [filing], crossRegionFilingNumber: 'YD2' }),
      ['noCrossRegionFiling'],
    ],
    ['新申请,已有有效认定', { accreditation: running }, ['alreadyAccredited']],
    ['新申请,认定已到期', { accreditation: { ...running, validUntil: '2026-11-22' } }, []],
    ['新申请,认定已撤销', { accreditation: { ...running, revoked: true } }, []],
    ['续期', renewal(), []],
    ['续期,没有认定', renewal({ accreditation: null }), ['nothingToRenew']],
    ['续期,认定已撤销', renewal({ accreditation: { ...running, revoked: true } }), ['nothingToRenew']],
    ['续期,病种不用复审', renewal({ reviewed: false }), ['renewalNotNeeded']],
    ['续期,认定长期有效', renewal({ accreditation: { ...running, validUntil: null } }), ['renewalNotNeeded']],
    ['续期,到期前 60 天', renewal({ accreditation: { ...running, validUntil: '2027-01-22' } }), []],
    ['续期,到期前 61 天', renewal({ accreditation: { ...running, validUntil: '2027-01-23' } }), ['renewalTooEarly']],
    ['续期,到期后 30 天', renewal({ accreditation: { ...running, validUntil: '2026-10-24' } }), []],
    ['续期,到期后 31 天', renewal({ accreditation: { ...running, validUntil: '2026-10-23' } }), ['renewalTooLate']],
    ['定点变更', change(), []],
    ['定点变更,没有认定', change({ accreditation: null }), ['nothingToChange']],
    ['定点变更,认定已到期', change({ accreditation: { ...running, validUntil: '2026-11-22' } }), ['nothingToChange']],
    ['定点变更,认定已撤销', change({ accreditation: { ...running, revoked: true } }), ['nothingToChange']],
    ['定点变更,还是原来那家', change({ designatedInstitution: '中心医院' }), ['sameInstitution']],
  ])('%s', (_, changes, reasons) => {
    expect(refusalReasonsOf({ ...question, ...changes })).toEqual(reasons);
  });
});
