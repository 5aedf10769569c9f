import { expect, it } from '@jest/globals';
import { grantedAccreditation } from '../../../domain/accreditations/state.ts';
import { revocationNotice } from '../../../policy/notices/revocation.ts';
import { liNa } from '../../harness/people.ts';
import { policy } from '../../harness/policy.ts';

const composed = (at = '2026-11-25T02:00:00.000Z', diseaseCode = 'M00500', changes: object = {}) =>
  revocationNotice(policy, {
    accreditationId: 'RD5104002601234567A',
    name: liNa.name,
    idNumber: liNa.idNumber,
    diseaseCode,
    change: {
      sequence: 2,
      entry: {
        ...{ at, kind: 'revoked', by: 'supervisor-1', via: 'api' },
        detail: { cause: 'office', reason: '材料不实', ...changes },
      },
      state: { ...grantedAccreditation('2026-01-01', '2027-12-31'), status: 'revoked', owesCore: true },
    },
  });

it('names the accreditation, its disease, the day, the reason and the ways that remain', () => {
  const { sections, ...rest } = composed();
  expect(rest).toEqual({
    prefix: '攀医保门特撤',
    title: '门诊特殊疾病撤销认定决定书',
    office: policy.notices.office,
    addressee: '李娜(身份证号 510402********2122)',
    issuedOn: '2026-11-25',
  });
  const text = sections.map((section) => section.text).join('\n');
  for (const words of ['认定编号:RD5104002601234567A,病种:恶性肿瘤', '自2026年11月25日起撤销', '原因:材料不实']) {
    expect(text).toContain(words);
  }
  expect(text).not.toMatch(/[{}—]/);
  const ways = sections.at(-1)?.items?.map((way) => way.split(':')[0]);
  expect(ways).toEqual(['意见反馈', '热线', '行政复议', '行政诉讼']);
});

it('takes effect on the Shanghai day', () => {
  const { issuedOn, sections } = composed('2026-12-31T16:30:00.000Z');
  expect([issuedOn, sections[0]?.text]).toEqual(['2027-01-01', expect.stringContaining('自2027年1月1日起撤销')]);
});

it("takes effect, on the insurance core's word, on the day on which it happened", () => {
  const { issuedOn, sections } = composed(undefined, undefined, { cause: 'movedAway', on: '2026-11-02' });
  expect([issuedOn, sections[0]?.text]).toEqual(['2026-11-25', expect.stringContaining('自2026年11月2日起撤销')]);
});

it('calls a disease that the catalogue does not list by its code', () => {
  expect(composed(undefined, 'M99999').sections[0]?.text).toContain('病种:M99999');
});
