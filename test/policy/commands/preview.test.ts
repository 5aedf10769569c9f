import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { smsLength } from '../../../domain/notifications/sms-length.ts';
import { policy } from '../../harness/policy.ts';
import { exchanged, folder } from '../../harness/rules/exchanged-policy.ts';

const cwd = fileURLToPath(new URL('../../..', import.meta.url));

/** `npm run policy:preview`. */
function preview(...path: string[]) {
  const env = { ...process.env, POLICY_FILE: '' };
  return spawnSync('npm', ['run', '-s', 'policy:preview', ...path], { cwd, env, encoding: 'utf8' });
}

describe('the preview of a policy', () => {
  it('prints every text with sample values, and how long each 短信 becomes', () => {
    const { status, stdout, stderr } = preview();
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain(`policy/panzhihua/2025-1.yaml (${policy.version})\n`);
    expect(stdout).not.toMatch(/[{}—]/);
    const lines = stdout.split('\n');
    const heads = lines.filter((line) => / → /.test(line));
    expect(heads.map((line) => line.split(',')[0])).toEqual(policy.notifications.map(({ on, to }) => `${on} → ${to}`));
    const others = lines.filter((line) => line.startsWith('notifying.'));
    expect(others).toEqual([
      'notifying.collected, aliyun SMS_200000001',
      'notifying.phoneCode, aliyun SMS_200000002',
      'notifying.phoneReplaced, aliyun SMS_200000003',
      'notifying.filedOtherwise, aliyun SMS_200000004',
      'notifying.actedAtWindow, aliyun SMS_200000005',
      'notifying.briefing',
      'notifying.callOverdue',
      'notifying.circularMissing',
    ]);
    for (const [kind, label, more] of [
      ['sms', '  短信,', 5],
      ['app', '  APP', 1],
      ['email', '  e-mail', 3],
    ] as const) {
      const texts = policy.notifications.filter((notification) => notification[kind]);
      expect(lines.filter((line) => line.startsWith(label))).toHaveLength(texts.length + more);
    }
    for (const [index, line] of lines.entries()) {
      const [, characters, parts] = line.match(/^ {2}短信, (\d+) characters, (\d+) parts?$/)?.map(Number) ?? [];
      if (characters) expect(smsLength(lines[index + 1]?.trim() ?? '')).toEqual({ characters, parts });
    }
  });

  it('shows what is asked for in full in the APP, and in a 短信 in short', () => {
    const [, shown = ''] = preview().stdout.split('materialsRequested → applicant');
    expect(shown).toContain(
      '需要补充:有效身份证件、医保电子凭证、社保卡、门诊慢特病病种待遇认定申请表等7项。请最迟于2026年12月31日',
    );
    expect(shown).toContain('疾病诊断证明书、检查报告或病历、近期免冠照片,具体要求见');
  });

  it.each([
    ['rejected', ['补充材料重新提交', '提出申诉'], ['重新提出申请']],
    ['rejectedWithoutAppeal', ['补充材料重新提交'], ['提出申诉', '重新提出申请']],
    ['refused', ['重新提出申请'], ['补充材料重新提交', '提出申诉']],
    ['accreditationRevoked', [], ['补充材料重新提交', '提出申诉', '重新提出申请']],
  ])('shows the remedies that there are: %s', (on, there, not) => {
    const [, shown = ''] = preview().stdout.split(`\n${on} → applicant`);
    const [text = ''] = shown.split('\n\n');
    for (const way of [...there, '行政复议']) expect(text).toContain(way);
    for (const way of not) expect(text).not.toContain(way);
  });

  it('shows the texts that stand in no notification', () => {
    const [, shown = ''] = preview().stdout.split('notifying.collected');
    const tail = /受理号尾号(\d+)/.exec(shown)?.[1] as string;
    for (const words of [
      `有5件门特事项需要办理(尾号${Array(5).fill(tail).join('、')})`,
      '验证码123456,10分钟内有效',
      `(尾号${tail})的手机号已更换为139****9009,今后的短信发到这个号码`,
      '的手机号已更换,不再通知本号码。不是本人操作的请致电0812-3323000。',
      '\n    门特待办汇总:99项\n    您好!以下99项门特事项请处理',
      `超过8小时未办(尾号${tail})\n    尾号${tail}的短信没有送到`,
    ])
      expect(shown).toContain(words);
  });

  it('refuses a policy as the start would', () => {
    const file = join(folder, 'unsigned.yaml');
    writeFileSync(file, exchanged(['sms: 【攀枝花医保】受理号', 'sms: 受理号']));
    const { status, stdout, stderr } = preview(file);
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toContain('must begin with a signature');
  });
});
