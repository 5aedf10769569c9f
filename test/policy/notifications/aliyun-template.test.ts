import { describe, expect, it } from '@jest/globals';
import { sampleValues } from '../../../policy/checks/samples.ts';
import { aliyunProblems } from '../../../policy/notifications/aliyun-template.ts';
import { policy } from '../../harness/policy.ts';

const aliyun = 'SMS_200000001';
const problems = (notification: Parameters<typeof aliyunProblems>[0]) =>
  aliyunProblems(notification, ['sms'], sampleValues(policy)).map(({ message }) => message);

describe('what 阿里云 would not take', () => {
  it.each(policy.notifications.filter(({ sms }) => sms))('is nothing in $on', ({ sms }) => {
    expect(problems({ sms, aliyun })).toEqual([]);
  });

  it('is a value of more than 35 characters', () => {
    expect(problems({ sms: '【医保】还缺:{items},至{dueOn}', aliyun })).toEqual([
      '{items} has 55 characters at its longest; 阿里云 takes 35',
    ]);
  });

  it('is of no matter to a 短信 that does not go that way', () => {
    expect(problems({ sms: '【医保】还缺:{items}' })).toEqual([]);
    expect(problems({ aliyun })).toEqual([]);
  });
});
