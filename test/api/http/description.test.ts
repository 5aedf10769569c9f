import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { tagOf } from '../../../api/http/description/tags.ts';
import { problemCodes } from '../../../api/http/problem-codes.ts';
import { insuredPeople } from '../../../dev/stand-ins/insured-people.ts';
import type { Body, Reply } from '../../harness/http/caller.ts';
import { checkerOf, type Description, operationsOf, undescribed } from '../../harness/http/description.ts';
import { dayFromNow, newScan } from '../../harness/http/documents.ts';
import { useHttp } from '../../harness/http/use-http.ts';
import { newPhone } from '../../harness/people.ts';
import { temporaryFolder } from '../../harness/programs/scripts.ts';
import { until } from '../../harness/until.ts';

const http = useHttp();
let description: Description;
let check: ReturnType<typeof checkerOf>;

beforeAll(async () => {
  description = (await http.withToken().get('/openapi.json')).body as unknown as Description;
  check = checkerOf(description);
});

/** Everything in the document, with where it stands. */
function* within(value: unknown, at = ''): Generator<[at: string, node: Record<string, unknown>]> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield [at, value as Record<string, unknown>];
  for (const [key, part] of Object.entries(value)) yield* within(part, `${at}/${key}`);
}

const folder = temporaryFolder('client');
afterAll(folder.remove);

describe('the description of the api', () => {
  it('is a valid OpenAPI document', async () => {
    expect(await new Validator().validate({ ...description })).toEqual({ valid: true });
    expect(description.servers).toEqual([{ url: http.publicUrl }]);
  });

  it('gives every operation a name of its own and a group that is described', () => {
    const operations = operationsOf(description);
    const names = operations.map(({ operation }) => operation.operationId);
    expect(names.filter((name, i) => !/^[a-z][A-Za-z]+$/.test(name) || names.indexOf(name) !== i)).toEqual([]);
    const groups = description.tags.map(({ name }) => name);
    const untold = operations.filter(({ operation: { tags } }) => tags.length !== 1 || !groups.includes(`${tags}`));
    expect(untold.map(({ route }) => route)).toEqual([]);
    expect(() => tagOf('/v1/parcels')).toThrow('/v1/parcels has no tag');
  });

  it('has patterns that are regular expressions everywhere, and no others', () => {
    const patterns = [...within(description)].flatMap(([, { pattern }]) =>
      typeof pattern === 'string' ? pattern : [],
    );
    expect(patterns.length).toBeGreaterThan(20);
    for (const pattern of new Set(patterns)) {
      // What zod writes of a pattern with flags, and what only some know: property classes, groups with flags.
      expect(pattern).not.toMatch(/^\/.*\/[a-z]*$|\\p\{|\(\?[a-z]/);
      expect([pattern, new RegExp(pattern), new RegExp(pattern, 'u')]).toHaveLength(3);
    }
    const { name = {} } = description.components.schemas.Filing?.properties?.applicant?.properties ?? {};
    const { pattern } = name as { pattern: string };
    for (const real of ['李娜', '阿西·木呷', '徐(莹加王旁)', '𠮷田', "Seán O'Neill", '古丽米热·艾比布力', '〇一'])
      expect([real, new RegExp(pattern).test(real)]).toEqual([real, true]);
    expect(new RegExp(pattern).test('---')).toBe(false);
  });

  it('says of every body, and of each of its fields, what it is', () => {
    const isSchema = (at: string) => /\/(schema|items|additionalProperties|properties\/[^/]+)$/.test(at);
    const empty = [...within(description)].filter(([at, node]) => isSchema(at) && Object.keys(node).length === 0);
    expect(empty.map(([at]) => at)).toEqual([]);
    const silent = operationsOf(description).filter(({ operation: { responses } }) =>
      Object.entries(responses).some(([status, { content }]) => status !== '204' && !content),
    );
    expect(silent.map(({ route }) => route)).toEqual([]);
    const typesOf = (path: string) => Object.keys(description.paths[path]?.get?.responses[200]?.content ?? {});
    expect(typesOf('/v1/files/{fileId}').sort()).toEqual(['application/pdf', 'image/jpeg', 'image/png', 'image/webp']);
    expect(typesOf('/v1/statistics')).toEqual(['application/json', 'text/csv']);
    expect(typesOf('/v1/applications/{acceptanceNumber}/notices/{noticeId}')).toEqual(['text/html']);
  });

  it('gives an example of every body, asked and answered, that fits', () => {
    const misfits = operationsOf(description).flatMap(({ path, method, operation: { requestBody, responses } }) => {
      const bodies = Object.entries(responses).map(([status, { content }]) => ({ at: ['responses', status], content }));
      return [{ at: ['requestBody'], content: requestBody?.content }, ...bodies].flatMap(({ at, content }) => {
        const json = content?.['application/json'];
        if (!json) return [];
        const [shared] = Object.values(json.examples ?? {});
        const named = description.components.examples[shared?.$ref.split('/').at(-1) ?? ''];
        const place = ['paths', path, method, ...at, 'content', 'application/json', 'schema'];
        const wrong = check(place, named ? named.value : json.example);
        return wrong ? [`${method} ${path} ${at}: ${wrong}`] : [];
      });
    });
    expect(misfits).toEqual([]);
  });

  it('lists all codes of problems, each with what to do, and of each route those that it has', () => {
    const { ProblemCode } = description.components.schemas as { ProblemCode?: { enum: string[]; description: string } };
    expect(ProblemCode?.enum).toEqual(Object.keys(problemCodes));
    for (const [code, { todo }] of Object.entries(problemCodes))
      expect(ProblemCode?.description).toContain(`\`${code}\`: ${todo}`);
    const codesOf = (path: string, method: string) =>
      Object.entries(description.paths[path]?.[method]?.responses ?? {}).flatMap(([status, { content }]) => {
        const { properties } = content?.['application/problem+json']?.schema ?? {};
        const { code } = (properties ?? {}) as { code?: { enum: string[] } };
        return code ? [`${status} ${code.enum.join(' ')}`] : [];
      });
    expect(codesOf('/v1/catalogue', 'get')).toEqual(['400 malformed', '429 too-many-requests', '503 unavailable']);
    expect(codesOf('/v1/applications/{acceptanceNumber}/appeal', 'post')).toEqual([
      '400 malformed',
      '401 unauthenticated',
      '403 forbidden real-name-required not-staff applicants-own at-window own-case',
      '404 not-found',
      '408 too-slow',
      '409 conflict appealed-already too-late window-closed',
      '413 body-too-large',
      '415 json-expected',
      '422 invalid idempotency-key-reused',
      '429 too-many-requests',
      '503 unavailable',
    ]);
    // Who asks for what somebody else has asked for meanwhile is told that it doesn't fit any more.
    const ofRequest = codesOf('/v1/applications/{acceptanceNumber}/request-materials', 'post').join(' ');
    expect([ofRequest.includes('409 conflict'), ofRequest.includes('request-replaced')]).toEqual([true, false]);
    expect(codesOf('/v1/files/{fileId}', 'get')).toContain('410 file-lost');
  });

  it('is read by what makes clients for TypeScript, and its types are right', () => {
    const file = (name: string) => join(folder.path, name);
    const tool = (path: string, ...args: string[]) =>
      execFileSync(process.execPath, [join('node_modules', path), ...args], { encoding: 'utf8' });
    writeFileSync(file('openapi.json'), JSON.stringify(description));
    tool('openapi-typescript/bin/cli.js', file('openapi.json'), '--output', file('api.d.ts'));
    expect(readFileSync(file('api.d.ts'), 'utf8')).not.toMatch(/^ *\w+\??: unknown;/m);
    writeFileSync(file('client.ts'), client);
    tool('typescript/bin/tsc', '--noEmit', '--strict', '--ignoreConfig', '--module', 'nodenext', file('client.ts'));
  });
});

/** What somebody may write by the generated types. */
const client = `
import type { components, operations } from './api.js';
type Filing = operations['fileApplication']['requestBody']['content']['application/json'];
type Filed = operations['fileApplication']['responses'][201]['content']['application/json'];
type Code = components['schemas']['ProblemCode'];
export const insured: Filing['insuredType'] = 'employee';
export const number = ({ acceptanceNumber }: Filed): string => acceptanceNumber;
export const signIn: Code = 'unauthenticated';
// @ts-expect-error
export const none: Code = 'no-such-code';
// @ts-expect-error
export const incomplete: Filing = { type: 'new' };
`;

describe('what the api answers is what it describes, no more and no less', () => {
  let answers = 0;

  /** Expects an answer to be as the route describes it. @returns its body */
  function fits(route: string, expected: number, { status, body, headers }: Reply): Body {
    const [method = '', path = ''] = route.split(' ');
    const type = headers.get('content-type')?.split(';')[0] ?? '';
    const { schema } = description.paths[path]?.[method]?.responses[status]?.content?.[type] ?? {};
    const place = ['paths', path, method, 'responses', String(status), 'content', type, 'schema'];
    const extra = schema ? undescribed(description, schema, body) : [];
    expect([route, status, check(place, body), extra]).toEqual([route, expected, '', []]);
    answers += 1;
    return body;
  }
  const anybody = () => http.withToken();
  const one = '/v1/applications/{acceptanceNumber}';

  it('of what is asked without a case', async () => {
    const dueDate = '/v1/calendar/due-date?acceptedOn=2026-09-25';
    fits('get /healthz', 200, await anybody().get('/healthz'));
    fits('get /readyz', 200, await anybody().get('/readyz'));
    fits('get /v1/catalogue', 200, await anybody().get('/v1/catalogue'));
    fits('get /v1/calendar/due-date', 200, await anybody().get(`${dueDate}&explain=true`));
    fits('get /v1/calendar/due-date', 422, await anybody().get(`${dueDate}&workingDays=0`));
    fits('get /v1/calendar/{year}', 200, await http.as('reviewer').get('/v1/calendar/2026'));
    fits('get /v1/calendar/{year}', 401, await anybody().get('/v1/calendar/2026'));
    fits('get /v1/calendar/{year}', 403, await http.as('applicant').get('/v1/calendar/2026'));
    const arrangement = { daysOff: { '2027-01-01': '元旦' } };
    const previewed = await http.as('admin').post('/v1/calendar/2027/preview', arrangement);
    fits('post /v1/calendar/{year}/preview', 200, previewed);
    fits('get /v1/staff', 200, await http.as('admin').get('/v1/staff'));
    fits('get /v1/statistics', 200, await http.as('supervisor').get('/v1/statistics'));
  });

  it('of a filing, and of what is wrong with one', async () => {
    const applicant = http.newApplicant();
    fits('post /v1/files', 201, await applicant.upload([newScan()]));
    fits('post /v1/files', 415, await applicant.upload([Buffer.from('no paper')]));
    const filing = await applicant.completeFiling({ diseaseCode: 'M00500' });
    fits('post /v1/applications', 201, await applicant.post('/v1/applications', filing));
    const again = await applicant.completeFiling({ diseaseCode: 'M00500' });
    fits('post /v1/applications', 409, await applicant.post('/v1/applications', again));
    fits('post /v1/applications', 422, await applicant.post('/v1/applications', {}));
    fits('get /v1/applications', 200, await applicant.get('/v1/applications'));
    fits('get /v1/files', 200, await applicant.get('/v1/files'));
  });

  it('of a case, from the request for materials to the accreditation', async () => {
    const [applicant, reviewer, supervisor] = [http.newApplicant(), http.as('reviewer'), http.as('supervisor')];
    const number = await http.openCase(applicant, { diseaseCode: 'M00500' });
    const get = (path: string, as = applicant) => as.get(`/v1/applications/${number}${path}`);
    fits('get /v1/worklist', 200, await reviewer.get('/v1/worklist'));
    const items = [{ kind: 'medicalRecord', problem: '复印件看不清' }];
    fits(`post ${one}/request-materials`, 200, await reviewer.tell(number, 'request-materials', { items }));
    fits(`get ${one}`, 200, await get(''));
    fits(`get ${one}`, 404, await get('', http.newApplicant()));
    const materials = [{ kind: 'medicalRecord', fileIds: [await applicant.uploaded()], issuedOn: dayFromNow(0) }];
    fits(`post ${one}/resubmit`, 200, await applicant.tell(number, 'resubmit', { materials }));
    fits(`get ${one}/deadline`, 200, await get('/deadline'));
    fits(`post ${one}/approve`, 200, await reviewer.tell(number, 'approve'));
    fits(`post ${one}/reject`, 409, await reviewer.tell(number, 'reject', { reason: '检查报告不足以认定' }));
    fits(`get ${one}`, 200, await get('', supervisor));
    fits(`get ${one}/notices`, 200, await get('/notices'));
    fits(`get ${one}/audit`, 200, await get('/audit'));
    fits('get /v1/inbox', 200, await applicant.get('/v1/inbox'));
    fits('get /v1/audit', 200, await supervisor.get(`/v1/audit?case=${number}`));
    fits('get /v1/calls', 200, await http.as('clerk').get('/v1/calls'));
    const lookup = { idNumber: applicant.person.idNumber, reason: '来电咨询进度' };
    fits('post /v1/people/lookup', 200, await http.as('clerk').post('/v1/people/lookup', lookup));
    await until('it is granted', async () => (await applicant.get('/v1/accreditations')).body.items.length > 0);
    const { items: granted } = fits('get /v1/accreditations', 200, await applicant.get('/v1/accreditations'));
    const path = `/v1/accreditations/${granted[0]?.accreditationId}`;
    fits('get /v1/accreditations/{accreditationId}', 200, await supervisor.get(path));
  });

  it('of a case that is rejected, and of one that an agent filed and that is refused', async () => {
    const [applicant, reviewer] = [http.newApplicant(), http.as('reviewer')];
    const rejected = await http.openCase(applicant);
    const grounds = ['criteriaNotMet'];
    fits(`post ${one}/reject`, 200, await reviewer.tell(rejected, 'reject', { grounds }));
    for (const reader of [applicant, reviewer]) {
      const { timeline } = fits(`get ${one}`, 200, await reader.progress(rejected));
      expect(timeline.at(-1)?.detail).toMatchObject({ grounds, groundNames: [expect.any(String)] });
    }
    const agent = http.newApplicant();
    const { name, idNumber } = insuredPeople.arrears;
    const refused = await agent.files({
      applicant: { name, idNumber, phone: newPhone() },
      agent: { ...agent.person, relation: '亲属' },
    });
    await until('it is refused', async () => (await agent.progress(refused)).body.status === 'refused');
    const { timeline } = fits(`get ${one}`, 200, await agent.progress(refused));
    expect(timeline.at(-1)?.detail).toEqual({ toldTo: 'applicant', advice: expect.any(String) });
  });

  it('on thirty-nine requests', () => {
    expect(answers).toBe(39);
  });
});
