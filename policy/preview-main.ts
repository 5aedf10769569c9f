import { smsLength } from '../domain/sms-length.ts';
import { policyCommand } from './policy-command.ts';
import { sampleValues } from './samples.ts';
import type { Notification, Policy } from './schema.ts';
import { fill, type TextValues } from './texts.ts';

/** `npm run policy:preview [file|folder]`: every text as people get it, at about its longest. */
policyCommand((versions) =>
  versions.flatMap(({ file, value: policy }) => [`${file} (${policy.version})`, '', ...previewOf(policy)]),
);

function previewOf(policy: Policy): string[] {
  const values = sampleValues(policy);
  return policy.notifications.flatMap((notification) => [...linesOf(notification, values), '']);
}

/** Event and recipient, what else the policy says of it, and its texts. */
function linesOf({ on, to, sms, app, email, ...others }: Notification, values: TextValues): string[] {
  const terms = Object.entries(others).map(([name, value]) => `, ${name} ${value}`);
  const texts = (...templates: string[]) => templates.map((template) => `    ${fill(template, values)}`);
  return [
    `${on} → ${to}${terms.join('')}`,
    ...(sms ? [`  短信, ${lengthOf(fill(sms, values))}`, ...texts(sms)] : []),
    ...(app ? ['  APP', ...texts(app)] : []),
    ...(email ? ['  e-mail', ...texts(email.subject, email.text)] : []),
  ];
}

function lengthOf(sms: string): string {
  const { characters, parts } = smsLength(sms);
  return `${characters} characters, ${parts} ${parts === 1 ? 'part' : 'parts'}`;
}
