import { describe, expect, it } from '@jest/globals';
import { briefingMail, singleMail } from '../../../policy/notifications/staff-mail.ts';
import { policy } from '../../harness/policy.ts';

const workbenchUrl = 'https://workbench.example/cases/{acceptanceNumber}?from=mail';
const notifications = [
  { subject: '还剩1个工作日', body: '办理期限2026年12月9日。', acceptanceNumber: '510400A' },
  { subject: '收到申诉', body: '请指派。', acceptanceNumber: '510400B' },
];

describe('a mail to the staff', () => {
  it.each([
    ['ends with the link to its case', '510400A', '请指派。\nhttps://workbench.example/cases/510400A?from=mail'],
    ['has no link where it is about none', null, '请指派。'],
  ])('%s', (_, acceptanceNumber, body) => {
    const mail = singleMail({ subject: '收到申诉', body: '请指派。', acceptanceNumber }, workbenchUrl);
    expect(mail).toEqual({ subject: '收到申诉', body });
  });

  it('that tells of several cases says how many, and each with its link', () => {
    const notifying = { ...policy.notifying, briefing: { subject: '{count}项', opening: '{name}:共{count}项。' } };
    expect(briefingMail({ ...policy, notifying }, '张敏', notifications, workbenchUrl)).toEqual({
      subject: '2项',
      body: [
        '张敏:共2项。',
        '',
        '1. 还剩1个工作日',
        '办理期限2026年12月9日。',
        'https://workbench.example/cases/510400A?from=mail',
        '',
        '2. 收到申诉',
        '请指派。',
        'https://workbench.example/cases/510400B?from=mail',
      ].join('\n'),
    });
  });

  it('says in the shipped policy who is to do it, and how much there is to do', () => {
    const { subject, body } = briefingMail(policy, '张敏', notifications, workbenchUrl);
    expect([subject, body.split('\n')[0]]).toEqual([
      expect.stringContaining('2项'),
      expect.stringMatching(/^张敏,您好.*2项/),
    ]);
  });
});
