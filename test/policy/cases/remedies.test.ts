import { describe, expect, it } from '@jest/globals';
import { accreditationStatuses, statuses } from '../../../domain/vocabulary.ts';
import { remediesOf } from '../../../policy/cases/remedies.ts';
import { policy } from '../../harness/policy.ts';

const windows = { windowEndsOn: '2026-12-25', appealUntil: '2026-12-10', today: '2026-11-25' };
const ways = (status: Parameters<typeof remediesOf>[1], open?: Parameters<typeof remediesOf>[2]) =>
  remediesOf(policy, status, open).map(({ way }) => way);
const outside = ['feedback', 'hotline', 'reconsideration', 'litigation'];

describe('the ways that remain', () => {
  it.each([
    ['after the decision', {}, ['resubmit', 'appeal']],
    ['on the last day for an appeal', { today: '2026-12-10' }, ['resubmit', 'appeal']],
    ['the day after', { today: '2026-12-11' }, ['resubmit']],
    ['where there was an appeal already', { appealUntil: null }, ['resubmit']],
    ['where an appeal may come later than a resubmission', { windowEndsOn: null }, ['appeal']],
    ['once the case has ended', { windowEndsOn: null, appealUntil: null }, ['refile']],
    ['once both days have passed', { today: '2026-12-26' }, ['refile']],
  ])('after a rejection, %s', (_, change, here) => {
    expect(ways('rejected', { ...windows, ...change })).toEqual([...here, ...outside]);
  });

  it('after a refusal: no appeal here, but a new application once the obstacle is gone', () => {
    const none = { windowEndsOn: null, appealUntil: null, today: '2026-11-25' };
    expect(ways('refused', none)).toEqual(['refile', ...outside]);
  });

  it('after a revocation', () => {
    expect(ways('revoked')).toEqual(outside);
  });

  const undecided = [...statuses, ...accreditationStatuses].filter(
    (status) => !['refused', 'rejected', 'revoked'].includes(status),
  );
  it.each(undecided)('while %s: none, since nothing was decided against anybody', (status) => {
    expect(ways(status, windows)).toEqual([]);
  });

  it('are said with their terms, and none is left open', () => {
    const remedies = remediesOf(policy, 'rejected', windows);
    expect(remedies.map(({ name, detail }) => `${name}:${detail}`)).toEqual([
      '补充材料:最迟2026年12月25日补充材料重新提交,办理期限重新计算',
      '申诉:最迟2026年12月10日在原申请渠道提出申诉(限一次),由未参与过审核的人员复核',
      '意见反馈:在APP“意见反馈”提出',
      '热线:致电0812-3323000',
      '行政复议:自知道该决定之日起60日内,向攀枝花市人民政府申请行政复议',
      '行政诉讼:自知道该决定之日起6个月内,向有管辖权的人民法院提起行政诉讼',
    ]);
  });
});
