import { readFileSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import validator from 'validator';
import { parse } from 'yaml';
import { insuredPeople } from '../../../dev/stand-ins/insured-people.ts';
import { type Core, registration, startCore, states } from '../../harness/providers/insurance-core.ts';

const { name, idNumber } = insuredPeople.employee;
const { insuredType: _, ...ofRegistration } = registration;
const onTheWire = { ...ofRegistration, category: '310', flexibleEmployment: false };

let core: Core;
beforeEach(async () => {
  core = await startCore();
});
afterEach(() => core.stop());

async function post(path: string, body: object | string, headers: Record<string, string> = {}) {
  const response = await fetch(`${core.url()}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer token', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}

describe('the description', () => {
  const file = new URL('../../../activities/insurance/adapters/insurance-core.openapi.yaml', import.meta.url);
  const description = parse(readFileSync(file, 'utf8'));
  const ajv = new Ajv2020({ strict: false });
  addFormats.default(ajv);
  ajv.addSchema(description, 'core');

  /** Sends it, and expects that request and answer are as described. */
  async function asDescribed(path: string, body: object) {
    const at = `core#/paths/${path.replaceAll('/', '~1')}/post`;
    const { requestBody, responses } = description.paths[path].post;
    const validateRequest = ajv.getSchema(
      requestBody.$ref
        ? 'core#/components/requestBodies/OfPerson/content/application~1json/schema'
        : `${at}/requestBody/content/application~1json/schema`,
    );
    expect([validateRequest?.(body), validateRequest?.errors]).toEqual([true, null]);
    const answer = await post(path, body);
    expect(Object.keys(responses)).toContain(String(answer.status));
    const content = responses[answer.status].content?.['application/json'];
    const validateAnswer =
      content && ajv.getSchema(`${at}/responses/${answer.status}/content/application~1json/schema`);
    if (validateAnswer) expect([validateAnswer(answer.body), validateAnswer.errors]).toEqual([true, null]);
    else expect(answer.body).toBeUndefined();
    return answer;
  }

  it('is a valid OpenAPI 3.1 document in which everything is a POST', async () => {
    expect(await new Validator().validate(structuredClone(description))).toEqual({ valid: true });
    expect(description.openapi).toMatch(/^3\.1\./);
    const methods = Object.values<object>({ ...description.paths, ...description.webhooks }).flatMap(Object.keys);
    expect(methods).toEqual(Array(6).fill('post'));
  });

  it.each([
    ['JOHN SMITH', '932682198501010017'],
    ['JOHN SMITH', 'KAZ110090123105'],
    ['𬱖'.repeat(100), '830000199201300022'],
  ])('holds for people of every document: %s %s', async (name, idNumber) => {
    expect((await asDescribed('/v1/insured-persons/query', { name, idNumber })).status).toBe(200);
  });

  it.each(states)('holds for what the stand-in answers: %s', async (state, { name, idNumber }) => {
    const insured = await asDescribed('/v1/insured-persons/query', { name, idNumber });
    expect(insured.status).toBe(state === 'notInsured' ? 404 : 200);
    expect((await asDescribed('/v1/cross-region-filings/query', { idNumber })).status).toBe(200);
    const earlier = await asDescribed('/v1/outpatient-special/5301', { idNumber });
    const replaces = earlier.body.items[0]?.registrationNumber;
    const request = { ...onTheWire, requestId: state, person: { name, idNumber }, ...(replaces && { replaces }) };
    const { status, body } = await asDescribed('/v1/outpatient-special/2503', request);
    expect(status).toBe(state === 'notInsured' || state === 'registrationRefused' ? 422 : 200);
    expect((await asDescribed('/v1/outpatient-special/5301', { idNumber })).body.items).toHaveLength(
      status === 200 ? 1 : 0,
    );
    const registrationNumber = body.registrationNumber ?? 'unknown';
    const revoked = { requestId: 'r', registrationNumber, on: '2026-11-24' };
    expect((await asDescribed('/v1/outpatient-special/2504', revoked)).status).toBe(status === 200 ? 204 : 404);
  });
});

describe('the stand-in', () => {
  it('belongs to the city whose region it is given', async () => {
    const elsewhere = await startCore('990100');
    const [mine, other] = await Promise.all(
      [insuredPeople.employee, insuredPeople.insuredElsewhere].map(({ name, idNumber }) =>
        elsewhere.adapter().person({ name, idNumber }),
      ),
    );
    expect([mine?.insured.region, other?.insured.region]).toEqual(['990100', '510100']);
    await elsewhere.stop();
  });

  it('takes nothing else', async () => {
    const query = { name, idNumber };
    expect(await post('/v1/insured-persons/query', query, { authorization: 'Bearer wrong' })).toMatchObject({
      status: 401,
      body: { code: 'unauthenticated' },
    });
    const nonsense: [string, object | string][] = [
      ['/v1/insured-persons/query', { ...query, more: 1 }],
      ['/v1/insured-persons/query', '{"name":'],
      ['/v1/insured-persons/query', { name, idNumber: '51040219880315212x' }],
      ['/v1/outpatient-special/5301', []],
      ['/v1/outpatient-special/2503', { ...onTheWire, validFrom: '2026-02-30' }],
      ['/v1/outpatient-special/2503', { ...onTheWire, validUntil: '2026-11-22' }],
      ['/v1/outpatient-special/2504', { registrationNumber: 'x', on: '2026-11-22' }],
    ];
    for (const [path, body] of nonsense) {
      expect([body, await post(path, body)]).toMatchObject([body, { status: 400, body: { code: 'malformed' } }]);
    }
    expect((await fetch(`${core.url()}/v1/insured-persons/query`)).status).toBe(404);
  });

  it('knows invented people with ID numbers of the right form', () => {
    const numbers = states.map(([, { idNumber }]) => idNumber);
    expect(numbers.filter((number) => !validator.isIdentityCard(number, 'zh-CN'))).toEqual([]);
    expect(new Set(numbers).size).toBe(numbers.length);
  });

  it('still knows registrations after a restart, and after a line that a kill cut short', async () => {
    const first = await core.adapter().register(registration);
    await appendFile(core.file, '\n{"kind":"registered","req');
    await core.restart();
    expect(await core.adapter().register(registration)).toBe(first);
    const next = await core.adapter().register({ ...registration, requestId: 'request-2', replaces: first });
    await core.restart();
    expect(await core.adapter().accreditations({ idNumber })).toMatchObject([{ registrationNumber: next }]);
    await core.adapter().revoke({ requestId: 'request-3', registrationNumber: next, on: '2026-12-01' });
    await core.restart();
    expect(await core.adapter().accreditations({ idNumber })).toEqual([]);
  });
});
