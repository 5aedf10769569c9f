import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Request } from 'express';
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';
import { createAuthenticate } from '../../../api/http/auth.ts';
import { tokenSources } from '../../../api/http/issuers.ts';
import { oidcIssuers } from '../../../config/issuers.ts';
import { testKeyring } from '../../harness/keyring.ts';
import { liNa } from '../../harness/people.ts';

const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
const { name, idNumber } = liNa;
const hash = testKeyring.hash(idNumber);

describe('tokens of OIDC issuers', () => {
  let issuer: string;
  let server: Server;
  /** What the issuer answers at the addresses that the standard gives. */
  let keys: { status: number; body: { keys: JWK[] } };
  let document: { issuer: string; jwks_uri: string };
  beforeAll(async () => {
    server = createServer((request, response) => {
      const discovery = request.url === '/realm/.well-known/openid-configuration';
      response.writeHead(discovery ? 200 : keys.status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(discovery ? document : keys.body));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}/realm/`;
  });
  beforeEach(async () => {
    keys = { status: 200, body: { keys: [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'RS256' }] } };
    document = { issuer, jwks_uri: `${issuer}keys` };
  });
  afterAll(() => {
    server.close();
    server.closeAllConnections();
  });

  interface Change {
    issuer?: string;
    audience?: string;
    claims?: JWTPayload;
    typ?: string;
  }
  const sign = ({ claims = { roles: ['reviewer', 'unheard-of'] }, ...change }: Change = {}) =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', kid: 'one', typ: change.typ ?? 'at+jwt' })
      .setIssuer(change.issuer ?? issuer)
      .setAudience(change.audience ?? 'office')
      .setSubject('reviewer-1')
      .setExpirationTime('1h')
      .sign(privateKey);
  const authenticator = (at = issuer) => {
    const list = [
      { issuer: at, audience: 'office', for: 'staff' },
      { issuer: at, audience: 'sc', for: 'applicants', channel: 'scApp' },
      { issuer: at, audience: 'pzh', for: 'applicants', channel: 'pzhMiniProgram', claims: { idNumber: 'sfzh' } },
    ];
    return createAuthenticate(
      tokenSources({ OIDC_ISSUERS: oidcIssuers.parse(JSON.stringify(list)) }),
      testKeyring.hash,
    );
  };
  /** A request, as far as it is looked at. */
  const bearing = (token: string) => ({ get: () => `Bearer ${token}` }) as unknown as Request;
  const asking = async (change: Change) => authenticator()(bearing(await sign(change)));

  it('are verified with the keys that its discovery document leads to', async () => {
    const authenticate = authenticator();
    expect(await authenticate(bearing(await sign()))).toEqual({ subject: 'reviewer-1', roles: ['reviewer'] });
    for (const wrong of [{ issuer: 'https://other.example' }, { audience: 'other' }]) {
      await expect(authenticate(bearing(await sign(wrong)))).rejects.toMatchObject({ status: 401 });
    }
  });

  it('are not refused for good while its keys cannot be had', async () => {
    const token = await sign();
    const unavailable = { status: 503, options: { retryAfter: expect.any(Number) } };
    const elsewhere = 'http://127.0.0.1:1/';
    await expect(authenticator(elsewhere)(bearing(await sign({ issuer: elsewhere })))).rejects.toMatchObject(
      unavailable,
    );
    const authenticate = authenticator();
    keys = { ...keys, status: 500 };
    await expect(authenticate(bearing(token))).rejects.toMatchObject(unavailable);
    keys = { ...keys, status: 200 };
    expect((await authenticate(bearing(token))).subject).toBe('reviewer-1');
  });

  it('are not verified with the keys that a document of another issuer names', async () => {
    document = { ...document, issuer: 'https://other.example' };
    await expect(asking({})).rejects.toMatchObject({
      status: 503,
      options: { cause: { code: 'OIDC_DOCUMENT_OF_ANOTHER_ISSUER' } },
    });
  });

  it('say who an applicant is, and through which app they come: the same person, whatever the app', async () => {
    const person = { name, idNumber, hash };
    expect(await asking({ audience: 'sc', claims: { name, id_number: ` ${idNumber} ` } })).toEqual({
      ...{ subject: hash, roles: ['applicant'], channel: 'scApp', person },
    });
    expect(await asking({ audience: 'pzh', claims: { name, sfzh: idNumber } })).toEqual({
      ...{ subject: hash, roles: ['applicant'], channel: 'pzhMiniProgram', person },
    });
  });

  it('of an app make nobody staff, nor those of the office an applicant', async () => {
    const claims = { name, id_number: idNumber, roles: ['supervisor', 'clerk', 'applicant'] };
    expect((await asking({ audience: 'sc', claims })).roles).toEqual(['applicant']);
    expect(await asking({ claims })).toMatchObject({ subject: 'reviewer-1', roles: ['clerk', 'supervisor'] });
  });

  it.each<[what: string, claims: JWTPayload]>([
    ['without a name', { id_number: idNumber }],
    ['without an ID number', { name }],
    ['with a masked ID number', { name, id_number: '510402********2122' }],
    ['with an ID number that is none', { name, id_number: '510402198803152121' }],
  ])('of an app %s are refused until the person is verified', async (_, claims) => {
    await expect(asking({ audience: 'sc', claims })).rejects.toMatchObject({ status: 403, code: 'real-name-required' });
  });

  it.each<[what: string, change: Change, taken: boolean]>([
    ['an access token by RFC 9068', { typ: 'application/at+jwt' }, true],
    ["Keycloak's access token", { typ: 'JWT', claims: { typ: 'Bearer' } }, true],
    ["Cognito's access token", { typ: 'JWT', claims: { token_use: 'access' } }, true],
    ["Keycloak's ID token", { typ: 'JWT', claims: { typ: 'ID', nonce: 'n' } }, false],
    ["Cognito's ID token", { typ: 'JWT', claims: { token_use: 'id' } }, false],
    ['a token that does not say what it is', { typ: 'JWT', claims: {} }, false],
  ])('are taken where they are for an api: %s', async (_, change, taken) => {
    const asked = asking(change);
    if (taken) expect((await asked).subject).toBe('reviewer-1');
    else await expect(asked).rejects.toMatchObject({ status: 401 });
  });
});
