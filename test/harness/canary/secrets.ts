import { newIdNumber } from '../people.ts';

/**
 * A person whose every datum and every free text about them is found nowhere else, so that a search for it finds only
 * where it went.
 */
export const canary = {
  name: '鄢琦玥',
  idNumber: newIdNumber(),
  /** No 短信 reaches it: a clerk has to call. */
  phone: '13987650003',
  newPhone: '13987654313',
  agent: { name: '逄骞翾', idNumber: newIdNumber(), phone: '13987654324', relation: '子女' },
};

/** A free text or another datum of the form, by what it is. */
export const written = (what: string) => `zeisig-${what}`;

/** What identifies a person, by what it is. */
export const personal: Record<string, string> = {
  name: canary.name,
  'ID number': canary.idNumber,
  phone: canary.phone,
  'new phone': canary.newPhone,
  "agent's name": canary.agent.name,
  "agent's ID number": canary.agent.idNumber,
  "agent's phone": canary.agent.phone,
};

/** Which institution somebody chose tells what they suffer from; the core has to know. */
export const institution = '蘅芜谷特门医院';

/** Where and by whom it was diagnosed, which the core hears of too. */
export const diagnosed = { hospital: '芄兰渚诊断医院', doctor: '第五鹤汀' };

/** What begins every free text. */
export const freeText: Record<string, string> = { 'free text': written(''), institution, ...diagnosed };

/** A text as it may stand in a file: itself, in JSON, in a URL, in hex, and in base64 wherever its bytes begin. */
export function formsOf(text: string): Buffer[] {
  const escaped = [...text].map((character) => {
    const code = character.codePointAt(0) as number;
    return code < 128 ? character : `\\u${code.toString(16).padStart(4, '0')}`;
  });
  const bytes = Buffer.from(text);
  const encoded = [text, escaped.join(''), encodeURIComponent(text), bytes.toString('hex'), ...base64Of(bytes)];
  return [...new Set(encoded)].map((form) => Buffer.from(form));
}

/** What is the same in base64 whatever stands around it, for each of the three places at which a byte may begin. */
function base64Of(bytes: Buffer): string[] {
  return [0, 1, 2].map((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    return text.slice(offset === 0 ? 0 : offset + 1, Math.floor(((offset + bytes.length) * 8) / 6));
  });
}
