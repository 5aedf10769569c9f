import { describe, expect, it } from '@jest/globals';
import { filingSchema } from '../../api/cases/requests.ts';
import { deadline } from '../../domain/calendar/deadline.ts';
import { acceptanceNumber } from '../../domain/cases/acceptance-number.ts';
import { malformedFields } from '../../domain/cases/messages.ts';
import { objection } from '../../domain/cases/reviewing.ts';
import { schedule } from '../../domain/cases/schedule.ts';
import type { ApplicationState } from '../../domain/cases/state.ts';
import type { EntryDetail, EntryKind } from '../../domain/cases/timeline.ts';
import { transition } from '../../domain/cases/transitions.ts';
import { applicationTypes } from '../../domain/vocabulary.ts';
import { notificationsFor } from '../../policy/notifications/drafts.ts';
import { completeBody } from '../harness/http/documents.ts';
import { policy } from '../harness/policy.ts';
import { stateCouncil } from '../harness/rules/calendars.ts';
import * as cases from '../harness/rules/cases.ts';

/** The guide's 「怎么办」, step by step, by the shipped policy; what only HTTP shows is in channels.test.ts. */
const { acceptedOn, caseAfter, underReview } = cases;
const body = completeBody('3f0b2a4e-58f5-4a53-9a40-6c1f8f6f6f10');

/** The fields of a filing that the form refuses. */
const refusedFields = (change: object) =>
  filingSchema.safeParse({ ...body, ...change }).error?.issues.map(({ path }) => path.join('.')) ?? [];

/** What the applicant is told of an event, by channel. */
function textsOf(kind: EntryKind, state: ApplicationState, detail: EntryDetail = {}) {
  const drafts = notificationsFor(policy, {
    acceptanceNumber: acceptanceNumber(policy.city.region, 2026, new Uint8Array(8)),
    applicantName: '李娜',
    change: { sequence: 2, entry: { at: '2026-11-25T02:00:00Z', kind, by: 'r1', via: 'api', detail }, state },
    schedule: schedule(state, 'scApp', policy.clocks, stateCouncil),
    staff: [],
  });
  return Object.fromEntries(drafts.map(({ channel, body }) => [channel, body]));
}

describe('怎么办', () => {
  it('1. 实名注册、登录(身份证号、社保卡、医保电子凭证);信息要一致,手机号要能接通', () => {
    expect(refusedFields({})).toEqual([]);
    expect(refusedFields({ applicant: { ...body.applicant, idNumber: '510402198803152121' } })).toEqual([
      'applicant.idNumber',
    ]);
    expect(refusedFields({ applicant: { ...body.applicant, phone: '1380013' } })).toEqual(['applicant.phone']);
  });

  it('2. 选“门特申请”,读办理须知,定申请类型:新申请、续期、变更等', () => {
    for (const type of applicationTypes) {
      expect(refusedFields({ type })).toEqual([]);
      expect(policy.materials.asked[type]).not.toEqual([]);
    }
    expect(refusedFields({ type: 'other' })).toEqual(['type']);
  });

  it('3. 在线填《门诊慢特病病种待遇认定申请表》并签名,上传材料', () => {
    expect(policy.materials.names.applicationForm).toBe('门诊慢特病病种待遇认定申请表');
    expect(refusedFields({ signature: undefined, materials: undefined }).sort()).toEqual(['materials', 'signature']);
  });

  it('5. 经办机构自受理之日起 15 个工作日内审核完(遇节假日顺延)', () => {
    const { workingDays } = policy.clocks;
    const due = (on: string) => deadline({ acceptedOn: on, workingDays, pauses: [] }, stateCouncil).dueOn;
    expect(workingDays).toBe(15);
    expect(due('2026-11-23')).toBe('2026-12-14');
    // Over 中秋 and 国庆, with the Saturday that is worked for them.
    expect(due('2026-09-24')).toBe('2026-10-22');
  });

  it('6. 通过后自动发短信或 APP 消息', () => {
    const { sms, app } = textsOf('registered', caseAfter(underReview(), [cases.approve], [{ name: 'register' }]));
    expect([sms, app]).toEqual(Array(2).fill(expect.stringContaining('已通过认定')));
  });

  it('6. 要补材料,用 APP 或短信告知', () => {
    const { sms, app } = textsOf('materialsRequested', cases.awaitingMaterials(acceptedOn));
    expect([sms, app]).toEqual(Array(2).fill(expect.stringContaining('需要补充:近期免冠照片、检查报告或病历')));
  });

  it('7. 部分特殊病种或材料复杂的,可能要线下补充核验', () => {
    const awaiting = cases.awaitingVerification(acceptedOn);
    expect(textsOf('verificationRequested', awaiting).sms).toContain('市政务中心医保窗口');
    expect(caseAfter(awaiting, [cases.recordVerification(true)])).toMatchObject({
      status: 'underReview',
      verified: true,
    });
    const special = { ...underReview(), mustVerify: true };
    expect(objection(special, { name: 'approve', payload: { by: 'r1' } }, false)).toBe('notVerified');
  });

  it('8. 不通过的,注明原因', () => {
    expect(malformedFields('reject', { by: 'r1' })).toEqual(['reason']);
    const { app } = textsOf('rejected', cases.rejected(acceptedOn), { reason: '病历不能证明诊断' });
    expect(app).toContain('原因:病历不能证明诊断');
  });

  it('8. 不通过的,可补充材料后重新申请', () => {
    const again = transition(cases.rejected('2026-12-01'), cases.resubmit, '2026-12-08');
    expect(again).toMatchObject({
      status: 'underReview',
      round: 2,
      ledger: { acceptedOn: '2026-12-08', workingDays: 15 },
    });
  });

  it('8. 申诉:APP“意见反馈”,或热线 0812-3323000', () => {
    const { app } = textsOf('rejected', cases.rejected(acceptedOn), { reason: '病历不能证明诊断' });
    expect(app).toContain('APP“意见反馈”');
    expect(app).toContain('0812-3323000');
    expect(caseAfter(cases.rejected(acceptedOn), [cases.appeal])).toMatchObject({
      status: 'underReview',
      appealed: true,
    });
  });
});
