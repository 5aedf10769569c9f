import type { OpenAPIRegistry, RouteConfig } from '@asteasolutions/zod-to-openapi';
import { problemSchema } from '../errors.ts';
import { keySchema } from '../idempotency.ts';
import type { ProblemCode } from '../problem-codes.ts';
import { pathParameter } from '../requests.ts';
import { isOpen, type Route } from '../route.ts';
import { z } from '../zod.ts';
import { meanings, refusalsOf } from './refusals.ts';
import { tagOf } from './tags.ts';

type Responses = RouteConfig['responses'];

/** Describes a route in the OpenAPI document, by what the server goes by as well. */
export function describeRoute(registry: OpenAPIRegistry, route: Route): void {
  const { method, path, operationId, summary, access } = route;
  const roles = `Roles: ${[access.who].flat().join(', ')}`;
  registry.registerPath({
    method,
    path,
    operationId,
    summary,
    tags: [tagOf(path)],
    ...(isOpen(route) ? {} : { security: [{ bearer: [] }], description: roles }),
    request: requestOf(route),
    responses: { ...problemsOf(route), ...answersOf(route), default: problem('Problem') },
  });
}

function requestOf(route: Route): NonNullable<RouteConfig['request']> {
  const names = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string);
  const params = z.object(Object.fromEntries(names.map((name) => [name, pathParameter(name)])));
  const key = z.object({ 'Idempotency-Key': keySchema.optional() });
  const headers = route.idempotent ? key : route.headers;
  const body = bodyOf(route);
  return {
    ...(names.length > 0 ? { params } : {}),
    ...(route.query ? { query: route.query as z.ZodObject } : {}),
    ...(headers ? { headers } : {}),
    ...(body ? { body } : {}),
  };
}

const upload = z.object({ file: z.string().openapi({ format: 'binary' }) });

function bodyOf(route: Route): NonNullable<RouteConfig['request']>['body'] {
  if (route.upload) return { required: true, content: { 'multipart/form-data': { schema: upload } } };
  if (route.form) return { required: true, content: { 'application/x-www-form-urlencoded': { schema: route.form } } };
  const schema = route.body ?? route.documentedBody;
  if (!schema) return undefined;
  const example = route.example === undefined ? {} : { example: route.example };
  return { required: true, content: { 'application/json': { schema, ...example } } };
}

function answersOf(route: Route): Responses {
  const answers = Object.entries(route.answers).map(([status, { description, schema, types = [] }]) => {
    const others = types.map((type) => [type, { schema: contentOf(type) }]);
    const content = { ...(schema ? { 'application/json': { schema } } : {}), ...Object.fromEntries(others) };
    return [status, { description, ...(Object.keys(content).length > 0 ? { content } : {}) }] as const;
  });
  return Object.fromEntries(answers);
}

const contentOf = (type: string) => (type.startsWith('text/') ? z.string() : z.string().openapi({ format: 'binary' }));

function problemsOf(route: Route): Responses {
  const refusals = [...refusalsOf(route)].map(([status, codes]) => [
    status,
    problem(
      `${meanings[status]}: ${codes.map((code) => `\`${code}\``).join(', ')}`,
      codes,
      mayBeRepeated(status) ? retryAfter : {},
    ),
  ]);
  return Object.fromEntries(refusals);
}

const mayBeRepeated = (status: number) => status === 429 || status === 503;
const retryAfter = {
  'Retry-After': {
    description: 'Seconds after which to send it again',
    schema: { type: 'integer' as const, minimum: 1 },
  },
};

/** @param codes all that it can have; any, unless given */
function problem(description: string, codes: ProblemCode[] = [], headers = {}) {
  const narrowed = { $ref: '#/components/schemas/Problem', properties: { code: { enum: codes } } };
  const schema = codes.length > 0 ? narrowed : problemSchema;
  return { description, headers, content: { 'application/problem+json': { schema } } };
}
