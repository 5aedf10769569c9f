import type { Request } from 'express';
import { decodeJwt, errors, type JWTPayload, type JWTVerifyResult, jwtVerify } from 'jose';
import { isSender } from '../../domain/checks.ts';
import { type Channel, type Role, roles } from '../../domain/vocabulary.ts';
import { person as personSchemas } from '../people/requests.ts';
import { Problem, problems } from './errors.ts';
import { issuerUnavailable, type TokenSource } from './issuers.ts';
import { z } from './zod.ts';

/** Somebody whose real name an app has verified (实名认证). */
export interface VerifiedPerson {
  name: string;
  idNumber: string;
  /** The keyed hash of the ID number: what is theirs is found by it, from whichever app they come. */
  hash: string;
}

/** Who sent a request. */
export interface User {
  /** Opaque: of staff their id, of an applicant the keyed hash of their ID number, the same in every app. */
  subject: string;
  roles: Role[];
  /** Every applicant; of staff those whose token says who they are. */
  person?: VerifiedPerson;
  /** The app through which an applicant comes. */
  channel?: Channel;
}

/** Finds out who sent a request. */
export type Authenticate = (request: Request) => Promise<User>;

/** jose's codes for errors of the issuer's keys, which say nothing about the token. */
const issuerErrors = [errors.JWKSTimeout.code, errors.JWKSInvalid.code, errors.JOSEError.code];

/**
 * @param hash the keyed hash of an ID number
 * @returns a function that throws Problem 401 without a valid token, 403 for an applicant whose real name isn't
 * verified, and 503 while the issuer's keys can't be had
 */
export function createAuthenticate(sources: TokenSource[], hash: (idNumber: string) => string): Authenticate {
  return async (request) => {
    const token = /^Bearer (.+)$/i.exec(request.get('authorization') ?? '')?.[1];
    if (!token) throw problems.unauthenticated();
    try {
      const source = sourceOf(sources, token);
      const { issuer, audience, keys } = source;
      const verified = await jwtVerify(token, keys, { issuer, audience, requiredClaims: ['sub', 'exp'] });
      if (!isAccessToken(verified)) throw problems.unauthenticated();
      return userOf(source, verified.payload, hash);
    } catch (error) {
      if (error instanceof Problem) throw error;
      if (error instanceof errors.JOSEError && !issuerErrors.includes(error.code)) throw problems.unauthenticated();
      throw issuerUnavailable(error);
    }
  };
}

/** The source that a token says it is from, which is yet to be verified. @throws Problem 401 */
function sourceOf(sources: TokenSource[], token: string): TokenSource {
  const { iss, aud } = decodeJwt(token);
  const source = sources.find(({ issuer, audience }) => issuer === iss && [aud].flat().includes(audience));
  if (!source) throw problems.unauthenticated();
  return source;
}

/**
 * Whether a token was issued for calling an api: an ID token tells an app who has signed in, goes through browsers, and
 * opens nothing here. Issuers mark the difference in their ways: RFC 9068 in the header, Keycloak by the claim `typ`,
 * Cognito by `token_use`.
 */
function isAccessToken({ protectedHeader, payload }: JWTVerifyResult): boolean {
  const type = protectedHeader.typ?.toLowerCase().replace(/^application\//, '');
  return type === 'at+jwt' || payload.typ === 'Bearer' || payload.token_use === 'access';
}

/** @throws Problem 401 without a usable subject, 403 for an applicant whose real name isn't verified */
function userOf(source: TokenSource, payload: JWTPayload, hash: (idNumber: string) => string): User {
  const claimed = payload[source.claims.roles];
  const listed = roles.filter((role) => Array.isArray(claimed) && claimed.includes(role));
  const person = personOf(source, payload, hash);
  // Nobody is an applicant and staff by one token: staff vouch for what applicants hand in.
  const isApplicant = { applicants: true, staff: false, both: listed.includes('applicant') }[source.speaksFor];
  if (isApplicant) {
    if (!person) throw new Problem(403, 'real-name-required', '请先在申请渠道完成实名认证,再重新登录。');
    return { subject: person.hash, roles: ['applicant'], person, channel: source.channelOf(payload) };
  }
  if (!isSender(payload.sub)) throw problems.unauthenticated();
  const staffRoles = listed.filter((role) => role !== 'applicant');
  return { subject: payload.sub as string, roles: staffRoles, ...(person ? { person } : {}) };
}

/** Made once: making a schema takes many times as long as checking by it, and every request comes here. */
const personClaims = z.object({ name: personSchemas.name, idNumber: personSchemas.idNumber });

function personOf(
  { claims }: TokenSource,
  payload: JWTPayload,
  hash: (idNumber: string) => string,
): VerifiedPerson | undefined {
  const claimed = personClaims.safeParse({ name: payload[claims.name], idNumber: payload[claims.idNumber] });
  return claimed.success ? { ...claimed.data, hash: hash(claimed.data.idNumber) } : undefined;
}
