import { smsLength } from '../../domain/notifications/sms-length.ts';
import { notifyingTexts, sampleValues } from '../checks/samples.ts';
import type { Notification, Policy } from '../schema.ts';
import { fill, type TextValues } from '../texts.ts';
import { policyCommand } from './command.ts';

/** `npm run policy:preview [file|folder]`: every text as people get it, at about its longest. */
policyCommand((versions) =>
  versions.flatMap(({ file, value: policy }) => [`${file} (${policy.version})`, '', ...previewOf(policy)]),
);

function previewOf(policy: Policy): string[] {
  const { sms, emails } = notifyingTexts(policy);
  return [
    ...policy.notifications.map((notification) => linesOf(notification, sampleValues(policy, notification.on))),
    ...sms.map(({ name, text: { sms, aliyun, app }, values }) => [
      `notifying.${name}${termsOf({ aliyun })}`,
      ...smsLines(sms, values),
      ...(app ? appLines(app, values) : []),
    ]),
    ...emails.map(({ name, texts, values }) => [`notifying.${name}`, ...emailLines(Object.values(texts), values)]),
  ].flatMap((lines) => [...lines, '']);
}

/** Event and recipient, what else the policy says of it, and its texts. */
function linesOf({ on, to, sms, app, email, ...others }: Notification, values: TextValues): string[] {
  return [
    `${on} → ${to}${termsOf(others)}`,
    ...(sms ? smsLines(sms, values) : []),
    ...(app ? appLines(app, values) : []),
    ...(email ? emailLines([email.subject, email.text], values) : []),
  ];
}

function termsOf(others: Record<string, string | undefined>): string {
  const terms = Object.entries(others).filter(([, term]) => term !== undefined);
  return terms.map(([name, term]) => `, ${name} ${term}`).join('');
}

type Values = Record<string, string | number>;

function smsLines(sms: string, values: Values): string[] {
  return [`  短信, ${lengthOf(fill(sms, values))}`, ...textLines([sms], values)];
}

function appLines(app: string, values: Values): string[] {
  return ['  APP', ...textLines([app], values)];
}

function emailLines(templates: string[], values: Values): string[] {
  return ['  e-mail', ...textLines(templates, values)];
}

function textLines(templates: string[], values: Values): string[] {
  return templates.map((template) => `    ${fill(template, values)}`);
}

function lengthOf(sms: string): string {
  const { characters, parts } = smsLength(sms);
  return `${characters} characters, ${parts} ${parts === 1 ? 'part' : 'parts'}`;
}
