import { createLocalJWKSet, createRemoteJWKSet, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import { isEncrypted, type OidcIssuer } from '../../config/issuers.ts';
import { type Channel, channels } from '../../domain/vocabulary.ts';
import { Problem } from './errors.ts';

/** Issuer and audience of the tokens of `npm run token`. */
export const embeddedIssuer = { issuer: 'urn:mente:embedded', audience: 'mente' };

/** Where bearer tokens come from, and what they say. */
export interface TokenSource {
  issuer: string;
  audience: string;
  keys: JWTVerifyGetKey;
  /** The embedded stack speaks for both: for an applicant where the token claims that role, else for staff. */
  speaksFor: 'applicants' | 'staff' | 'both';
  /** Names of the claims. */
  claims: { name: string; idNumber: string; roles: string };
  /** The app through which an applicant comes. */
  channelOf(payload: JWTPayload): Channel;
}

const claims = { name: 'name', idNumber: 'id_number', roles: 'roles' };

/**
 * The OIDC issuers, whose keys are found through their discovery documents, or the embedded stack where its key is set.
 * `config/env.ts` allows only one of the two.
 */
export function tokenSources(env: {
  OIDC_ISSUERS?: OidcIssuer[] | undefined;
  EMBEDDED_TOKEN_KEY?: string | undefined;
}): TokenSource[] {
  if (!env.EMBEDDED_TOKEN_KEY) return (env.OIDC_ISSUERS ?? []).map(oidcSource);
  const keys = createLocalJWKSet({ keys: [JSON.parse(env.EMBEDDED_TOKEN_KEY)] });
  return [{ ...embeddedIssuer, keys, speaksFor: 'both', claims, channelOf: embeddedChannel }];
}

/** One issuer stands for all apps there; without a word about it, a token is 四川医保APP's. */
function embeddedChannel({ channel }: JWTPayload): Channel {
  return channels.find((known) => known === channel && known !== 'window') ?? 'scApp';
}

function oidcSource(configured: OidcIssuer): TokenSource {
  const { issuer, audience } = configured;
  let keys: JWTVerifyGetKey | undefined;
  return {
    issuer,
    audience,
    speaksFor: configured.for,
    claims: { ...claims, ...configured.claims },
    channelOf: () => (configured.for === 'applicants' ? configured.channel : 'window'),
    async keys(header, token) {
      keys ??= createRemoteJWKSet(await discoverKeys(issuer));
      return keys(header, token);
    },
  };
}

/**
 * Asks an issuer where its keys are. Its document has to be its own (OpenID Connect Discovery 4.3), or whoever can
 * answer at its address could name keys of theirs.
 * @throws Problem 503
 */
async function discoverKeys(issuer: string): Promise<URL> {
  const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const response = await fetch(address, { signal: AbortSignal.timeout(5_000), redirect: 'error' });
  const document = (await response.json()) as { issuer: string; jwks_uri: string };
  if (document.issuer !== issuer) throw issuerUnavailable({ code: 'OIDC_DOCUMENT_OF_ANOTHER_ISSUER' });
  if (isEncrypted(issuer) && !isEncrypted(document.jwks_uri))
    throw issuerUnavailable({ code: 'OIDC_KEYS_WITHOUT_TLS' });
  return new URL(document.jwks_uri);
}

/** @param cause its code is logged */
export function issuerUnavailable(cause?: unknown): Problem {
  return new Problem(503, 'unavailable', '登录服务暂时无法访问,请稍后再试。', { retryAfter: 5, cause });
}
