import express, { type Express, type Request, type RequestHandler, type Response } from 'express';
import type { Role } from '../../domain/vocabulary.ts';
import type { ApiContext } from '../context.ts';
import { type Access, admit, isRule } from './access.ts';
import { type About, type Audited, record } from './audit.ts';
import type { Authenticate, User } from './auth.ts';
import { oversize, unstorable } from './bounds.ts';
import { tagOf } from './description/tags.ts';
import { type FieldError, problems } from './errors.ts';
import { receiveWithin } from './in-time.ts';
import type { ProblemCode } from './problem-codes.ts';
import { paramsOf } from './requests.ts';
import type { z } from './zod.ts';

/** What a handler answers; `body` is sent as JSON. */
export interface Answer {
  status: number;
  body?: unknown;
  /** In place of a body: a page, or a file that is saved under a name; and its type. */
  content?: { type: string; data: Buffer | string; saveAs?: string };
  headers?: Record<string, string>;
  /** Of what and of whom it tells, for the audit, beside what the path names. */
  about?: About;
}

interface Context<Body, Query, Found> {
  request: Request;
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
  /** What a generated client calls it; no other route is called so. */
  operationId: string;
  summary: string;
  /**
   * Codes of the problems that only this route has. Those that its parts bring (`access`, a body, a query, a key, the
   * path) are known: `description/refusals.ts`.
   */
  refusals?: readonly ProblemCode[];
  /** Who may call it, and for what its path names. */
  access: Access<Found>;
  /** What the audit records of it. */
  audit: Audited | null;
  body?: Body;
  /** The body's schema where the handler checks the body by itself, together with other things. */
  documentedBody?: z.ZodType;
  /** A body that can be sent, for the description. */
  example?: unknown;
  query?: Query;
  /** Headers that the handler checks by itself. */
  headers?: z.ZodObject;
  /** Runs before the handler, e.g. to take an upload. */
  before?: RequestHandler;
  /** Takes an `Idempotency-Key` header. */
  idempotent?: true;
  upload?: true;
  /** The form that it takes (`x-www-form-urlencoded`), for its description. */
  form?: z.ZodType;
  /** How long its body may take to arrive, where that isn't said by `receiveWithin`. */
  receiveSeconds?: () => number;
  /** `types`: those of an answer that is sent as something else than JSON. */
  answers: Record<number, { description: string; schema?: z.ZodType; types?: string[] }>;
  handle(context: Context<z.infer<Body>, z.infer<Query>, Found>): Promise<Answer>;
}

/** Keeps the types of body, query and what is found together with the handler that reads them. */
export function route<Body extends z.ZodType = z.ZodType, Query extends z.ZodType = z.ZodType, Found = undefined>(
  definition: Route<Body, Query, Found>,
): Route {
  return definition as unknown as Route;
}

const readJson = express.json({ limit: '256kb' });

/**
 * Puts a route on the server. It checks first who asks and whether they may ask for what the path names, then what they
 * ask for, and then does the work.
 * @throws Error for a route without a rule: nobody may call what nobody has said who may call; or without a description
 */
export function addRoute(app: Express, definition: Route, context: ApiContext, authenticate: Authenticate): void {
  const { access, audit } = definition;
  const { store } = context;
  if (!isRule(access)) throw new Error(`${definition.method} ${definition.path} doesn't say who may call it`);
  if (audit === undefined)
    throw new Error(`${definition.method} ${definition.path} doesn't say what is recorded of it`);
  if (!definition.operationId) throw new Error(`${definition.method} ${definition.path} doesn't say what it is called`);
  tagOf(definition.path);
  const path = definition.path.replaceAll(/\{(\w+)\}/g, ':$1');
  const read = definition.before ?? (definition.body || definition.documentedBody ? readJson : undefined);
  app[definition.method](path, async (request, response, next) => {
    // An answer about people stays with who asked; those that may be kept say so themselves.
    response.set('Cache-Control', 'no-store');
    receiveWithin(request, response, next, definition.receiveSeconds?.());
    const user = isOpen(definition)
      ? { subject: '', roles: [] }
      : await admit(store, access, await authenticate(request));
    response.locals.user = user;
    response.locals.found = await access.find?.(store, paramsOf(request), user);
    await (read ? read(request, response, next) : next());
  });
  app[definition.method](path, async (request, response) => {
    const { user, found } = response.locals as { user: User; found: unknown };
    access.permit?.(found, user, request.body);
    // Express doesn't read a body of another type: it must be refused, not taken for an empty body.
    const hasOtherType = request.get('content-length') !== '0' && request.is('application/json') === false;
    if ((definition.body ?? definition.documentedBody) && hasOtherType) throw problems.notJson();
    const tooLarge = oversize(request.body);
    if (tooLarge) throw problems.invalid([tooLarge]);
    const query = check(definition.query, request.query);
    const body = check(definition.body, request.body);
    // Schemas say by themselves which of their texts can't be read; this is for what has none.
    const unreadable = definition.documentedBody ? [] : unstorable(body ?? request.body);
    if (unreadable.length > 0) throw problems.invalid(unreadable);
    const params = paramsOf(request);
    const named = found === undefined ? undefined : access.about?.(found, user, body);
    const recorded = async (about: About | undefined) => {
      if (!audit) return;
      if (!about) throw new Error(`${definition.method} ${definition.path} doesn't say of whom it tells`);
      await record(context, audit, { request, user, who: access.who as readonly Role[] }, about);
    };
    // A change is recorded before it is made, a read before it is shown. So none of them goes unrecorded.
    const isBefore = audit?.action === 'change' && named !== undefined;
    if (isBefore) await recorded(named);
    const answer = await definition.handle({ request, user, found, body, query, params });
    if (!isBefore) await recorded(named ? { ...named, ...answer.about } : answer.about);
    send(response, answer);
  });
}

function send(response: Response, { status, headers = {}, body, content }: Answer): void {
  response.status(status).set(headers);
  if (content?.saveAs !== undefined) response.attachment(content.saveAs);
  if (content) response.type(content.type).send(content.data);
  else if (body === undefined) response.end();
  else response.json(body);
}

/** Whether a route is called without a token. */
export const isOpen = ({ access: { who } }: Route) => who === 'anyone' || who === 'signed';

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
      // Where somebody has mixed up names and values it may be a person's: what can't be a field isn't said back.
      const named = /^[A-Za-z]\w{0,63}$/.test(key) ? key : '(unknown field)';
      return { field: [...path, named].join('.'), code: 'unknownField', detail: '没有这个字段,请核对接口说明。' };
    });
  });
}
