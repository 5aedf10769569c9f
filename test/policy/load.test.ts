import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { loadPolicies } from '../../policy/load.ts';
import { policy as shippedPolicy } from '../harness/policy.ts';
import { type Exchange, exchanged, folder, lineOf, problemsOf, shipped } from '../harness/rules/exchanged-policy.ts';

const problems = (...changes: Exchange[]) => problemsOf(exchanged(...changes));

/** Where a notification stands in the shipped policy. */
const at = (event: string, recipient = 'applicant') =>
  shippedPolicy.notifications.findIndex(({ on, to }) => on === event && to === recipient);

/** The first notification's; the collected reminders begin alike. */
const firstSms = 'sms: 【攀枝花医保】{surname}先生/女士:您的门特';

describe('a policy that can not be used is refused with line and field', () => {
  const firstRung = '- { afterWorkingDays: 0';
  const benefit = shipped.slice(shipped.indexOf('benefit:'), shipped.indexOf('# 工作人员'));

  /**
   * What is wrong; the text that is exchanged, for which; the problem; whose line it stands at, if not the exchanged
   * text's.
   */
  it.each<[what: string, from: string, to: string, problem: string, at?: string]>([
    [
      'a field is missing',
      '  region: "510400"\n',
      '',
      'city.region: Invalid input: expected string',
      '  name: 攀枝花市',
    ],
    ['a section is missing', benefit, '', 'benefit: Invalid input: expected object', '# 攀枝花市'],
    [
      'a number is a word',
      'workingDays: 15',
      'workingDays: fifteen',
      'clocks.workingDays: Invalid input: expected number',
    ],
    ['a number is out of range', 'workingDays: 15', 'workingDays: 0', 'clocks.workingDays: Too small'],
    ['a switch is a word', 'StopsClock: true', 'StopsClock: "yes"', 'clocks.supplementStopsClock: Invalid input'],
    ['a field is unknown', 'closesAt:', 'closeAt: "17:00"\n  closesAt:', 'clocks.closeAt: unknown field'],
    ['a section is unknown', 'clocks:', 'colour: red\nclocks:', 'colour: unknown field'],
    ['a time is none', 'closesAt: "17:00"', 'closesAt: "25:00"', 'clocks.closesAt: must be a time HH:MM'],
    ['a date is none', '"2025-01-01"', '"2025-02-30"', 'effectiveFrom: must be a date YYYY-MM-DD'],
    ['the ladder goes backwards', 'Days: 3,', 'Days: 0,', 'clocks.ladder: each rung must come later', firstRung],
    ['two rungs of the ladder meet', 'Days: 3,', 'Days: 1,', 'clocks.ladder: each rung must come later', firstRung],
    ['the reminders go up', '[5, 3, 1]', '[1, 3, 5]', 'clocks.reviewerReminders: must go down'],
    ['a ratio goes backwards', '[53, 68]', '[68, 53]', 'benefit.resident.ratio: must be 0–100'],
    ['a disease code stands twice', 'M01600', 'M03900', 'catalogue.1.code: M03900 stands twice'],
    ['a disease code has a space in it', 'M01600', 'M016 00', 'catalogue.1.code: must be 1–30 letters'],
    ['a disease code is too long', 'M01600', 'M'.repeat(31), 'catalogue.1.code: must be 1–30 letters'],
    ['a staff id stands twice', 'id: reviewer-2', 'id: reviewer-1', 'staff.1.id: reviewer-1 stands twice'],
    ['a phone is not E.164', '"+8613900000011"', '"13900000011"', 'staff.0.phone: must be E.164'],
    ['a material has no name', '    photo: 近期免冠照片\n', '', 'materials.names.photo: Invalid', '    idCard:'],
    ['a parameter is unknown', firstSms, 'sms: 您好{name}', 'notifications.0.sms: unknown parameter {name}'],
    ['a parameter is Chinese', firstSms, 'sms: 您好{姓}', 'notifications.0.sms: unknown parameter {姓}'],
    ['a parameter has no name', firstSms, 'sms: 您好{}', 'notifications.0.sms: unknown parameter {}'],
    [
      '{reason} stands in an sms',
      '原因请在',
      '{reason}请在',
      `notifications.${at('rejected')}.sms: unknown parameter {reason}`,
    ],
    [
      '{reason} stands in an e-mail',
      'subject: 申请人已补充材料',
      'subject: 原因{reason}',
      `notifications.${at('resubmitted', 'assignee')}.email.subject: unknown parameter {reason}`,
    ],
    [
      'the code is not told',
      'sms: 【攀枝花医保】验证码{code},',
      'sms: 【攀枝花医保】验证码,',
      'notifying.phoneCode.sms: must say {code}',
    ],
    ['an entry is unknown', 'on: withdrawn', 'on: forgotten', `notifications.${at('withdrawn')}.on: Invalid option`],
    [
      'staff are told in the APP',
      '    email:',
      '    app: 好\n    email:',
      `notifications.${at('resubmitted', 'assignee')}.app: staff have no APP inbox`,
    ],
  ])('when %s', (_, from, to, problem, at = from) => {
    expect(problems([from, to])).toEqual([expect.stringContaining(`${lineOf(at)}: ${problem}`)]);
  });

  it.each([
    [
      'localDaysOff: []',
      'localDaysOff: [{ on: 02-29, name: 闰日 }]',
      'calendar.localDaysOff.0.on: must be a day MM-DD of every year',
    ],
    [
      'localDaysOff: []',
      'localDaysOff: [{ on: 13-01, name: 节 }]',
      'calendar.localDaysOff.0.on: must be a day MM-DD of every year',
    ],
    [
      'localDaysOff: []',
      'localDaysOff: [{ on: 07-01, name: 节 }, { on: 07-01, name: 庆 }]',
      'calendar.localDaysOff.1.on: 07-01 stands twice',
    ],
    ['signalsPerSecond: 50', 'signalsPerSecond: 0', 'calendar.signalsPerSecond: Too small'],
    ['signalsPerSecond: 50', 'signalsPerSecond: 501', 'calendar.signalsPerSecond: Too big'],
    ['signalsPerSecond: 50', 'signalsPerSecond: 0.5', 'calendar.signalsPerSecond: Invalid input: expected int'],
  ])('when %s becomes %s', (from, to, problem) => {
    expect(problems([from, to])).toContainEqual(expect.stringContaining(`${lineOf(from)}: ${problem}`));
  });

  it.each([
    ['prefix: 攀医保门特补', 'prefix: 攀医保门特受', 'notices.supplement.prefix: 攀医保门特受 stands twice'],
    ['向{authority}申请', '向{court}申请', 'remedies.reconsideration.detail: unknown parameter {court}'],
    ['原因:{reason}\n', '原因:{surname}\n', 'notices.rejection.sections.1.text: unknown parameter {surname}'],
    [
      '自{revokedOn}起撤销',
      '自{acceptedOn}起撤销',
      'notices.revocation.sections.0.text: unknown parameter {acceptedOn}',
    ],
    ['items: problems', 'items: wishes', 'notices.supplement.sections.0.items: Invalid option'],
  ])('when %j becomes %j', (from, to, problem) => {
    expect(problems([from, to])).toEqual([expect.stringContaining(`${lineOf(from)}: ${problem}`)]);
  });

  it('when it is no YAML', () => {
    expect(problems(['name: 攀枝花市', 'name: [攀枝花市'])[0]).toMatch(/^8: Flow sequence/);
    expect(problems(['  closesAt:', '  workingDays: 3\n  closesAt:'])[0]).toMatch(/^13: Map keys must be unique/);
    expect(problems(['name: 攀枝花市', 'name: *city'])[0]).toContain('Unresolved alias');
  });

  it.each([
    ['empty', ''],
    ['a list', '- a\n'],
    ['a sentence', '攀枝花'],
  ])('when it is %s', (_, text) => {
    expect(problemsOf(text)).toEqual([expect.stringMatching(/^1: the file: Invalid input: expected object/)]);
  });

  it('when it can not be read', () => {
    const nowhere = join(folder, 'nowhere.yaml');
    expect(() => loadPolicies(nowhere)).toThrow(`${nowhere}: the file can't be read`);
  });

  it('with all that is wrong at once', () => {
    const reported = problems(
      ['region: "510400"', 'region: 510400'],
      ['workingDays: 15', 'workingDays: fifteen'],
      ['  closesAt:', '  colour: red\n  smell: sweet\n  closesAt:'],
      ['M01600', 'M03900'],
      [firstSms, 'sms: 【攀枝花医保】{name}{idNumber}'],
    );
    expect(reported.map((problem) => problem.split(': ').slice(0, 2).join(' ')).sort()).toEqual(
      [
        '8 city.region',
        '12 clocks.workingDays',
        '13 clocks.colour',
        '14 clocks.smell',
        `${lineOf('M01600') + 2} catalogue.1.code`,
        `${lineOf(firstSms) + 2} notifications.0.sms`,
        `${lineOf(firstSms) + 2} notifications.0.sms`,
      ].sort(),
    );
  });
});
