import { parseArgs } from 'node:util';
import { SignJWT } from 'jose';
import { embeddedIssuer } from '../api/http/issuers.ts';
import { understandIdNumber } from '../domain/people/documents.ts';
import { type Channel, channels, type Role, roles } from '../domain/vocabulary.ts';
import { personOfSubject } from './people.ts';
import { createDataDir, dataDir } from './stack/data-dir.ts';
import { loadSecrets } from './stack/secrets.ts';

const usage =
  'npm run -s token -- <role>[,role] [subject] [--name <name> --id-number <ID number>] [--channel <app>], ' +
  `where an app is one of ${channels.filter((channel) => channel !== 'window').join(', ')}, ` +
  `and a role is one of ${roles.join(', ')}.`;

/**
 * Prints a bearer token of the embedded stack for twelve hours, see `usage`. An applicant's carries a verified name and
 * ID number; without the flags those of a person who is made up from the subject.
 */
async function main(): Promise<void> {
  const { list, subject, person, channel } = readArguments();
  createDataDir(dataDir());
  const { tokenKey } = await loadSecrets(dataDir());
  const token = await new SignJWT({ roles: list, ...person, ...(channel ? { channel } : {}) })
    .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt' })
    .setIssuer(embeddedIssuer.issuer)
    .setAudience(embeddedIssuer.audience)
    .setSubject(subject)
    .setIssuedAt()
    .setExpirationTime('12h')
    .sign(tokenKey);
  console.log(token);
}

function readArguments() {
  const { values, positionals } = parsed();
  const [names = '', given] = positionals;
  const list = names.split(',');
  const unknown = list.filter((role) => !roles.includes(role as Role));
  if (unknown.length > 0) refuse(names ? `There is no role ${unknown.join(', ')}` : 'A role is needed');
  const { name, 'id-number': idNumber, channel } = values;
  if ((name === undefined) !== (idNumber === undefined)) refuse('A name and an ID number go together');
  if (idNumber !== undefined && understandIdNumber(idNumber) === null) refuse('That is no ID number');
  if (channel === 'window' || (channel && !channels.includes(channel as Channel))) refuse(`There is no app ${channel}`);
  const subject = given ?? `${list[0]}-1`;
  return { list, subject, channel, person: claimsOf(list, subject, name, idNumber) };
}

function parsed() {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({ allowPositionals: true, options: { name: text, 'id-number': text, channel: text } });
  } catch {
    return refuse('That is not understood');
  }
}

/** Of the person who is given, or made up for an applicant. */
function claimsOf(list: string[], subject: string, name?: string, idNumber?: string) {
  if (name && idNumber) return { name, id_number: idNumber };
  if (!list.includes('applicant')) return {};
  const made = personOfSubject(subject);
  return { name: made.name, id_number: made.idNumber };
}

function refuse(complaint: string): never {
  console.error(`${complaint}: ${usage}`);
  process.exit(2);
}

await main();
