import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Request } from 'express';
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { createAuthenticate, tokenSource } from '../../../api/http/auth.ts';

const audience = 'mente';
const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });

describe('tokens of an OIDC issuer', () => {
  let issuer: string;
  let server: Server;
  /** What the issuer answers at the addresses that the standard gives. */
  let keys: { status: number; body: { keys: JWK[] } };
  beforeAll(async () => {
    keys = { status: 200, body: { keys: [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'RS256' }] } };
    server = createServer((request, response) => {
      const discovery = request.url === '/realm/.well-known/openid-configuration';
      response.writeHead(discovery ? 200 : keys.status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(discovery ? { issuer, jwks_uri: `${issuer}keys` } : keys.body));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}/realm/`;
  });
  afterAll(() => {
    server.close();
    server.closeAllConnections();
  });

  const sign = (change: { issuer?: string; audience?: string } = {}) =>
    new SignJWT({ roles: ['reviewer', 'unheard-of'] })
      .setProtectedHeader({ alg: 'RS256', kid: 'one' })
      .setIssuer(change.issuer ?? issuer)
      .setAudience(change.audience ?? audience)
      .setSubject('reviewer-1')
      .setExpirationTime('1h')
      .sign(privateKey);
  const authenticator = (at = issuer) => createAuthenticate(tokenSource({ OIDC_ISSUER: at, OIDC_AUDIENCE: audience }));
  /** A request, as far as it is looked at. */
  const bearing = (token: string) => ({ get: () => `Bearer ${token}` }) as unknown as Request;

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
    await expect(authenticator('http://127.0.0.1:1/')(bearing(token))).rejects.toMatchObject(unavailable);
    const authenticate = authenticator();
    keys = { ...keys, status: 500 };
    await expect(authenticate(bearing(token))).rejects.toMatchObject(unavailable);
    keys = { ...keys, status: 200 };
    expect((await authenticate(bearing(token))).subject).toBe('reviewer-1');
  });
});
