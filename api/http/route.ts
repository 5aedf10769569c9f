import type { OpenAPIRegistry } from '@asteasolutions/zod-to-openapi';
import type { Express, Request, RequestHandler, Response } from 'express';
import type { Role } from '../../domain/vocabulary.ts';
import type { ApiContext } from '../context.ts';
import { type Access, admit, isRule } from './access.ts';
import { type About, type Audited, record } from './audit.ts';
import type { Authenticate, User } from './auth.ts';
import { type FieldError, problemSchema, problems } from './errors.ts';
import { z } from './zod.ts';

/** What a handler answers; `body` is sent as JSON. */
export interface Answer {
  status: number;
  body?: unknown;
  /** In place of a body: a file or a page, and its type. */
  content?: { type: string; data: Buffer | string };
  headers?: Record<string, string>;
  /** Of what and of whom it tells, for the audit, beside what the path names. */
  about?: About;
}

interface Context<Body, Query, Found> {
  request: Request;
  response: Response;
  user: User;
  /** What the path names, which this user may ask for. */
  found: Found;
  body: Body;
  query: Query;
  /** Values of the path's `{parameters}`. */
  params: Record<string, string>;
}

/** A route: what it takes and what it answers, written once for both the server and /openapi.json. */
export interface Route<Body extends z.ZodType = z.ZodType, Query extends z.ZodType = z.ZodType, Found = unknown> {
  method: 'get' | 'post' | 'put' | 'delete';
  /** With parameters in braces: `/v1/applications/{acceptanceNumber}`. */
  path: string;
  summary: string;
  /** Statuses and codes of the problems that only this route has, for its description. */
  refusals?: string;
  /** Who may call it, and for what its path names. */
  access: Access<Found>;
  /** What the audit records of it. */
  audit: Audited | null;
  body?: Body;
  /** The body's schema where the handler checks the body by itself, together with other things. */
  documentedBody?: z.ZodType;
  query?: Query;
  /** Runs before the handler, e.g. to take an upload. */
  before?: RequestHandler;
  /** Takes an `Idempotency-Key` header. */
  idempotent?: true;
  upload?: true;
  answers: Record<number, { description: string; schema?: z.ZodType }>;
  /** Returns nothing when it has answered by itself (a file's content). */
  handle(context: Context<z.infer<Body>, z.infer<Query>, Found>): Promise<Answer | undefined>;
}

/** Keeps the types of body, query and what is found together with the handler that reads them. */
export function route<Body extends z.ZodType = z.ZodType, Query extends z.ZodType = z.ZodType, Found = undefined>(
  definition: Route<Body, Query, Found>,
): Route {
  return definition as unknown as Route;
}

/**
 * Puts a route on the server. It checks first who asks and whether they may ask for what the path names, then what they
 * ask for, and then does the work.
 * @throws Error for a route without a rule: nobody may call what nobody has said who may call
 */
export function addRoute(app: Express, definition: Route, context: ApiContext, authenticate: Authenticate): void {
  const { access, audit } = definition;
  const { store } = context;
  if (!isRule(access)) throw new Error(`${definition.method} ${definition.path} doesn't say who may call it`);
  if (audit === undefined)
    throw new Error(`${definition.method} ${definition.path} doesn't say what is recorded of it`);
  const path = definition.path.replaceAll(/\{(\w+)\}/g, ':$1');
  app[definition.method](path, async (request, response, next) => {
    const user = isOpen(definition)
      ? { subject: '', roles: [] }
      : await admit(store, access, await authenticate(request));
    response.locals.user = user;
    response.locals.found = await access.find?.(store, request.params as Record<string, string>, user);
    definition.before ? definition.before(request, response, next) : next();
  });
  app[definition.method](path, async (request, response) => {
    // Express doesn't read a body of another type: it must be refused, not taken for an empty body.
    const hasOtherType = request.get('content-length') !== '0' && request.is('application/json') === false;
    if ((definition.body ?? definition.documentedBody) && hasOtherType) throw problems.notJson();
    const query = check(definition.query, request.query);
    const body = check(definition.body, request.body);
    const params = request.params as Record<string, string>;
    const { user, found } = response.locals as { user: User; found: unknown };
    const named = found === undefined ? undefined : access.about?.(found, user);
    const recorded = async (about: About | undefined) => {
      if (!audit) return;
      if (!about) throw new Error(`${definition.method} ${definition.path} doesn't say of whom it tells`);
      await record(context, audit, { request, user, who: access.who as readonly Role[] }, about);
    };
    // A change is recorded before it is made, a read before it is shown. So none of them goes unrecorded.
    const isBefore = audit?.action === 'change' && named !== undefined;
    if (isBefore) await recorded(named);
    const answer = await definition.handle({ request, response, user, found, body, query, params });
    if (!isBefore) await recorded(named ? { ...named, ...answer?.about } : answer?.about);
    if (answer) send(response, answer);
  });
}

function send(response: Response, { status, headers = {}, body, content }: Answer): void {
  response.status(status).set(headers);
  if (content) response.type(content.type).send(content.data);
  else if (body === undefined) response.end();
  else response.json(body);
}

/** Whether a route is called without a token. */
const isOpen = ({ access: { who } }: Route) => who === 'anyone' || who === 'signed';

/** @throws Problem 422 with everything that doesn't fit the schema */
function check(schema: z.ZodType | undefined, value: unknown): unknown {
  const parsed = schema?.safeParse(value ?? {});
  if (parsed && !parsed.success) throw problems.invalid(fieldErrors(parsed.error));
  return parsed?.data;
}

export function fieldErrors(error: z.ZodError): FieldError[] {
  return error.issues.flatMap((issue): FieldError[] => {
    const { path, message: detail } = issue;
    if (issue.code !== 'unrecognized_keys') return [{ field: path.join('.'), code: 'invalid', detail }];
    return issue.keys.map((key) => {
      return { field: [...path, key].join('.'), code: 'unknownField', detail: '没有这个字段,请核对接口说明。' };
    });
  });
}

/** Describes a route in the OpenAPI document. */
export function describeRoute(registry: OpenAPIRegistry, definition: Route): void {
  const names = [...definition.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string);
  const params = z.object(Object.fromEntries(names.map((name) => [name, z.string()])));
  const headers = z.object({ 'Idempotency-Key': z.string().max(200).optional() });
  const upload = z.object({ file: z.string().openapi({ format: 'binary' }) });
  const documented = definition.body ?? definition.documentedBody;
  const body = definition.upload
    ? { content: { 'multipart/form-data': { schema: upload } } }
    : documented && { required: true, content: { 'application/json': { schema: documented } } };
  const answers = Object.entries(definition.answers).map(([status, { description, schema }]) => {
    const content = schema && { 'application/json': { schema } };
    return [status, { description, ...(content ? { content } : {}) }] as const;
  });
  const problem = { description: 'Problem', content: { 'application/problem+json': { schema: problemSchema } } };
  registry.registerPath({
    method: definition.method,
    path: definition.path,
    summary: definition.summary,
    ...(isOpen(definition) ? {} : { security: [{ bearer: [] }], description: descriptionOf(definition) }),
    request: {
      ...(names.length > 0 ? { params } : {}),
      ...(definition.query ? { query: definition.query as z.ZodObject } : {}),
      ...(definition.idempotent ? { headers } : {}),
      ...(body ? { body } : {}),
    },
    responses: { ...Object.fromEntries(answers), default: problem },
  });
}

/** Says who may call a route, and with which problems of its own it refuses. */
function descriptionOf({ access: { who }, refusals }: Route): string {
  return `Roles: ${[who].flat().join(', ')}${refusals === undefined ? '' : `. Refuses with ${refusals}`}`;
}
