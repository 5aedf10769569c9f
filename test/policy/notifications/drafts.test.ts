import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { accreditationId } from '../../../domain/accreditations/id.ts';
import { grantedAccreditation } from '../../../domain/accreditations/state.ts';
import type { AccreditationEntryKind } from '../../../domain/accreditations/timeline.ts';
import { acceptanceNumber } from '../../../domain/cases/acceptance-number.ts';
import { schedule } from '../../../domain/cases/schedule.ts';
import type { ApplicationState } from '../../../domain/cases/state.ts';
import type { EntryDetail, EntryKind } from '../../../domain/cases/timeline.ts';
import type { NotificationDraft } from '../../../domain/notifications/drafts.ts';
import {
  type NotifiedAccreditationEvent,
  type NotifiedCaseEvent,
  type NotifiedEvent,
  notifiedAccreditationEvents,
  notifiedCaseEvents,
} from '../../../domain/notifications/events.ts';
import { parametersOf } from '../../../policy/checks/texts.ts';
import { accreditationNotifications, notificationsFor } from '../../../policy/notifications/drafts.ts';
import { surnameOf } from '../../../policy/texts.ts';
import { policy } from '../../harness/policy.ts';
import { stateCouncil } from '../../harness/rules/calendars.ts';
import * as cases from '../../harness/rules/cases.ts';

const staff = [
  { id: 'r1', name: '张敏', roles: ['reviewer'] },
  { id: 's1', name: '赵静', roles: ['supervisor'] },
  { id: 's2', name: '王强', roles: ['reviewer', 'supervisor'] },
  { id: 'd1', name: '周勇', roles: ['director'] },
  { id: 'c1', name: '黄芳', roles: ['clerk'] },
];
const number = acceptanceNumber('510400', 2026, Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8]));
const { caseAfter, awaitingMaterials, rejected, underReview } = cases;
const escalated = (level: number) => caseAfter(underReview(), [cases.escalate(level)]);

const rejectedAgain = caseAfter(rejected('2026-11-25'), [cases.appeal, '2026-11-30'], [cases.reject, '2026-12-02']);

/** The state that a case is in after each entry that somebody is told about, and what the entry says. */
const occasions: Record<NotifiedCaseEvent, { state: ApplicationState; detail?: EntryDetail }> = {
  eligibilityDelayed: { state: cases.submitted() },
  refused: {
    state: caseAfter(cases.submitted(), [cases.refuse]),
    detail: { reasons: ['arrears', 'noCrossRegionFiling'] },
  },
  accepted: { state: underReview() },
  materialsRequested: { state: awaitingMaterials('2026-11-25') },
  requestReplaced: { state: caseAfter(awaitingMaterials('2026-11-25'), [cases.requestMaterials, '2026-11-27']) },
  supplementReminded: { state: awaitingMaterials('2026-11-25'), detail: { left: 3 } },
  verificationRequested: { state: cases.awaitingVerification('2026-11-25') },
  verificationReminded: { state: cases.awaitingVerification('2026-11-25'), detail: { left: 5 } },
  verificationRecorded: {
    state: caseAfter(cases.awaitingVerification('2026-11-25'), [cases.recordVerification(true), '2026-11-30']),
  },
  verificationFailed: {
    state: caseAfter(cases.awaitingVerification('2026-11-25'), [cases.recordVerification(false), '2026-11-30']),
    detail: { passed: false },
  },
  verificationMissed: {
    state: caseAfter(cases.awaitingVerification('2026-11-25'), [{ name: 'missVerification' }, '2026-12-07']),
  },
  firstApproved: { state: { ...underReview(), firstApproval: 'r1', assignee: null } },
  appealReminded: { state: rejected('2026-11-25'), detail: { left: 3 } },
  appealed: {
    state: caseAfter(rejected('2026-11-25'), [cases.appeal, '2026-11-30']),
    detail: { reason: '病历足以证明诊断' },
  },
  resubmitted: { state: caseAfter(awaitingMaterials('2026-11-25'), [cases.resubmit, '2026-11-30']) },
  lapsed: { state: caseAfter(awaitingMaterials('2026-11-25'), [{ name: 'lapse' }]) },
  approved: { state: caseAfter(underReview(), [cases.approve], [{ name: 'register' }]) },
  rejected: { state: rejected('2026-11-25'), detail: { reason: '病历不能证明诊断' } },
  rejectedWithoutAppeal: { state: rejectedAgain, detail: { reason: '病历仍不能证明诊断' } },
  resubmissionReminded: { state: rejected('2026-11-25'), detail: { left: 7 } },
  withdrawn: { state: caseAfter(underReview(), [cases.withdraw]) },
  noticeReminded: { state: { ...underReview(), assignee: 'r1' }, detail: { left: 3 } },
  reviewerReminded: { state: { ...underReview(), assignee: 'r1' }, detail: { left: 5 } },
  escalated: { state: escalated(1), detail: { level: 1 } },
  registrationRefused: {
    state: { ...underReview(), assignee: 'r1' },
    detail: { reason: '定点医疗机构已停止服务' },
  },
  dueDateMoved: {
    state: { ...underReview(), assignee: 'r1' },
    detail: { moves: { dueOn: { from: '2026-12-11', to: '2026-12-14' } } },
  },
  windowMoved: {
    state: awaitingMaterials('2026-11-25'),
    detail: { moves: { windowEndsOn: { from: '2026-12-09', to: '2026-12-10' } } },
  },
};

/** The entry behind an event, where it is called otherwise. */
const entryBehind: Partial<Record<NotifiedCaseEvent, EntryKind>> = {
  approved: 'registered',
  dueDateMoved: 'calendarChanged',
  windowMoved: 'calendarChanged',
  rejectedWithoutAppeal: 'rejected',
};
const entryOf = (event: NotifiedCaseEvent) => entryBehind[event] ?? (event as EntryKind);

interface EntryChange {
  state?: ApplicationState;
  detail?: EntryDetail;
  applicantName?: string;
  acceptanceNumber?: string;
}

/** The notifications of an entry, in the words of the shipped policy unless told otherwise. */
function notifications(
  kind: NotifiedCaseEvent,
  change: EntryChange = {},
  rules = policy,
  here = staff,
): NotificationDraft[] {
  const { state, detail = {}, applicantName = '李娜娜', acceptanceNumber = number } = { ...occasions[kind], ...change };
  const entry = { at: '2026-11-25T02:00:00.000Z', kind: entryOf(kind), by: 'r1', via: 'api' as const, detail };
  return notificationsFor(rules, {
    acceptanceNumber,
    applicantName,
    change: { sequence: 2, entry, state },
    schedule: schedule(state, 'scApp', rules.clocks, stateCouncil),
    staff: here,
  });
}

/** A policy whose one text says everything that a text of this event may, by these clocks. */
function sayingAll(on: NotifiedEvent, clocks = policy.clocks) {
  const app = parametersOf(on, clocks).map((name) => `{${name}}`);
  return {
    ...policy,
    clocks,
    notifications: [{ on, to: 'applicant' as const, leaves: 'anyTime' as const, app: app.join('') }],
  };
}
const route = ({ channel, recipient }: NotificationDraft) => `${channel} ${recipient}`;
const text = (kind: NotifiedCaseEvent, channel: NotificationDraft['channel'], change: EntryChange = {}) =>
  notifications(kind, change).find((draft) => draft.channel === channel)?.body ?? 'no such notification';

describe('who is told, over which channel', () => {
  it.each<[NotifiedCaseEvent, string[]]>([
    ['eligibilityDelayed', ['sms applicant', 'app applicant']],
    ['refused', ['sms applicant', 'app applicant']],
    ['accepted', ['sms applicant', 'app applicant']],
    ['materialsRequested', ['sms applicant', 'app applicant']],
    ['supplementReminded', ['sms applicant', 'app applicant']],
    ['verificationRequested', ['sms applicant', 'app applicant']],
    ['verificationReminded', ['sms applicant', 'app applicant']],
    ['verificationRecorded', ['app applicant', 'email r1']],
    ['verificationFailed', ['app applicant', 'email r1']],
    ['verificationMissed', ['email r1']],
    ['firstApproved', ['email s1', 'email s2']],
    ['appealReminded', ['app applicant']],
    ['appealed', ['sms applicant', 'app applicant', 'email s1', 'email s2']],
    ['resubmitted', ['app applicant', 'email r1']],
    ['lapsed', ['sms applicant', 'app applicant']],
    ['approved', ['sms applicant', 'app applicant']],
    ['rejected', ['sms applicant', 'app applicant']],
    ['rejectedWithoutAppeal', ['sms applicant', 'app applicant']],
    ['resubmissionReminded', ['sms applicant', 'app applicant']],
    ['withdrawn', ['app applicant']],
    ['noticeReminded', ['email r1']],
    ['reviewerReminded', ['email r1']],
    ['escalated', ['sms s1', 'sms s2', 'email s1', 'email s2']],
    ['registrationRefused', ['app applicant', 'email r1']],
    ['dueDateMoved', ['sms applicant', 'app applicant', 'email r1']],
    ['windowMoved', ['sms applicant', 'app applicant']],
  ])('%s: %j', (kind, routes) => {
    expect(notifications(kind).map(route)).toEqual(routes);
  });

  it.each(notifiedCaseEvents)('%s: nothing is left open in its words', (kind) => {
    for (const { body, subject = '' } of notifications(kind)) {
      expect(subject + body).not.toMatch(/[{}—]/);
      expect(body).toContain(number.slice(-6));
    }
  });

  it.each(notifiedCaseEvents)('%s: all that its words may say has a value, whether the clock stops or not', (kind) => {
    const runningOn = { ...policy.clocks, supplementStopsClock: false, verificationStopsClock: false };
    for (const clocks of [policy.clocks, runningOn]) {
      const [draft] = notifications(kind, {}, sayingAll(kind, clocks));
      expect(draft?.body).not.toMatch(/[{}—]/);
    }
  });

  it.each([
    ['approved', []],
    ['registered', ['approved sms', 'approved app']],
  ] as const)('an approval only when it is registered: %s', (kind, expected) => {
    const { state } = occasions.approved;
    const entry = { at: '2026-11-25T02:00:00.000Z', kind, by: 'r1', via: 'api', detail: {} } as const;
    const drafts = notificationsFor(policy, {
      acceptanceNumber: number,
      applicantName: '李娜',
      change: { sequence: 3, entry, state },
      schedule: schedule(state, 'scApp', policy.clocks, stateCouncil),
      staff,
    });
    expect(drafts.map(({ purpose, channel }) => `${purpose} ${channel}`)).toEqual(expected);
  });

  it('while nobody is assigned, the supervisors are told instead of the reviewer', () => {
    expect(notifications('reviewerReminded', { state: underReview() }).map(route)).toEqual(['email s1', 'email s2']);
  });

  it('of a changed calendar: of each date that moved, and nobody where none did', () => {
    const moves = { ...occasions.dueDateMoved.detail?.moves, ...occasions.windowMoved.detail?.moves };
    const both = notifications('dueDateMoved', { detail: { moves } });
    expect(both.map(({ purpose }) => purpose)).toEqual([
      ...Array(3).fill('dueDateMoved'),
      ...Array(2).fill('windowMoved'),
    ]);
    expect(notifications('dueDateMoved', { detail: { moves: {} } })).toEqual([]);
  });

  it('of a moved due date only the reviewer in charge: while there is none, nobody in the office', () => {
    expect(notifications('dueDateMoved', { state: underReview() }).map(route)).toEqual([
      'sms applicant',
      'app applicant',
    ]);
  });

  it.each([
    [1, ['s1', 's2']],
    [2, ['d1']],
    [3, ['d1']],
    [4, []],
  ])('rung %d of the ladder tells %j, by sms and by e-mail', (level, ids) => {
    const drafts = notifications('escalated', { state: escalated(level), detail: { level } });
    expect(drafts.map(route)).toEqual(['sms', 'email'].flatMap((channel) => ids.map((id) => `${channel} ${id}`)));
    for (const { body } of drafts) expect(body).toContain(`第${level}级上报`);
  });

  it.each([
    ['supervisor', 1, ['d1']],
    ['director', 2, ['s1', 's2']],
  ])('a rung whose role nobody has any more (%s) tells the next one that somebody has', (role, level, ids) => {
    const here = staff.filter(({ roles }) => !roles.includes(role));
    const drafts = notifications('escalated', { state: escalated(level), detail: { level } }, policy, here);
    expect(drafts.map(route)).toEqual(['sms', 'email'].flatMap((channel) => ids.map((id) => `${channel} ${id}`)));
  });

  it.each([
    ['r1', '承办人:张敏。'],
    ['gone', '承办人:gone。'],
    [null, '承办人:尚无承办人。'],
  ])('an escalation says who is in charge (%s), by e-mail only', (assignee, words) => {
    const drafts = notifications('escalated', { state: { ...escalated(1), assignee }, detail: { level: 1 } });
    const said = drafts.map(({ channel, body }) => `${channel} ${body.includes(words)}`);
    expect(said).toEqual(['sms false', 'sms false', 'email true', 'email true']);
  });

  it('who is in charge and reviews nothing any more is told nothing: the supervisors are', () => {
    const moved = staff.map((member) => (member.id === 'r1' ? { ...member, roles: ['clerk'] } : member));
    expect(notifications('reviewerReminded', {}, policy, moved).map(route)).toEqual(['email s1', 'email s2']);
  });
});

/** The entry of an accreditation that each of its events is told of. */
const entryOfAccreditation: Record<NotifiedAccreditationEvent, AccreditationEntryKind> = {
  renewalReminded: 'renewalReminded',
  renewalExtended: 'extended',
  renewed: 'renewed',
  institutionChanged: 'institutionChanged',
  accreditationEnded: 'ended',
  accreditationRevoked: 'revoked',
};

describe('of an accreditation', () => {
  const granted = grantedAccreditation('2026-01-01', '2027-12-31');
  const notificationsOf = (event: NotifiedAccreditationEvent, rules = policy) => {
    const state = event === 'accreditationRevoked' ? { ...granted, status: 'revoked' as const } : granted;
    const kind = entryOfAccreditation[event];
    const detail = { left: 30, reason: '参保人已死亡' };
    const entry = { at: '2026-11-25T02:00:00.000Z', kind, by: 'system', via: 'system', detail } as const;
    const change = { sequence: 2, entry, state };
    return accreditationNotifications(rules, { accreditationId: accreditationId(number), name: '李娜', change });
  };

  it.each<[NotifiedAccreditationEvent, string[]]>([
    ['renewalReminded', ['sms applicant', 'app applicant']],
    ['renewalExtended', ['app applicant']],
    ['renewed', ['app applicant']],
    ['institutionChanged', ['app applicant']],
    ['accreditationEnded', ['sms applicant', 'app applicant']],
    ['accreditationRevoked', ['sms applicant', 'app applicant']],
  ])('%s: %j', (event, routes) => {
    expect(notificationsOf(event).map(route)).toEqual(routes);
  });

  it.each(notifiedAccreditationEvents)('%s: nothing is left open, and no illness named', (event) => {
    for (const { body } of notificationsOf(event)) {
      expect(body).not.toMatch(/[{}—]/);
      expect(body).toContain(number.slice(-6));
      for (const { name } of policy.catalogue) expect(body).not.toContain(name);
    }
  });

  it.each(notifiedAccreditationEvents)('%s: all that its words may say has a value', (event) => {
    expect(notificationsOf(event, sayingAll(event))[0]?.body).not.toMatch(/[{}—]/);
  });

  it('accreditationRevoked: in the APP, every way that remains', () => {
    expect(notificationsOf('accreditationRevoked')[1]?.body).toContain('提起行政诉讼');
  });

  it('renewalReminded: until when, and how many days are left', () => {
    expect(notificationsOf('renewalReminded')[0]?.body).toContain('将于2027年12月31日到期,还剩30天');
  });
});

describe('what the texts say', () => {
  it('accepted: by when it will be decided', () => {
    expect(text('accepted', 'sms')).toContain('李先生/女士');
    expect(text('accepted', 'sms')).toContain('预计2026年12月14日前办结');
  });

  it.each(['materialsRequested', 'supplementReminded'] as const)('%s: what is missing, and until when', (kind) => {
    expect(text(kind, 'sms')).toContain(':近期免冠照片、检查报告或病历');
    expect(text(kind, 'sms')).toContain('2026年12月10日');
  });

  it('materialsRequested: in the APP, what it does to the clock', () => {
    expect(text('materialsRequested', 'app')).toContain('办理期限暂停计算');
  });

  it('supplementReminded: how many days are left', () => {
    expect(text('supplementReminded', 'sms')).toContain('只剩3天');
  });

  it('lapsed: what can be done', () => {
    expect(text('lapsed', 'sms')).toContain('备齐材料后可重新申请');
  });

  it('rejected: the reason in the APP only; by sms where to find it, until when to resubmit and where to object', () => {
    expect(text('rejected', 'app')).toContain('原因:病历不能证明诊断');
    expect(text('rejected', 'sms')).not.toContain('病历');
    expect(text('rejected', 'sms')).toContain('最迟2026年12月25日可补充材料重新提交');
    expect(text('rejected', 'sms')).toContain('0812-3323000');
  });

  it('noticeReminded: how many working days have gone by, and in how many all has to be told', () => {
    expect(text('noticeReminded', 'email')).toContain('受理已满3个工作日');
    expect(text('noticeReminded', 'email')).toContain('请在5个工作日内一次性告知全部内容');
  });

  it('rejected: the reasons chosen from the list before the reviewer’s own words', () => {
    const grounds = { ...occasions.rejected, detail: { grounds: ['notProven', 'unlisted'], reason: '缺少病理报告' } };
    const app = notifications('rejected', grounds).find(({ channel }) => channel === 'app');
    expect(app?.body).toContain('原因:提交的材料不足以证明所患病种;缺少病理报告。');
  });
  it('rejectedWithoutAppeal: no word of an appeal, which was made already', () => {
    for (const channel of ['sms', 'app'] as const) {
      expect(text('rejectedWithoutAppeal', channel)).toContain('2027年1月4日');
      expect(text('rejectedWithoutAppeal', channel)).not.toContain('申诉');
    }
  });

  it.each(['refused', 'rejected', 'rejectedWithoutAppeal'] as const)(
    '%s: in the APP, every way that remains',
    (kind) => {
      const body = text(kind, 'app');
      expect(body).toContain('致电0812-3323000;自知道该决定之日起60日内,向攀枝花市人民政府申请行政复议');
      expect(body).toContain('自知道该决定之日起6个月内,向有管辖权的人民法院提起行政诉讼');
    },
  );

  it('reviewerReminded: how many working days are left, in the subject too', () => {
    expect(notifications('reviewerReminded')[0]).toMatchObject({
      subject: `门特申请还剩5个工作日(受理号尾号${number.slice(-6)})`,
      body: expect.stringContaining('办理期限2026年12月14日,还剩5个工作日'),
    });
  });

  it('escalated: that it is overdue and can still be decided', () => {
    expect(text('escalated', 'sms')).toContain('已超过办理期限2026年12月14日');
    expect(text('escalated', 'email')).toContain('仍可正常审核');
  });
});

describe('no sms and no e-mail carries more of the person than the surname and the tail of the number', () => {
  const given = fc.constantFrom('翊翾', '煜祺', '琬琰', '木呷', '尔古');
  const person = fc.record({
    applicantName: fc
      .tuple(fc.constantFrom('李', '欧阳', '阿西·', '尉迟', '𬱖'), given)
      .map(([surname, name]) => surname + name),
    idNumber: fc.stringMatching(/^510402(19|20)\d{9}[0-9X]$/),
    phone: fc.stringMatching(/^1[3-9]\d{9}$/),
  });
  const anyNumber = fc
    .uint8Array({ minLength: 8, maxLength: 8 })
    .map((random) => acceptanceNumber('510400', 2026, random));

  it.each(notifiedCaseEvents)('%s', (kind) => {
    fc.assert(
      fc.property(person, anyNumber, ({ applicantName, idNumber, phone }, acceptanceNumber) => {
        // Whatever a reviewer writes down of the person stays in the house.
        const words = `${applicantName} ${idNumber} ${phone} ${acceptanceNumber}`;
        const items = [{ kind: 'photo' as const, problem: words }];
        const detail = { ...occasions[kind].detail, reason: words, note: words, items };
        const drafts = notifications(kind, { detail, applicantName, acceptanceNumber });
        const givenName = applicantName.slice(surnameOf(applicantName).length);
        for (const { body, subject = '' } of drafts.filter(({ channel }) => channel !== 'app')) {
          for (const secret of [
            applicantName,
            givenName,
            idNumber,
            phone,
            acceptanceNumber,
            acceptanceNumber.slice(-7),
          ]) {
            expect(subject + body).not.toContain(secret);
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  it('and of those the staff get none but the tail: what they read names no person', () => {
    for (const { recipient, body, subject = '' } of notifiedCaseEvents.flatMap((kind) => notifications(kind))) {
      if (recipient !== 'applicant') expect(subject + body).not.toContain('李');
    }
  });
});
