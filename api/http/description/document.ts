import { OpenAPIRegistry, OpenApiGeneratorV31 } from '@asteasolutions/zod-to-openapi';
import type { Route } from '../route.ts';
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
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
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
}
