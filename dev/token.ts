import { SignJWT } from 'jose';
import { embeddedIssuer } from '../api/http/auth.ts';
import { type Role, roles } from '../domain/vocabulary.ts';
import { createDataDir, dataDir } from './stack/data-dir.ts';
import { loadSecrets } from './stack/secrets.ts';

/** `npm run -s token -- <role>[,role] [subject]`: prints a bearer token of the embedded stack for twelve hours. */
const [list = '', subject] = process.argv.slice(2);
const wanted = list.split(',');
const unknown = wanted.filter((role) => !roles.includes(role as Role));
if (unknown.length > 0) {
  const complaint = list ? `There is no role ${unknown.join(', ')}` : 'A role is needed';
  console.error(
    `${complaint}: npm run -s token -- <role>[,role] [subject], where a role is one of ${roles.join(', ')}.`,
  );
  process.exit(2);
}
createDataDir(dataDir());
const { tokenKey } = await loadSecrets(dataDir());
const token = await new SignJWT({ roles: wanted })
  .setProtectedHeader({ alg: 'EdDSA' })
  .setIssuer(embeddedIssuer.issuer)
  .setAudience(embeddedIssuer.audience)
  .setSubject(subject ?? `${wanted[0]}-1`)
  .setIssuedAt()
  .setExpirationTime('12h')
  .sign(tokenKey);
console.log(token);
