import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { embeddedIssuer } from '../../../api/http/issuers.ts';
import type { Channel } from '../../../domain/vocabulary.ts';
import { type NamedPerson, personOf } from '../people.ts';

interface TokenOptions {
  audience?: string;
  expires?: string;
  /** Whose verified name an applicant's token carries, if not that of the person of this subject. */
  person?: NamedPerson;
  /** The app that it is from. */
  channel?: Channel;
}

/** Issues tokens as the embedded stack does, with a key of its own. */
export async function tokenIssuer() {
  const { publicKey, privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  return {
    publicKey: JSON.stringify(await exportJWK(publicKey)),
    token(roles: string[], subject: string, options: TokenOptions = {}) {
      const { audience = embeddedIssuer.audience, expires = '1h', channel } = options;
      const { name, idNumber } = options.person ?? personOf(subject);
      const claims = roles.includes('applicant') || options.person ? { name, id_number: idNumber, channel } : {};
      return new SignJWT({ roles, ...claims })
        .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt' })
        .setIssuer(embeddedIssuer.issuer)
        .setAudience(audience)
        .setSubject(subject)
        .setExpirationTime(expires)
        .sign(privateKey);
    },
  };
}
