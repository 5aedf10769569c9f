import { describe, expect, it } from '@jest/globals';
import { schedule } from '../../../domain/cases/schedule.ts';
import type { ApplicationState } from '../../../domain/cases/state.ts';
import type { Channel } from '../../../domain/vocabulary.ts';
import { askedOf } from '../../../policy/cases/asked.ts';
import { policy } from '../../harness/policy.ts';
import { stateCouncil } from '../../harness/rules/calendars.ts';
import * as cases from '../../harness/rules/cases.ts';

const items = [
  { kind: 'photo', problem: '太旧' },
  { kind: 'medicalRecord', problem: '看不清' },
] as const;

function asked(state: ApplicationState, channel: Channel, today = '2026-11-26') {
  const { windowEndsOn, appealUntil } = schedule(state, channel, policy.clocks, stateCouncil);
  return askedOf(policy, { state, channel, windowEndsOn, appealUntil }, [...items], today);
}

describe('what is asked of an applicant', () => {
  it.each<[Channel, string]>([
    ['scApp', '请最迟于2026年12月10日24时从原申请渠道提交下列材料'],
    ['window', '请最迟于2026年12月10日17:00前到市政务中心医保窗口(工作日09:00–12:00、13:30–17:00)提交下列材料'],
  ])('through %s: the materials with their problems, until when and how', (channel, words) => {
    const found = asked(cases.awaitingMaterials('2026-11-25'), channel);
    expect(found).toMatchObject({ what: 'materials', until: '2026-12-10', appealUntil: null, ways: [] });
    expect(found?.detail).toContain(words);
    expect(found?.materials).toEqual([
      { kind: 'photo', name: '近期免冠照片', problem: '太旧' },
      { kind: 'medicalRecord', name: '检查报告或病历', problem: '看不清' },
    ]);
  });

  it('to come to the window with the originals, also for an online case', () => {
    const found = asked(cases.awaitingVerification('2026-11-25'), 'scApp');
    expect(found).toMatchObject({ what: 'verification', until: '2026-12-07', materials: [] });
    expect(found?.detail).toMatch(/^请最迟于2026年12月7日17:00前到市政务中心医保窗口.*核验原件,带本人有效身份证件/);
  });

  it.each([
    ['2026-12-10', ['resubmit', 'appeal']],
    ['2026-12-11', ['resubmit']],
  ])('on %s after a rejection: %j', (today, ways) => {
    const found = asked(cases.rejected('2026-11-25'), 'scApp', today);
    expect(found).toMatchObject({ what: 'resubmission', until: '2026-12-25', appealUntil: '2026-12-10' });
    expect(found?.ways.map(({ way }) => way)).toEqual(ways);
  });

  it('is nothing while the office has to act', () => {
    expect(asked(cases.underReview(), 'scApp')).toBeNull();
  });
});
