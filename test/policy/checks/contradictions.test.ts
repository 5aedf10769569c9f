import { describe, expect, it } from '@jest/globals';
import { type Exchange, exchanged, problemsOf, shipped } from '../../harness/rules/exchanged-policy.ts';

/**
 * What is wrong with the shipped policy once some of its text is exchanged: the text of the line, and what is said of
 * it. Where a notification stands among the others is left out.
 */
function problems(...changes: Exchange[]): string[] {
  const text = exchanged(...changes);
  const lines = text.split('\n').map((line) => line.trim());
  return problemsOf(text).map((problem) => {
    const [, line, complaint] = problem.match(/^(\d+): (.*)$/) as unknown as [string, string, string];
    return `${lines[Number(line) - 1]} → ${complaint.replace(/^notifications\.\d+/, 'notifications.N')}`;
  });
}

/** A notification of the shipped policy, whole, and those that tell the same people of the same behind it. */
function notification(on: string, to = 'applicant'): string {
  const found = shipped.match(new RegExp(`(?:  - on: ${on}\n    to: ${to}\n(?: {4}.*\n?)+)+`));
  return found?.[0] as string;
}
const withFourEyes: Exchange = ['name: 高血压,', 'name: 高血压, fourEyes: true,'];
const withVerification: Exchange = ['name: 高血压,', 'name: 高血压, verification: true,'];
const withdrawn = 'app: 您的门特申请(受理号尾号{tail})已按您的要求撤回。';

describe('a policy that contradicts itself is refused with line, field and reason', () => {
  it.each<[what: string, changes: Exchange[], line: string, problem: string]>([
    [
      'the hours overlap',
      [['from: "13:30"', 'from: "11:30"']],
      '- { from: "11:30", to: "17:00" }',
      'officeHours.1.from: begins before 12:00',
    ],
    [
      'the office closes at another time',
      [['closesAt: "17:00"', 'closesAt: "16:00"']],
      'closesAt: "16:00"',
      'clocks.closesAt: must be when the office hours end',
    ],
    [
      'who took a ticket is served past midnight',
      [
        ['closesAt: "17:00"', 'closesAt: "23:00"'],
        ['from: "13:30", to: "17:00"', 'from: "13:30", to: "23:00"'],
        ['ticketMinutes: 30', 'ticketMinutes: 90'],
      ],
      'ticketMinutes: 90',
      'clocks.ticketMinutes: must be over by midnight',
    ],
    ...['08:59', '12:00', '17:00'].map((time): [string, Exchange[], string, string] => [
      `reminders leave at ${time}`,
      [
        ['remindsAt: "09:00"', `remindsAt: "${time}"`],
        ['briefingAt: "09:15"', 'briefingAt: "17:15"'],
      ],
      `remindsAt: "${time}"`,
      'clocks.remindsAt: must lie within the office hours',
    ]),
    ...['08:59', '09:00'].map((time): [string, Exchange[], string, string] => [
      `the briefing leaves at ${time}`,
      [['briefingAt: "09:15"', `briefingAt: "${time}"`]],
      `briefingAt: "${time}"`,
      'notifying.briefingAt: must come after clocks.remindsAt, 09:00, or reminders are read a day late',
    ]),
    [
      'the only provider is abroad, and no number may go there',
      [['smsProviders: [twilio, aliyun]', 'smsProviders: [twilio]']],
      'smsProviders: [twilio]',
      'notifying.smsProviders: nobody would get a 短信: twilio is abroad, and notifying.abroad is false',
    ],
    [
      'there is no provider',
      [['smsProviders: [twilio, aliyun]', 'smsProviders: []']],
      'smsProviders: []',
      'notifying.smsProviders: must name at least one provider, or nobody gets a 短信',
    ],
    [
      'a reminder comes before its window',
      [['days: 15, reminders: [7', 'days: 15, reminders: [15, 7']],
      'supplement: { days: 15,',
      'clocks.supplement.reminders: must be less than the 15 days',
    ],
    [
      'the window for a verification is shorter than its reminder',
      [['verification: { days: 10', 'verification: { days: 5']],
      'verification: { days: 5,',
      'clocks.verification.reminders: must be less than the 5 days',
    ],
    [
      'that for a resubmission is',
      [['days: 30', 'days: 7']],
      'resubmission: { days: 7,',
      'clocks.resubmission.reminders: must be less than the 7 days',
    ],
    [
      'that for an appeal is',
      [['appeal: { days: 15', 'appeal: { days: 2']],
      'appeal: { days: 2,',
      'clocks.appeal.reminders: must be less than the 2 days',
    ],
    [
      'the reviewer is reminded before the acceptance',
      [['workingDays: 15', 'workingDays: 5']],
      'reviewerReminders: [5, 3, 1]',
      'clocks.reviewerReminders: must be less than the 5 working days',
    ],
    [
      'people are reminded to renew before they can',
      [['opensDaysBefore: 60', 'opensDaysBefore: 59']],
      'renewal: {',
      "renewal.opensDaysBefore: people are reminded 60 days before, when they can't renew yet",
    ],
    [
      'an escalation would reach nobody',
      [['roles: [supervisor]', 'roles: [clerk]']],
      '- { afterWorkingDays: 0, notify: supervisor }',
      'clocks.ladder.0.notify: no staff has the role supervisor',
    ],
    [
      'nobody can record a verification that a disease asks for',
      [withVerification, ['roles: [clerk]', 'roles: [admin]']],
      '- { code: M03900,',
      'catalogue.0.verification: no staff has the role clerk, who records it',
    ],
    [
      'two have to approve, and there is one',
      [withFourEyes, ['roles: [reviewer]', 'roles: [admin]'], ['roles: [reviewer]', 'roles: [admin]']],
      '- { code: M03900,',
      'catalogue.0.fourEyes: takes two staff with the role reviewer or supervisor',
    ],
    [
      'a disease asks for a photo that nobody is asked for',
      [
        ['medicalRecord, photo]', 'medicalRecord]'],
        ['移植抗排异, photo: true', '移植抗排异, photo: false'],
      ],
      '- { code: M07803,',
      'catalogue.4.photo: materials.asked.new has no photo',
    ],
    [
      'there is no room for a file that is taken',
      [['daily: { files: 100, megabytes: 300 }', 'daily: { files: 100, megabytes: 9 }']],
      'daily: { files: 100, megabytes: 9 }',
      'materials.uploads.applicant.daily.megabytes: has no room for a file of materials.maximumFileMegabytes, 10',
    ],
    [
      'less is paid with age',
      [['ratio: [85, 95]', 'ratio: [80, 95]']],
      '- { from: 60,',
      'benefit.employee.byAge.1.ratio: falls with age, from 85–85',
    ],
    [
      'a tier is paid more than all are',
      [['[60, 68]', '[60, 70]']],
      '二档:',
      'benefit.resident.byTier.二档: lies outside 53–68',
    ],
    [
      'a text has a parameter without a value',
      [[withdrawn, 'app: 已撤回,还剩{left}天。']],
      'app: 已撤回',
      'notifications.N.app: {left} has no value in withdrawn; there are surname, tail, hotline, place, hours, bring',
    ],
    [
      'a subject has one',
      [['subject: 线下核验已完成', 'subject: 至{windowEndsOn}线下核验已完成']],
      'subject:',
      'notifications.N.email.subject: {windowEndsOn} has no value in verificationRecorded',
    ],
    [
      'a text says that the clock stops, and it does not',
      [['supplementStopsClock: true', 'supplementStopsClock: false']],
      'app: 您的门特申请(受理号尾号{tail})需要补充',
      'notifications.N.app: clocks.supplementStopsClock is false',
    ],
    [
      'the same of a verification',
      [['verificationStopsClock: true', 'verificationStopsClock: false']],
      'app: 您的门特申请(受理号尾号{tail})需到窗口核验原件',
      'notifications.N.app: clocks.verificationStopsClock is false',
    ],
    [
      'a text goes to a rung that is not reached',
      [['on: appealed\n    to: assignee', 'on: appealed\n    to: escalation']],
      'to: escalation',
      'notifications.N.to: nobody is escalation in appealed',
    ],
    [
      'staff are told of an accreditation',
      [
        [
          '  - on: renewed\n',
          '  - on: renewed\n    to: assignee\n    aliyun: SMS_1\n    sms: 【医保】续期{tail}\n  - on: renewed\n',
        ],
      ],
      'to: assignee',
      'notifications.N.to: nobody is assignee in renewed',
    ],
    [
      'a 短信 waits for the briefing',
      [['leaves: collected\n    aliyun: SMS_200000105', 'leaves: briefing\n    aliyun: SMS_200000105']],
      'leaves: briefing',
      'notifications.N.leaves: only e-mails wait for the briefing',
    ],
    [
      'an escalation waits for the briefing',
      [['    to: escalation\n    leaves: anyTime\n    email', '    to: escalation\n    leaves: briefing\n    email']],
      'leaves: briefing',
      'notifications.N.leaves: only what is for who is in charge waits for the briefing',
    ],
    [
      'an e-mail says nothing of when it leaves',
      [['    to: escalation\n    leaves: anyTime\n    email', '    to: escalation\n    email']],
      '- on: escalated',
      'notifications.N: an e-mail leaves anyTime, or in the briefing',
    ],
    [
      'a reminder that is told with others does not say whose it is',
      [
        [
          'sms: 【攀枝花医保】{surname}先生/女士:您的门特申请(受理号尾号{tail})还缺',
          'sms: 【攀枝花医保】您的门特申请(受理号尾号{tail})还缺',
        ],
      ],
      'sms: 【攀枝花医保】您的',
      'notifications.N.sms: must say {surname} and {tail}',
    ],
    [
      'a 短信 has no template at home, and may not go abroad',
      [['    aliyun: SMS_200000105\n', '']],
      'sms: 【攀枝花医保】',
      'notifications.N.sms: needs its template at Alibaba (aliyun), since notifying.abroad is false',
    ],
    [
      'somebody is told twice over one channel',
      [
        [
          '  - on: withdrawn\n',
          '  - on: approved\n    to: applicant\n    aliyun: SMS_1\n    sms: 【医保】通过{tail}\n  - on: withdrawn\n',
        ],
      ],
      'sms: 【医保】通过',
      'notifications.N.sms: approved is told to applicant by sms above already',
    ],
    [
      'an outcome has no text',
      [[notification('rejected'), '']],
      '- on: eligibilityDelayed',
      'notifications: there is no text for the applicant about rejected',
    ],
    [
      'a reminder has none',
      [[notification('appealReminded'), '']],
      '- on: eligibilityDelayed',
      'notifications: there is no text for the applicant about appealReminded',
    ],
    [
      'an escalation has none',
      [[notification('escalated', 'escalation'), '']],
      '- on: eligibilityDelayed',
      'notifications: there is no text for the staff about escalated',
    ],
    [
      'a refusal spells out the days',
      [['{opensDaysBefore} 天内', '60 天内']],
      'remedy: 请在到期前 60 天内申请',
      'refusals.renewalTooEarly.remedy: spells days out: write {opensDaysBefore} or {closesDaysAfter}',
    ],
    [
      'a 短信 has no signature',
      [['sms: 【攀枝花医保】受理号', 'sms: 受理号']],
      'sms: 受理号',
      'notifications.N.sms: must begin with a signature 【…】, the only one',
    ],
    [
      'it has a second one',
      [['已通过认定。待遇详情', '已【通过】认定。待遇详情']],
      'sms: 【攀枝花医保】',
      'notifications.N.sms: must begin with a signature 【…】, the only one',
    ],
    [
      'it becomes longer than may be',
      [['已通过认定。待遇详情', `已通过认定${'。'.repeat(135)}待遇详情`]],
      'sms: 【攀枝花医保】',
      'notifications.N.sms: has 202 characters at its longest, which are 4 parts; texts.maximumSmsParts is 3',
    ],
    [
      'what is filled in is longer than 阿里云 takes',
      [['bring: 本人有效身份证件和已提交材料的原件', `bring: ${'证'.repeat(36)}`]],
      'sms: 【攀枝花医保】',
      'notifications.N.sms: {bring} has 36 characters at its longest; 阿里云 takes 35',
    ],
    [
      'it names a disease',
      [['已通过认定。待遇详情', '已通过糖尿病认定。待遇详情']],
      'sms: 【攀枝花医保】',
      'notifications.N.sms: names a disease, 糖尿病: anybody may read it on the way',
    ],
    [
      'an e-mail names one in short',
      [['subject: 线下核验已完成', 'subject: 慢性肾功能衰竭,线下核验已完成']],
      'subject:',
      'notifications.N.email.subject: names a disease, 慢性肾功能衰竭: anybody may read it on the way',
    ],
    [
      'what is filled in speaks of the ID number',
      [['bring: 本人有效身份证件', 'bring: 本人身份证号']],
      'sms: 【攀枝花医保】',
      'notifications.N.sms: speaks of 身份证号: anybody may read it on the way',
    ],
    [
      'the code for a new phone has no signature',
      [['sms: 【攀枝花医保】验证码', 'sms: 验证码']],
      'sms: 验证码',
      'notifying.phoneCode.sms: must begin with a signature 【…】, the only one',
    ],
    [
      'it says what has no value in it',
      [['sms: 【攀枝花医保】验证码', 'sms: 【攀枝花医保】{surname},验证码']],
      'sms: 【攀枝花医保】{surname}',
      'notifying.phoneCode.sms: unknown parameter {surname}; there are code, minutes, tail',
    ],
    [
      'it does not say the code',
      [['验证码{code}', '验证码']],
      'sms: 【攀枝花医保】验证码',
      'notifying.phoneCode.sms: must say {code}',
    ],
    [
      'what the former number hears names a disease',
      [['的手机号已更换', '(糖尿病)的手机号已更换']],
      'sms: 【攀枝花医保】',
      'notifying.phoneReplaced.sms: names a disease, 糖尿病: anybody may read it on the way',
    ],
    [
      'it says what has no value in it',
      [['的手机号已更换', '的手机号已更换({code})']],
      'sms: 【攀枝花医保】',
      'notifying.phoneReplaced.sms: unknown parameter {code}; there are tail, hotline',
    ],
    [
      'it becomes longer than may be',
      [['的手机号已更换', `的手机号已更换${'。'.repeat(140)}`]],
      'sms: 【攀枝花医保】',
      'notifying.phoneReplaced.sms: has 203 characters at its longest, which are 4 parts; texts.maximumSmsParts is 3',
    ],
    [
      'what lies in the APP inbox does not say which phone it is now',
      [['已更换为{phone}', '已更换']],
      'app: 您的门特申请或认定',
      'notifying.phoneReplaced.app: must say {tail} and {phone}',
    ],
    [
      'it says what has no value in it',
      [['的手机号已更换为', '的手机号({surname})已更换为']],
      'app: 您的门特申请或认定',
      'notifying.phoneReplaced.app: unknown parameter {surname}; there are tail, phone, hotline',
    ],
    [
      'what several reminders become speaks of the ID number',
      [['件门特事项需要办理', '件门特事项需要办理,请备身份证号']],
      'sms: 【攀枝花医保】',
      'notifying.collected.sms: speaks of 身份证号: anybody may read it on the way',
    ],
    [
      'it says what has no value in it',
      [['件门特事项需要办理', '件门特事项需要办理({left})']],
      'sms: 【攀枝花医保】',
      'notifying.collected.sms: unknown parameter {left}; there are surname, count, tails, hotline',
    ],
    [
      'the mail about a call names a disease',
      [['的短信没有送到', '的糖尿病短信没有送到']],
      'text: 尾号',
      'notifying.callOverdue.text: names a disease, 糖尿病: anybody may read it on the way',
    ],
    [
      'the briefing does',
      [['subject: 门特待办汇总', 'subject: 糖尿病待办汇总']],
      'subject: 糖尿病',
      'notifying.briefing.subject: names a disease, 糖尿病: anybody may read it on the way',
    ],
    ...[
      ['collected', 'SMS_200000001'],
      ['phoneCode', 'SMS_200000002'],
      ['phoneReplaced', 'SMS_200000003'],
      ['filedOtherwise', 'SMS_200000004'],
    ].map(([name, code]): [string, Exchange[], string, string] => [
      `notifying.${name} has no template at home, and may not go abroad`,
      [[`    aliyun: ${code} # 示例,待核实\n`, '']],
      'sms: 【攀枝花医保】',
      `notifying.${name}.sms: needs its template at Alibaba (aliyun), since notifying.abroad is false`,
    ]),
  ])('when %s', (_, changes, line, problem) => {
    const reported = problems(...changes);
    expect(reported).toHaveLength(1);
    expect(reported[0]).toContain(line);
    expect(reported[0]).toContain(`→ ${problem}`);
  });

  it('with all that contradicts at once', () => {
    const reported = problems(
      ['closesAt: "17:00"', 'closesAt: "16:00"'],
      ['workingDays: 15', 'workingDays: 5'],
      [withdrawn, 'app: 还剩{left}天'],
    );
    expect(reported.map((problem) => problem.split(' → ')[1]?.split(':')[0])).toEqual([
      'clocks.closesAt',
      'clocks.reviewerReminders',
      'notifications.N.app',
    ]);
  });
});

describe('no contradiction is', () => {
  it.each<[what: string, changes: Exchange[]]>([
    ['hours without a break', [['to: "12:00"', 'to: "13:30"']]],
    [
      'a reminder that nobody gets, without a text',
      [
        ['appeal: { days: 15, reminders: [3]', 'appeal: { days: 15, reminders: []'],
        [notification('appealReminded'), ''],
      ],
    ],
    [
      'a due date in the request for materials, where the clock runs on',
      [
        ['supplementStopsClock: true', 'supplementStopsClock: false'],
        ['补充期间办理期限暂停计算,提交后接着计算。', '办理期限仍为{dueOn}。'],
      ],
    ],
    ['one provider alone, at home', [['smsProviders: [twilio, aliyun]', 'smsProviders: [aliyun]']]],
    [
      'one abroad alone, by leave',
      [
        ['smsProviders: [twilio, aliyun]', 'smsProviders: [twilio]'],
        ['abroad: false', 'abroad: true'],
      ],
    ],
    ['two who have to approve, where there are two', [withFourEyes, ['roles: [reviewer]', 'roles: [admin]']]],
  ])('%s', (_, changes) => {
    expect(problems(...changes)).toEqual([]);
  });
});
