import { smsLength } from '../domain/sms-length.ts';
import { type Contradiction, refuse } from './contradictions.ts';
import { sampleValues } from './samples.ts';
import type { Policy } from './schema.ts';
import { textsOf } from './text-contradictions.ts';
import { fill } from './texts.ts';

/** Where a 短信 or an e-mail isn't fit to leave the house: anybody may read it on the way, and a 短信 has its form and its length. */
export function outgoingContradictions(policy: Policy): Contradiction[] {
  const values = sampleValues(policy);
  return policy.notifications.flatMap((notification, index) =>
    textsOf(notification)
      .filter(([[channel]]) => channel !== 'app')
      .flatMap(([where, template]) => {
        const [path, text] = [['notifications', index, ...where], fill(template, values)];
        return [...unsuitable(policy, path, text), ...(where[0] === 'sms' ? misshapen(policy, path, text) : [])];
      }),
  );
}

/** What says more of the person than surname and number: a disease of the catalogue, also without the brackets behind it, or the ID number. */
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
  return [
    ...refuse(!/^【[^【】]+】[^【】]+$/.test(text), path, 'must begin with a signature 【…】, the only one'),
    ...refuse(
      parts > maximumSmsParts,
      path,
      `has ${characters} characters at its longest, which are ${parts} parts; texts.maximumSmsParts is ${maximumSmsParts}`,
    ),
  ];
}
