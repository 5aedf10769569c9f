import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { embeddedIssuer } from '../../../api/http/auth.ts';

/** Issues tokens as the embedded stack does, with a key of its own. */
export async function tokenIssuer() {
  const { publicKey, privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  return {
    publicKey: JSON.stringify(await exportJWK(publicKey)),
    token: (roles: string[], subject: string, { audience = embeddedIssuer.audience, expires = '1h' } = {}) =>
      new SignJWT({ roles })
        .setProtectedHeader({ alg: 'EdDSA' })
        .setIssuer(embeddedIssuer.issuer)
        .setAudience(audience)
        .setSubject(subject)
        .setExpirationTime(expires)
        .sign(privateKey),
  };
}
