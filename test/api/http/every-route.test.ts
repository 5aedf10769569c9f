import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Role, roles } from '../../../domain/vocabulary.ts';
import type { Reply } from '../../harness/http/caller.ts';
import { expectProblem } from '../../harness/http/expect-problem.ts';
import { useHttp } from '../../harness/http/use-http.ts';

const http = useHttp();

/** Values that fit nothing, in every place where a value can be. */
const odd: [string, unknown][] = [
  ['null', null],
  ['a number', 7],
  ['a huge number', '@1e999'],
  ['a long number', '@123456789012345678901234567890'],
  ['-0', '@-0'],
  ['true', true],
  ['a list', []],
  ['a list of lists', [[[]]]],
  ['an object', {}],
  ['another prototype', '@{"__proto__":{"a":1},"constructor":{"prototype":{}}}'],
  ['nothing', ''],
  ['blanks', ' \t '],
  ['a NUL', '\0'],
  ['text with a NUL', '张\0三'],
  ['half a pair', '\ud83d'],
  ['the other half', '\udc00'],
  ['a long text', '长'.repeat(60_000)],
  ['line breaks', 'a\r\nb'],
  ['a date that is none', '2026-02-30'],
  ['a far year', '99999-12-31'],
  ['an injection', "' or 1=1; --"],
  ['a format', '%s%n{{7*7}}'],
  ['a direction', '\u202e\u0000'],
];

interface Operation {
  method: string;
  path: string;
  fields: string[];
  queries: string[];
  mayAsk: Role[];
}

describe('every route', () => {
  let operations: Operation[];
  let acceptanceNumber: string;

  beforeAll(async () => {
    acceptanceNumber = await http.openCase(http.as('applicant'));
    const { body } = await http.withToken().get('/openapi.json');
    const { paths, components } = body as unknown as Description;
    const propertiesOf = (schema: SchemaOf = {}): string[] =>
      Object.keys(schema.properties ?? components.schemas[schema.$ref?.split('/').at(-1) ?? '']?.properties ?? {});
    operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { parameters = [], requestBody, description = '' }]) => ({
        method: method.toUpperCase(),
        path,
        fields: propertiesOf(requestBody?.content['application/json']?.schema),
        queries: parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name),
        mayAsk: roles.filter((role) => description.split('. ')[0]?.includes(role)),
      })),
    );
  });

  const concrete = (path: string) =>
    path
      .replace('{acceptanceNumber}', acceptanceNumber)
      .replace('{accreditationId}', `RD${acceptanceNumber}`)
      .replace('{fileId}', randomUUID())
      .replace('{noticeId}', randomUUID())
      .replace('{staffId}', 'reviewer-1')
      .replace('{year}', '2027')
      .replace('{id}', 'x');
  const callerOf = ({ mayAsk }: Operation) => (mayAsk[0] ? http.as(mayAsk[0]) : http.withToken());
  /** A value as JSON; after an @ it is JSON already. */
  const json = (value: unknown) =>
    typeof value === 'string' && value.startsWith('@') ? value.slice(1) : JSON.stringify(value);
  const send = (operation: Operation, path: string, body?: string, headers: Record<string, string> = {}) =>
    callerOf(operation).send(path, {
      method: operation.method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body }),
    });
  /** Nothing here may be a fault of ours; what a route takes after all is no matter. */
  const expectNoFault = (what: unknown, reply: Reply) => {
    if (reply.status < 400) return;
    expectProblem(what, reply);
  };

  /** Four routes at a time, each asked one thing after the other. */
  async function ofEach(asked: Operation[], ask: (operation: Operation) => Promise<void>): Promise<void> {
    const left = asked.values();
    const go = async () => {
      for (const operation of left) await ask(operation);
    };
    await Promise.all([go(), go(), go(), go()]);
  }

  it.each(odd)('bears %s as a body and in each of its fields', async (name, value) => {
    await ofEach(
      operations.filter(({ fields }) => fields.length > 0),
      async (operation) => {
        const path = concrete(operation.path);
        expectNoFault([name, operation.path], await send(operation, path, json(value)));
        for (const field of operation.fields) {
          const reply = await send(operation, path, `{${JSON.stringify(field)}:${json(value)}}`, {
            'idempotency-key': randomUUID(),
          });
          expectNoFault([name, operation.path, field], reply);
        }
      },
    );
  });

  const queried = () => operations.filter(({ method }) => method === 'GET');

  it.each(odd.filter(([, value]) => typeof value === 'string'))('bears %s in its query', async (name, value) => {
    const encoded = encodeURIComponent(
      String(value)
        .replaceAll(/\p{Cs}/gu, '')
        .slice(0, 2000),
    );
    await ofEach(queried(), async (operation) => {
      for (const query of [...operation.queries, 'unknown', '__proto__']) {
        const path = `${concrete(operation.path)}?${query}=${encoded}`;
        expectNoFault([name, operation.path, query], await send(operation, path));
      }
    });
  });

  it('bears queries of every form', () =>
    ofEach(queried(), async (operation) => {
      for (const query of [...operation.queries, 'unknown', '__proto__']) {
        const forms = ['=1&X=%00', '[a]=1', '[]=1', '', '=%ff%00', '[__proto__][a]=1'];
        for (const form of forms.map((form) => query + form.replace('X', query))) {
          expectNoFault([operation.path, form], await send(operation, `${concrete(operation.path)}?${form}`));
        }
      }
    }));

  it('bears anything in its path', async () => {
    const parts = ['%00', '%ff', '%', '%E4%BD', '..%2f..', '%5C', 'a'.repeat(5000), '%F0%9F%98%80', "'", '1e9', '-1'];
    parts.push('%ED%A0%80', '%0A', '%20', '510402198803152122', '__proto__', 'constructor', '0', 'null');
    await ofEach(
      operations.filter(({ path }) => path.includes('{')),
      async (operation) => {
        for (const part of parts) {
          const path = operation.path.replace(/\{\w+\}/, part).replaceAll(/\{\w+\}/g, part);
          expectProblem(
            [operation.path, part.slice(0, 50)],
            await send(operation, path, operation.method === 'GET' ? undefined : '{}'),
          );
        }
      },
    );
  });

  it('bears absurd headers', async () => {
    const headers: Record<string, string>[] = [
      { 'content-type': 'text/plain' },
      { 'content-type': 'application/json; charset=klingon' },
      { 'content-type': 'application/json; charset=utf-7' },
      { 'content-type': 'multipart/form-data' },
      { 'content-type': 'multipart/form-data; boundary=' },
      { 'content-type': 'application/x-www-form-urlencoded' },
      { 'content-type': 'x'.repeat(1000) },
      { 'content-encoding': 'gzip' },
      { 'content-encoding': 'compress' },
      { 'content-encoding': 'br' },
      { 'idempotency-key': 'x'.repeat(201) },
      { 'idempotency-key': 'a b' },
      { 'idempotency-key': '\u00ff' },
      { accept: 'x'.repeat(4000) },
      { 'accept-language': ';'.repeat(4000) },
      { range: 'bytes=0-0,-1,999999999999999999999-' },
      { 'if-none-match': '*' },
      { 'x-forwarded-for': '\u00ff, not an address, 1.2.3.4' },
      { 'x-forwarded-proto': 'javascript:' },
      { authorization: `Bearer ${'.'.repeat(3000)}` },
      { authorization: 'Bearer eyJhbGciOiJub25lIn0.e30.' },
      { authorization: `Basic ${'='.repeat(100)}` },
      { 'x-http-method-override': 'DELETE' },
    ];
    await ofEach(operations, async (operation) => {
      for (const odd of headers) {
        const body = operation.method === 'GET' ? undefined : '{}';
        expectNoFault(
          [operation.path, Object.entries(odd)[0]?.join(': ').slice(0, 80)],
          await send(operation, concrete(operation.path), body, odd),
        );
      }
    });
  });

  it('refuses what is no JSON', async () => {
    for (const operation of operations.filter(({ fields }) => fields.length > 0)) {
      for (const body of ['{', '"text"', '\0', '{"a":1}x', '\ufeff{}', 'NaN', "{'a':1}", '[1,]', '{"a":"\ud800']) {
        const reply = await send(operation, concrete(operation.path), body);
        if (body !== '\ufeff{}') expectProblem([operation.path, body], reply);
        else expectNoFault([operation.path, body], reply);
      }
    }
  });

  it('says of everything about people that it may not be kept', async () => {
    for (const operation of operations) {
      const reply = await send(operation, concrete(operation.path), operation.method === 'GET' ? undefined : '{}');
      expect([operation.path, reply.headers.get('cache-control')]).toEqual([
        operation.path,
        expect.stringContaining('no-store'),
      ]);
      expect(reply.headers.get('etag')).toBeNull();
    }
  });
});

type SchemaOf = { properties?: object; $ref?: string };
interface Description {
  paths: Record<
    string,
    Record<
      string,
      {
        parameters?: { name: string; in: string }[];
        requestBody?: { content: Record<string, { schema: SchemaOf }> };
        description?: string;
      }
    >
  >;
  components: { schemas: Record<string, SchemaOf> };
}
