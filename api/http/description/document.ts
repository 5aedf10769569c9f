import { OpenAPIRegistry, OpenApiGeneratorV31 } from '@asteasolutions/zod-to-openapi';
import type { Route } from '../route.ts';
import { exampleOf, type Schema } from './examples.ts';
import { describeRoute } from './operation.ts';
import { tags } from './tags.ts';

/**
 * The OpenAPI document of the routes, from the same schemas that check the requests.
 * @param publicUrl where the api is reached from outside; unless given, where the document came from
 */
export function openApiDocument(routes: Route[], publicUrl = '/') {
  const registry = new OpenAPIRegistry();
  registry.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' });
  for (const route of routes) describeRoute(registry, route);
  const document = new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: {
      title: '门诊特殊疾病(门特)认定',
      version: '1',
      description:
        'Errors are RFC 9457 problem documents: `code` is stable and for programs, `detail` is Chinese and for people.',
    },
    servers: [{ url: publicUrl }],
    tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
  });
  giveExamples(document as unknown as Described);
  return document;
}

interface Described {
  components: { schemas: Record<string, Schema>; examples?: Record<string, { value: unknown }> };
  paths: Record<string, Record<string, { responses: Record<string, Part>; requestBody?: Part }>>;
}
interface Part {
  content?: Record<string, { schema: Schema; example?: unknown; examples?: Record<string, { $ref: string }> }>;
}

/** Gives every body, asked and answered in JSON, an example, where its route gives none: one for each component. */
function giveExamples({ components, paths }: Described): void {
  const { schemas } = components;
  const examples: Record<string, { value: unknown }> = {};
  components.examples = examples;
  for (const { responses, requestBody = {} } of Object.values(paths).flatMap((methods) => Object.values(methods))) {
    for (const { content = {} } of [requestBody, ...Object.values(responses)]) {
      const json = content['application/json'];
      if (!json || 'example' in json) continue;
      const name = json.schema.$ref?.split('/').at(-1);
      if (name === undefined) json.example = exampleOf(json.schema, schemas);
      else {
        examples[name] ??= { value: exampleOf(json.schema, schemas) };
        json.examples = { [name]: { $ref: `#/components/examples/${name}` } };
      }
    }
  }
}
