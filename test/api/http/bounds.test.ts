import { describe, expect, it } from '@jest/globals';
import { useHttp } from '../../harness/http/use-http.ts';

const http = useHttp();

type Schema = Record<string, unknown> & { $ref?: string };

/** The schemas of all that comes in, each with where it comes in, from /openapi.json. */
async function incoming(): Promise<{ where: string; schema: Schema; all: Record<string, Schema> }[]> {
  const { body } = await http.withToken().get('/openapi.json');
  const { paths, components } = body as unknown as {
    paths: Record<string, Record<string, { parameters?: Parameter[]; requestBody?: { content: Content } }>>;
    components: { schemas: Record<string, Schema> };
  };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .flatMap(([method, { parameters = [], requestBody }]) => [
        ...parameters.map(({ name, in: place, schema }) => ({ where: `${method} ${path} ${place} ${name}`, schema })),
        ...Object.entries(requestBody?.content ?? {}).map(([type, { schema }]) => {
          return { where: `${method} ${path} ${type}`, schema };
        }),
      ])
      .map((found) => ({ ...found, all: components.schemas })),
  );
}
interface Parameter {
  name: string;
  in: string;
  schema: Schema;
}
type Content = Record<string, { schema: Schema }>;

/** What in a schema takes as much as anybody likes to send. */
function unbounded(schema: Schema, all: Record<string, Schema>, path: string): string[] {
  if (schema.$ref) return unbounded(all[schema.$ref.split('/').at(-1) as string] as Schema, all, path);
  const types = [schema.type].flat();
  const chosen = 'enum' in schema || 'const' in schema || schema.format === 'uuid' || schema.format === 'binary';
  const entries = schema.additionalProperties as Schema | false | undefined;
  const parts = ['allOf', 'anyOf', 'oneOf'].flatMap((of) => (schema[of] as Schema[] | undefined) ?? []);
  return [
    ...(types.includes('string') && !chosen && !('maxLength' in schema) ? [`${path}: text`] : []),
    ...(types.includes('array') && !('maxItems' in schema) ? [`${path}: list`] : []),
    ...(typeof entries === 'object' && !('maxProperties' in schema) ? [`${path}: fields`] : []),
    ...(types.length === 1 && types[0] === undefined && !chosen && parts.length === 0 ? [`${path}: anything`] : []),
    ...parts.flatMap((part) => unbounded(part, all, path)),
    ...(schema.items ? unbounded(schema.items as Schema, all, `${path}[]`) : []),
    ...(typeof entries === 'object' ? unbounded(entries, all, `${path}.*`) : []),
    ...Object.entries((schema.properties ?? {}) as Record<string, Schema>).flatMap(([name, property]) =>
      unbounded(property, all, `${path}.${name}`),
    ),
  ];
}

describe('everything that comes in', () => {
  it('has a bound in its schema', async () => {
    const found = await incoming();
    expect(found.length).toBeGreaterThan(60);
    expect(found.flatMap(({ where, schema, all }) => unbounded(schema, all, where))).toEqual([]);
  });

  it.each([
    [{ type: 'string' }, ['x: text']],
    [{ type: ['string', 'null'] }, ['x: text']],
    [{ type: 'array', items: { enum: ['a'] } }, ['x: list']],
    [{ type: 'array', maxItems: 2, items: { type: 'string' } }, ['x[]: text']],
    [{ type: 'object', properties: { a: { anyOf: [{ type: 'string' }] } } }, ['x.a: text']],
    [{ type: 'object', additionalProperties: { type: 'string', maxLength: 3 } }, ['x: fields']],
    [{}, ['x: anything']],
  ])('would be noticed without one: %j', (schema, expected) => {
    expect(unbounded(schema, {}, 'x')).toEqual(expected);
  });
});
