import { smsLength } from '../../domain/notifications/sms-length.ts';
import { aliyunProblems } from '../notifications/aliyun-template.ts';
import type { Policy } from '../schema.ts';
import { fill } from '../texts.ts';
import { type Contradiction, refuse } from './contradiction.ts';
import { notifyingTexts, sampleValues } from './samples.ts';
import { textsOf } from './texts.ts';

/**
 * Where a 短信 or an e-mail isn't fit to leave the house. Anybody may read it on the way, so it must not say much of a
 * person; and a 短信 has its form and its length.
 */
export function outgoingContradictions(policy: Policy): Contradiction[] {
  const values = sampleValues(policy);
  const ofNotifications = policy.notifications.flatMap((notification, index) =>
    textsOf(notification)
      .filter(([[channel]]) => channel !== 'app')
      .flatMap(([where, template]) => {
        const path = ['notifications', index, ...where];
        if (where[0] === 'sms') return smsProblems(policy, path, notification, values);
        return unsuitable(policy, path, fill(template, values));
      }),
  );
  const { sms, emails } = notifyingTexts(policy);
  return [
    ...ofNotifications,
    ...sms.flatMap(({ name, text, values }) => smsProblems(policy, ['notifying', name, 'sms'], text, values)),
    ...emails.flatMap(({ name, texts, values }) =>
      Object.entries(texts).flatMap(([part, template]) =>
        unsuitable(policy, ['notifying', name, part], fill(template, values)),
      ),
    ),
  ];
}

/** @param values the longest that the parameters are filled with */
function smsProblems(
  policy: Policy,
  path: PropertyKey[],
  { sms = '', aliyun }: { sms?: string | undefined; aliyun?: string | undefined },
  values: Record<string, string | number>,
): Contradiction[] {
  const text = fill(sms, values);
  return [
    ...unsuitable(policy, path, text),
    ...misshapen(policy, path, text),
    ...aliyunProblems({ sms, aliyun }, path, values),
    ...refuse(
      aliyun === undefined && !policy.notifying.abroad,
      path,
      'needs its template at Alibaba (aliyun), since notifying.abroad is false',
    ),
  ];
}

/** What says more of the person than surname and number: a disease (also without its brackets), or the ID number. */
function unsuitable({ catalogue }: Policy, path: PropertyKey[], text: string): Contradiction[] {
  const diseases = catalogue.map(({ name }) => name.replace(/[(\uff08].*$/, '')).filter((name) => text.includes(name));
  const idNumber = text.match(/身份证号|身份号码/)?.[0];
  return [
    ...refuse(diseases.length > 0, path, `names a disease, ${diseases.join(', ')}: anybody may read it on the way`),
    ...refuse(idNumber !== undefined, path, `speaks of ${idNumber}: anybody may read it on the way`),
  ];
}

function misshapen({ texts: { maximumSmsParts } }: Policy, path: PropertyKey[], text: string): Contradiction[] {
  const { characters, parts } = smsLength(text);
  const size = `has ${characters} characters at its longest, which are ${parts} parts`;
  return [
    ...refuse(!/^【[^【】]+】[^【】]+$/.test(text), path, 'must begin with a signature 【…】, the only one'),
    ...refuse(parts > maximumSmsParts, path, `${size}; texts.maximumSmsParts is ${maximumSmsParts}`),
  ];
}
