import { describe, expect, it } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { useHttp } from '../../harness/http/use-http.ts';

const http = useHttp();

interface Content {
  [type: string]: { example?: unknown };
}
interface Description {
  paths: Record<string, Record<string, { requestBody?: { content: Content } }>>;
}

describe('the description of the api', () => {
  const read = async () => (await http.withToken().get('/openapi.json')).body as unknown as Description;

  it('is a valid OpenAPI document', async () => {
    expect(await new Validator().validate({ ...(await read()) })).toEqual({ valid: true });
  });

  it('gives an example of a body only where it fits', async () => {
    const description = await read();
    const ajv = new Ajv2020({ strict: false, allErrors: true });
    addFormats.default(ajv);
    ajv.addSchema(description, 'api');
    const escaped = (key: string) => key.replaceAll('~', '~0').replaceAll('/', '~1');
    const examples = Object.entries(description.paths).flatMap(([path, methods]) =>
      Object.entries(methods).flatMap(([method, { requestBody }]) =>
        Object.entries(requestBody?.content ?? {})
          .filter(([, content]) => 'example' in content)
          .map(([type, { example }]) => {
            const at = ['paths', path, method, 'requestBody', 'content', type, 'schema'].map(escaped).join('/');
            const validate = ajv.getSchema(`api#/${at}`);
            return [`${method} ${path}`, validate?.(example), validate?.errors];
          }),
      ),
    );
    expect(examples.length).toBeGreaterThan(9);
    for (const example of examples) expect(example).toEqual([example[0], true, null]);
  });
});
