import { describe, expect, it } from '@jest/globals';
import { schedule } from '../../../domain/cases/schedule.ts';
import type { ApplicationState } from '../../../domain/cases/state.ts';
import type { EntryDetail, EntryKind } from '../../../domain/cases/timeline.ts';
import {
  type CaseNoticeKind,
  caseNoticeKinds,
  type Granted,
  type NoticedCase,
  noticeOf,
} from '../../../domain/notices.ts';
import { caseNotice } from '../../../policy/notices/case.ts';
import { liNa } from '../../harness/people.ts';
import { policy } from '../../harness/policy.ts';
import { stateCouncil } from '../../harness/rules/calendars.ts';
import * as cases from '../../harness/rules/cases.ts';

const number = '5104002601234567A';
/** Each kind: the entry that it tells of, the state after it, on 2026-11-25. */
const occasions: Record<CaseNoticeKind, { entry: EntryKind; state: ApplicationState; detail?: EntryDetail }> = {
  acceptance: { entry: 'accepted', state: cases.underReview() },
  refusal: {
    entry: 'refused',
    state: cases.caseAfter(cases.submitted(), [cases.refuse]),
    detail: { reasons: ['arrears', 'noCrossRegionFiling'] },
  },
  supplement: {
    entry: 'materialsRequested',
    state: cases.awaitingMaterials('2026-11-25'),
    detail: {
      items: [
        { kind: 'photo', problem: '不是近期的' },
        { kind: 'medicalRecord', problem: '第 2 页看不清' },
      ],
      note: '只给同事看',
    },
  },
  rejection: { entry: 'rejected', state: cases.rejected('2026-11-25'), detail: { reason: '病历不能证明诊断' } },
  approval: {
    entry: 'registered',
    state: cases.caseAfter(cases.underReview(), [cases.approve], [{ name: 'register' }]),
  },
};

const granted: Granted = {
  accreditationId: `RD${number}`,
  validFrom: '2026-11-25',
  validUntil: null,
  institution: '攀枝花市中心医院',
  furtherInstitutions: [],
  insuredType: 'employee',
  tier: null,
  policyVersion: policy.version,
};

function composed(kind: CaseNoticeKind, changes: Partial<NoticedCase> = {}, rules = policy) {
  const { entry, state, detail = {} } = occasions[kind];
  return caseNotice(rules, {
    kind,
    acceptanceNumber: number,
    applicantName: liNa.name,
    idNumber: liNa.idNumber,
    type: 'new',
    diseaseCode: 'M01600',
    policyVersion: policy.version,
    submittedAt: '2026-11-23T02:00:00.000Z',
    handedIn: [
      { kind: 'idCard', fileIds: ['f1', 'f2'], originalSeen: true },
      { kind: 'medicalRecord', fileIds: ['f3'], issuedOn: '2026-11-01' },
    ],
    change: {
      sequence: 2,
      state,
      entry: { at: '2026-11-25T02:00:00.000Z', kind: entry, by: 'r1', via: 'api', detail },
    },
    schedule: schedule(state, 'scApp', rules.clocks, stateCouncil),
    ...(kind === 'approval' ? { granted } : {}),
    ...changes,
  });
}
const textOf = (...asked: Parameters<typeof composed>) =>
  composed(...asked)
    .sections.flatMap(({ text, items = [] }) => [text, ...items])
    .join('\n');

describe('a notice', () => {
  it.each<[CaseNoticeKind, string, string]>([
    ['acceptance', '攀医保门特受', '门诊特殊疾病认定申请受理通知书'],
    ['refusal', '攀医保门特不受', '门诊特殊疾病认定申请不予受理告知书'],
    ['supplement', '攀医保门特补', '门诊特殊疾病认定申请补正材料告知书'],
    ['rejection', '攀医保门特不予', '门诊特殊疾病不予认定告知书'],
    ['approval', '攀医保门特认', '门诊特殊疾病认定决定书'],
  ])('of %s is numbered %s and called %s', (kind, prefix, title) => {
    expect(composed(kind)).toMatchObject({
      prefix,
      title,
      office: policy.notices.office,
      addressee: '李娜(身份证号 510402********2122)',
      issuedOn: '2026-11-25',
    });
    expect(noticeOf[occasions[kind].entry]).toBe(kind);
  });

  it.each(caseNoticeKinds)('of %s leaves nothing open, and says which application it is about', (kind) => {
    expect(textOf(kind)).not.toMatch(/[{}—]/);
    expect(textOf(kind)).toContain(number);
    expect(textOf(kind)).toContain('病种:糖尿病,申请类型:新申请');
    for (const secret of [liNa.idNumber, liNa.phone, '只给同事看']) {
      expect(JSON.stringify(composed(kind))).not.toContain(secret);
    }
  });

  it('is dated by the Shanghai day on which it is issued', () => {
    const entry = {
      at: '2026-12-31T16:30:00.000Z',
      kind: 'accepted',
      by: 'system',
      via: 'system',
      detail: {},
    } as const;
    const change = { sequence: 1, entry, state: occasions.acceptance.state };
    expect(composed('acceptance', { change }).issuedOn).toBe('2027-01-01');
  });
});

describe('an acceptance notice', () => {
  it('lists what was handed in, and whether the window saw the original', () => {
    expect(composed('acceptance').sections.flatMap(({ items = [] }) => items)).toEqual([
      '有效身份证件:文件 2 个,窗口已核原件',
      '检查报告或病历:文件 1 个',
    ]);
  });

  it('says by when it will be decided, and what happens next', () => {
    expect(textOf('acceptance')).toContain(
      '自受理之日(2026年11月23日)起15个工作日,受理当日不计,即最迟于2026年12月14日办结',
    );
    expect(textOf('acceptance')).toContain('需要补充材料的,另行一次性告知');
    expect(textOf('acceptance')).toContain('0812-3323000');
  });

  it.each([true, false])('says that a date is provisional where it is: %s', (provisional) => {
    const ahead = schedule(occasions.acceptance.state, 'scApp', policy.clocks, stateCouncil);
    const text = textOf('acceptance', { schedule: { ...ahead, provisional } });
    expect(text.includes('以上日期为暂定')).toBe(provisional);
  });
});

it('a refusal notice names every reason with what can be done, and the ways that remain', () => {
  const [reasons, remedies] = composed('refusal').sections.map(({ items }) => items);
  expect(reasons).toEqual([
    '您有医保欠费,请先补缴(税务部门或医保缴费渠道),缴清后重新申请',
    expect.stringContaining('没有查到有效的异地就医备案'),
  ]);
  expect(remedies?.map((remedy) => remedy.split(':')[0])).toEqual([
    '重新申请',
    '意见反馈',
    '热线',
    '行政复议',
    '行政诉讼',
  ]);
});

describe('a supplement notice', () => {
  it('names every item with its problem, and the last day', () => {
    expect(composed('supplement').sections[0]?.items).toEqual([
      '近期免冠照片:不是近期的',
      '检查报告或病历:第 2 页看不清',
    ]);
    expect(textOf('supplement')).toContain('请最迟于2026年12月10日从原申请渠道提交上列全部材料');
  });

  it('says that the clock stands still, and what is left of it', () => {
    expect(textOf('supplement')).toContain('办理期限停止计算;现还剩13个工作日');
    expect(textOf('supplement')).not.toContain('不停止计算');
  });

  it('says that it takes the place of another, where it does', () => {
    expect(textOf('supplement')).not.toContain('取代');
    const { state, detail = {} } = occasions.supplement;
    const entry = { at: '2026-11-27T02:00:00.000Z', kind: 'requestReplaced', by: 'r1', via: 'api', detail } as const;
    const text = textOf('supplement', { change: { sequence: 3, state, entry } });
    expect(text).toContain('本告知书取代此前为本次补正出具的告知书,以本告知书所列材料为准;提交期限不变。');
    expect(text).toContain('请最迟于2026年12月10日从原申请渠道提交上列全部材料');
    expect(noticeOf.requestReplaced).toBe('supplement');
  });

  it('where the policy lets the clock run, says that the date stays', () => {
    const running = { ...policy, clocks: { ...policy.clocks, supplementStopsClock: false } };
    expect(textOf('supplement', {}, running)).toContain('办理期限不停止计算,仍为2026年12月14日');
    expect(textOf('supplement', {}, running)).not.toContain('现还剩');
  });
});

it('a rejection notice gives the reason, and the ways that remain', () => {
  expect(textOf('rejection')).toContain('经审核,不予认定。\n原因:病历不能证明诊断');
  expect(
    composed('rejection')
      .sections.at(-1)
      ?.items?.map((remedy) => remedy.split(':')[0]),
  ).toEqual(['补充材料', '申诉', '意见反馈', '热线', '行政复议', '行政诉讼']);
});

describe('a decision in favour', () => {
  it.each<[string, Partial<Granted>, string[]]>([
    [
      'without an end',
      {},
      [
        '有效期:2026年11月25日至长期',
        '定点医疗机构:攀枝花市中心医院',
        '按城镇职工执行,起付标准每年800元,报销比例85%。',
      ],
    ],
    [
      'of a resident, by their tier, until a day, without an institution',
      { insuredType: 'resident', tier: '二档', validUntil: '2028-11-24', institution: null },
      ['至2028年11月24日', '定点医疗机构:未选定', '按城乡居民执行,起付标准每年500元,报销比例60%至68%。'],
    ],
    [
      'with several institutions',
      { furtherInstitutions: ['攀枝花市第二人民医院', '米易县人民医院'] },
      ['定点医疗机构:攀枝花市中心医院、攀枝花市第二人民医院、米易县人民医院。'],
    ],
  ])('says disease, period, institution and benefit: %s', (_, changes, words) => {
    const text = textOf('approval', { granted: { ...granted, ...changes } });
    for (const word of ['病种:糖尿病', `认定编号:RD${number}`, ...words]) expect(text).toContain(word);
  });

  it('has them for programs, too', () => {
    expect(composed('approval').decision).toEqual({
      accreditationId: `RD${number}`,
      diseaseName: '糖尿病',
      validFrom: '2026-11-25',
      validUntil: null,
      institution: '攀枝花市中心医院',
      furtherInstitutions: [],
      benefit: { deductible: 800, ratio: [85, 85], limit: null, note: policy.benefit.note },
    });
    expect(composed('acceptance').decision).toBeUndefined();
  });

  it('names no deductible where the disease has none', () => {
    const catalogue = policy.catalogue.map((disease) => ({ ...disease, noDeductible: true }));
    expect(textOf('approval', {}, { ...policy, catalogue })).toContain('按城镇职工执行,免起付线,报销比例85%');
  });
});
