import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { SignJWT, UnsecuredJWT } from 'jose';
import { embeddedIssuer } from '../../../api/http/issuers.ts';
import { acceptanceNumber } from '../../../domain/cases/acceptance-number.ts';
import { type Role, roles } from '../../../domain/vocabulary.ts';
import { describeApi } from '../../harness/http/describe-api.ts';
import type { Http } from '../../harness/http/open.ts';
import { tokenIssuer } from '../../harness/http/tokens.ts';

const unknownNumber = acceptanceNumber('510400', 2026, randomBytes(8));
const oneCase = `/v1/applications/${unknownNumber}`;
const caseStaff: Role[] = ['clerk', 'reviewer', 'supervisor', 'director'];
/** Where a signature tells who asks. */
const signed = ['POST /v1/hooks/insurance-core', 'POST /v1/hooks/twilio/status'];
/** Every route, and who may use it; null for anyone, without a token. */
const access: Record<string, Role[] | null> = {
  'GET /v1/catalogue': null,
  'GET /v1/calendar/due-date': null,
  'GET /v1/calendar/{year}': [...caseStaff, 'admin'],
  'POST /v1/calendar/{year}/preview': [...caseStaff, 'admin'],
  'PUT /v1/calendar/{year}': ['admin'],
  'GET /healthz': null,
  'GET /readyz': null,
  'POST /codec/decode': caseStaff,
  'POST /v1/files': ['applicant', 'clerk'],
  'GET /v1/files': ['applicant'],
  'GET /v1/files/{fileId}': ['applicant', ...caseStaff],
  'POST /v1/applications': ['applicant', 'clerk'],
  'GET /v1/applications': ['applicant', ...caseStaff],
  'GET /v1/applications/{acceptanceNumber}': ['applicant', ...caseStaff],
  'GET /v1/applications/{acceptanceNumber}/deadline': ['applicant', ...caseStaff],
  'GET /v1/applications/{acceptanceNumber}/notices': ['applicant', ...caseStaff],
  'GET /v1/applications/{acceptanceNumber}/notices/{noticeId}': ['applicant', ...caseStaff],
  'POST /v1/applications/{acceptanceNumber}/approve': ['reviewer', 'supervisor'],
  'POST /v1/applications/{acceptanceNumber}/reject': ['reviewer', 'supervisor'],
  'POST /v1/applications/{acceptanceNumber}/request-materials': ['reviewer', 'supervisor'],
  'POST /v1/applications/{acceptanceNumber}/request-verification': ['reviewer', 'supervisor'],
  'POST /v1/applications/{acceptanceNumber}/record-verification': ['clerk'],
  'POST /v1/applications/{acceptanceNumber}/appeal': ['applicant', 'clerk'],
  'POST /v1/applications/{acceptanceNumber}/assign': ['reviewer', 'supervisor'],
  'POST /v1/applications/{acceptanceNumber}/release-claims': ['supervisor'],
  'POST /v1/applications/{acceptanceNumber}/resubmit': ['applicant', 'clerk'],
  'POST /v1/applications/{acceptanceNumber}/withdraw': ['applicant', 'clerk'],
  'POST /v1/applications/{acceptanceNumber}/phone': ['applicant', 'clerk'],
  'POST /v1/applications/{acceptanceNumber}/phone/confirm': ['applicant', 'clerk'],
  'GET /v1/accreditations': ['applicant', ...caseStaff],
  'GET /v1/accreditations/{accreditationId}': ['applicant', ...caseStaff],
  'POST /v1/accreditations/{accreditationId}/revoke': ['supervisor'],
  'GET /v1/accreditations/{accreditationId}/notices': ['applicant', ...caseStaff],
  'GET /v1/accreditations/{accreditationId}/notices/{noticeId}': ['applicant', ...caseStaff],
  'POST /v1/people/lookup': caseStaff,
  'GET /v1/worklist': caseStaff,
  'GET /v1/calls': ['clerk', 'supervisor'],
  'POST /v1/calls/{id}/record': ['clerk', 'supervisor'],
  'GET /v1/statistics': ['supervisor', 'director'],
  'GET /v1/staff': [...caseStaff, 'admin'],
  'PUT /v1/staff/{staffId}': ['admin'],
  'PUT /v1/staff/{staffId}/absence': ['reviewer', 'supervisor'],
  'DELETE /v1/staff/{staffId}/absence': ['reviewer', 'supervisor'],
  'GET /v1/audit': ['supervisor'],
  'POST /v1/audit/search': ['supervisor'],
  'GET /v1/applications/{acceptanceNumber}/audit': ['applicant', ...caseStaff],
  'GET /v1/inbox': ['applicant'],
  'POST /v1/inbox/{messageId}/read': ['applicant'],
};

/** Who is let in, and what the api tells about itself and in lists. */
await describeApi('access', (http) => {
  const ask = (route: string, caller: ReturnType<Http['as']>) => {
    const [method = '', path = ''] = route.split(' ');
    const concrete = path
      .replace('/v1/applications/{acceptanceNumber}', oneCase)
      .replace('{fileId}', 'unknown')
      .replace('{staffId}', 'reviewer-1')
      .replace('{year}', '2027');
    if (method === 'PUT') return caller.put(concrete);
    if (method === 'DELETE') return caller.delete(concrete);
    return method === 'GET' ? caller.get(concrete) : caller.post(concrete);
  };

  describe('lets in', () => {
    it.each(Object.entries(access))('to %s: %j', async (route, allowed) => {
      const anonymous = await ask(route, http.withToken());
      expect(anonymous.status === 401).toBe(allowed !== null);
      for (const role of roles) {
        const { status, body } = await ask(route, http.as(role));
        const refused = allowed !== null && !allowed.includes(role);
        expect([role, status === 403 ? body.code : 'let in']).toEqual([role, refused ? 'forbidden' : 'let in']);
        expect([401, 500]).not.toContain(status);
      }
    });

    it('nobody whose token does not hold', async () => {
      const foreign = await tokenIssuer();
      const claims = (jwt: SignJWT | UnsecuredJWT) =>
        jwt
          .setIssuer(embeddedIssuer.issuer)
          .setAudience(embeddedIssuer.audience)
          .setSubject('reviewer-1')
          .setExpirationTime('1h');
      const secret = Buffer.from(foreign.publicKey);
      const signed = (jwt: SignJWT) => jwt.setProtectedHeader({ alg: 'HS256' }).sign(secret);
      const tokens = {
        expired: await http.token(['reviewer'], 'reviewer-1', { expires: '-1s' }),
        'for another audience': await http.token(['reviewer'], 'reviewer-1', { audience: 'other' }),
        'without a subject': await http.token(['reviewer'], ''),
        'unsigned (alg none)': (claims(new UnsecuredJWT({ roles: ['reviewer'] })) as UnsecuredJWT).encode(),
        'signed with a foreign key': await foreign.token(['reviewer'], 'reviewer-1'),
        'signed with a secret': await signed(claims(new SignJWT({ roles: ['reviewer'] })) as SignJWT),
        'no token at all': 'garbage',
      };
      for (const [which, token] of Object.entries(tokens)) {
        const reply = await http.withToken(token).get('/v1/worklist');
        expect([which, reply.status, reply.body.code]).toEqual([which, 401, 'unauthenticated']);
        expect(reply.headers.get('www-authenticate')).toBe('Bearer');
      }
      const noRole = await http.withToken(await http.token(['root', 'REVIEWER'], 'reviewer-1')).get('/v1/worklist');
      expect(noRole.status).toBe(403);
    });
  });

  describe('tells about itself', () => {
    it('in an OpenAPI 3.1 document that has exactly the routes there are', async () => {
      const { body } = await http.withToken().get('/openapi.json');
      expect(await new Validator().validate(body as Record<string, unknown>)).toEqual({ valid: true });
      expect(body).toMatchObject({
        openapi: expect.stringMatching(/^3\.1\./),
        info: { title: expect.any(String), version: '1' },
      });
      const paths = body.paths as Record<
        string,
        Record<string, { responses: object; parameters?: { name: string; in: string }[]; security?: object[] }>
      >;
      const operations = Object.entries(paths).flatMap(([path, methods]) =>
        Object.entries(methods).map(([method, operation]) => ({ route: `${method.toUpperCase()} ${path}`, operation })),
      );
      expect(operations.map(({ route }) => route).sort()).toEqual([...Object.keys(access), ...signed].sort());
      for (const { route, operation } of operations.filter(({ route }) => !signed.includes(route))) {
        expect([route, Object.keys(operation.responses)]).toEqual([route, expect.arrayContaining(['default'])]);
        expect([route, operation.security !== undefined]).toEqual([route, access[route] !== null]);
        const named = [...route.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
        const declared = (operation.parameters ?? [])
          .filter((parameter) => parameter.in === 'path')
          .map(({ name }) => name);
        expect([route, declared]).toEqual([route, named]);
      }
      const schemas = (body.components as { schemas: object }).schemas;
      for (const [, name] of JSON.stringify(body).matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
        expect(schemas).toHaveProperty(name as string);
      }
    });

    it('in an OpenAPI document that shows what a new phone and its code look like, and why they are refused', async () => {
      const { body } = await http.withToken().get('/openapi.json');
      const { NewPhone, PhoneCode } = (body.components as { schemas: Record<string, object> }).schemas;
      expect(NewPhone).toMatchObject({
        properties: { phone: { example: '13900139009', description: expect.stringContaining('+86') } },
      });
      expect(PhoneCode).toMatchObject({
        properties: { code: { example: '034218', pattern: '^\\d{6}$', description: expect.any(String) } },
      });
      const paths = body.paths as Record<string, { post: { description: string } }>;
      const described = (path: string) => paths[`/v1/applications/{acceptanceNumber}/phone${path}`]?.post.description;
      for (const problem of ['409 case-over', '422 invalid', '429 too-many-codes'])
        expect(described('')).toContain(problem);
      for (const code of ['409 no-code', 'code-expired', 'code-used-up', '422 wrong-code'])
        expect(described('/confirm')).toContain(code);
    });

    it('on a page that works under its own content security policy', async () => {
      const page = await http.withToken().get('/docs/');
      expect(page.status).toBe(200);
      expect(page.headers.get('content-security-policy')).toMatch(/script-src 'self'(;|$)/);
      const scripts = [...page.text.matchAll(/<script([^>]*)>([^<]*)/g)];
      expect(scripts.length).toBeGreaterThan(0);
      for (const [, attributes = '', inline = ''] of scripts) {
        expect(inline.trim()).toBe('');
        const source = /src="\.\/([^"]+)"/.exec(attributes)?.[1];
        const script = await http.withToken().get(`/docs/${source}`);
        expect([script.status, script.headers.get('content-type')]).toEqual([
          200,
          expect.stringContaining('javascript'),
        ]);
      }
    });

    it('is up and ready', async () => {
      expect((await http.withToken().get('/healthz')).body).toEqual({ status: 'up' });
      expect((await http.withToken().get('/readyz')).body).toEqual({ store: 'up', temporal: 'up' });
    });

    it('when there is no such address, or it is not even readable', async () => {
      expect((await http.as('reviewer').get('/v1/nothing')).body).toMatchObject({ status: 404, code: 'not-found' });
      expect((await http.as('reviewer').get('/v1/applications/%ff')).body).toMatchObject({
        status: 400,
        code: 'malformed',
      });
      for (const path of ['/v1/applications/%00', '/v1/files/%00', '/v1/applications/a%2Fb']) {
        expect([path, (await http.as('reviewer').get(path)).status]).toEqual([path, 404]);
      }
    });
  });
});
