import type { Request } from 'express';
import { createLocalJWKSet, createRemoteJWKSet, errors, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { isSender } from '../../domain/checks.ts';
import { type Role, roles } from '../../domain/vocabulary.ts';
import { Problem, problems } from './errors.ts';

/** Who sent a request: an opaque id and their roles. */
export interface User {
  subject: string;
  roles: Role[];
  /** Who they are, where the token says so: the keyed hash of their ID number. */
  person?: { hash: string };
}

/** Finds out who sent a request. */
export type Authenticate = (request: Request) => Promise<User>;

/** Issuer and audience of the tokens of `npm run token`. */
export const embeddedIssuer = { issuer: 'urn:mente:embedded', audience: 'mente' };

interface TokenSource {
  issuer: string;
  audience: string;
  keys: JWTVerifyGetKey;
}

/**
 * Where bearer tokens come from: an OIDC issuer, whose keys are found through its discovery document, or the embedded
 * stack where its key is set. `config/env.ts` allows only one of the two.
 */
export function tokenSource(env: {
  OIDC_ISSUER?: string;
  OIDC_AUDIENCE?: string;
  EMBEDDED_TOKEN_KEY?: string;
}): TokenSource {
  if (env.EMBEDDED_TOKEN_KEY) {
    return { ...embeddedIssuer, keys: createLocalJWKSet({ keys: [JSON.parse(env.EMBEDDED_TOKEN_KEY)] }) };
  }
  const issuer = env.OIDC_ISSUER as string;
  let keys: JWTVerifyGetKey | undefined;
  return {
    issuer,
    audience: env.OIDC_AUDIENCE as string,
    async keys(header, token) {
      keys ??= createRemoteJWKSet(await discoverKeys(issuer));
      return keys(header, token);
    },
  };
}

async function discoverKeys(issuer: string): Promise<URL> {
  const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const response = await fetch(address, { signal: AbortSignal.timeout(5_000) });
  return new URL(((await response.json()) as { jwks_uri: string }).jwks_uri);
}

/** jose's codes for errors of the issuer's keys, which say nothing about the token. */
const issuerErrors = [errors.JWKSTimeout.code, errors.JWKSInvalid.code, errors.JOSEError.code];

/** The function throws Problem 401 without a valid token, and 503 while the issuer's keys can't be fetched. */
export function createAuthenticate({ issuer, audience, keys }: TokenSource): Authenticate {
  return async (request) => {
    const token = /^Bearer (.+)$/i.exec(request.get('authorization') ?? '')?.[1];
    if (!token) throw problems.unauthenticated();
    try {
      const { payload } = await jwtVerify(token, keys, { issuer, audience, requiredClaims: ['sub', 'exp'] });
      const { sub = '' } = payload;
      if (!isSender(sub)) throw problems.unauthenticated();
      const claimed = Array.isArray(payload.roles) ? payload.roles : [];
      return { subject: sub, roles: roles.filter((role) => claimed.includes(role)) };
    } catch (error) {
      if (error instanceof Problem) throw error;
      if (error instanceof errors.JOSEError && !issuerErrors.includes(error.code)) throw problems.unauthenticated();
      throw new Problem(503, 'unavailable', '登录服务暂时无法访问,请稍后再试。', { retryAfter: 5 });
    }
  };
}
