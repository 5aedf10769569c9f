import { randomInt } from 'node:crypto';
import type { ErrorRequestHandler, RequestHandler } from 'express';
import type { Logger } from 'pino';
import { errorCode, isPassing } from '../../store/errors.ts';
import { loggedPath } from './log.ts';
import { type ProblemCode, problemCodes } from './problem-codes.ts';
import { mayPass, temporalStatus } from './temporal-errors.ts';
import { z } from './zod.ts';

/** So many errors of fields are answered at most, each with so much of its field's name. */
const MOST_ERRORS = 50;
const LONGEST_FIELD = 200;

const codes = Object.keys(problemCodes) as [ProblemCode, ...ProblemCode[]];
const todos = Object.fromEntries(codes.map((code) => [code, problemCodes[code].todo]));
const codeSchema = z.enum(codes).openapi('ProblemCode', {
  description: `Stable, for programs. What to do about each:\n${codes.map((code) => `- \`${code}\`: ${todos[code]}`).join('\n')}`,
  'x-enumDescriptions': todos,
});

/** A problem document (RFC 9457): the body of every answer that isn't a success. */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number(),
    code: codeSchema,
    detail: z.string().openapi({ description: 'Chinese, for the person' }),
    acceptanceNumber: z.string().optional().openapi({ description: 'Of the application that stands in the way' }),
    triesLeft: z.number().optional().openapi({ description: 'Of a wrong code: how often another one may be given' }),
    errors: z
      .array(z.object({ field: z.string(), code: z.string(), detail: z.string() }))
      .max(MOST_ERRORS)
      .optional(),
    moreErrors: z.number().optional().openapi({ description: 'How many more there are than `errors` names' }),
  })
  .openapi('Problem');

/** Something that is wrong with a request, and where. */
export interface FieldError {
  /** Path in the body or the query, e.g. `applicant.phone`. */
  field: string;
  /** Stable, for programs. */
  code: string;
  /** Chinese, for the person: what to do about it. */
  detail: string;
}

interface ProblemOptions {
  errors?: FieldError[];
  /** The other application that stands in the way, where there is one. */
  acceptanceNumber?: string;
  /** How many more wrong codes may be given. */
  triesLeft?: number;
  /** Seconds after which trying again makes sense. */
  retryAfter?: number;
  cause?: unknown;
}

/** A problem to be answered: a stable `code`, and a Chinese `detail` that says what to do. */
export class Problem extends Error {
  readonly status: number;
  readonly code: ProblemCode;
  readonly options: ProblemOptions;

  constructor(status: number, code: ProblemCode, detail: string, options: ProblemOptions = {}) {
    super(detail, { cause: options.cause });
    this.status = status;
    this.code = code;
    this.options = options;
  }
}

const BUSY = '系统繁忙,请稍后再试。';

export const problems = {
  unauthenticated: () => new Problem(401, 'unauthenticated', '登录已失效,请重新登录。'),
  forbidden: () => new Problem(403, 'forbidden', '您的账号没有办理此事项的权限。'),
  /** For a role that the list of staff doesn't confirm: somebody who isn't in it, was retired, or has another role. */
  notStaff: () =>
    new Problem(403, 'not-staff', '您不在工作人员名册中、已停用或没有这一岗位,请联系系统管理员核对名册。'),
  ownCase: () => {
    const detail =
      '不能办理由本人提交、代办或本人申请的事项,也不能为到场人代办由本人承办、审核或核验的申请,请由其他人员办理。';
    return new Problem(403, 'own-case', detail);
  },
  /** Also for what belongs to somebody else, so that the answer doesn't say that it exists. */
  notFound: () => new Problem(404, 'not-found', '没有找到,请核对编号是否正确。'),
  invalid: (errors: FieldError[]) =>
    new Problem(422, 'invalid', '提交的内容有误,请按提示逐项修改后重新提交。', { errors }),
  notJson: () => new Problem(415, 'json-expected', '请以 JSON 格式提交(Content-Type: application/json)。'),
  malformed: () => new Problem(400, 'malformed', '请求格式有误,无法读取,请刷新页面后重试;如仍不行,请联系经办机构。'),
  /** A body that hasn't arrived in time. */
  tooSlow: () => new Problem(408, 'too-slow', '网络较慢,内容没有在规定时间内传完。请换个网络,或把文件压缩后重新提交。'),
  headersTooLarge: () => new Problem(431, 'headers-too-large', '登录信息或地址过长,无法读取,请重新登录后再试。'),
  /** @param until instant from which on there may be more */
  tooManyUntil: (code: ProblemCode, detail: string, { until, now }: { until: string; now: string }) =>
    new Problem(429, code, detail, { retryAfter: secondsUntil(until, now) }),
  /** @param retryAfter seconds */
  tooMany: (detail: string, retryAfter: number) => new Problem(429, 'too-many-requests', detail, { retryAfter }),
  /** @param cause what is down or slow; its code is logged */
  unavailable: (cause?: unknown) => new Problem(503, 'unavailable', BUSY, { retryAfter: 5, cause }),
  /** More was asked than can be carried. The wait is random, so that the refused don't all come back at once. */
  busy: () => new Problem(503, 'unavailable', BUSY, { retryAfter: randomInt(5, 16), cause: { code: 'BUSY' } }),
};

/** Whole seconds, and at least one: whoever comes back at once comes back too early. */
export function secondsUntil(until: string, now: string): number {
  return Math.max(1, Math.ceil((Date.parse(until) - Date.parse(now)) / 1000));
}

export const unknownRoute: RequestHandler = () => {
  throw new Problem(404, 'not-found', '没有这个地址,请查看 /docs。');
};

/**
 * Answers every error with a problem document. An unforeseen error is logged without its text, which may quote personal
 * data.
 */
export function problemHandler(log: Logger): ErrorRequestHandler {
  return (error, request, response, next) => {
    if (response.headersSent) return next(error);
    const problem = asProblem(error);
    if (problem.status === 500)
      log.error({ code: codeOf(error), stack: framesOf(error), path: loggedPath(request) }, 'unexpected error');
    if (problem.status === 503) log.warn({ code: codeOf(problem.cause), path: loggedPath(request) }, 'unavailable');
    if (problem.status === 401) response.set('WWW-Authenticate', 'Bearer');
    const { retryAfter } = problem.options;
    if (retryAfter !== undefined) response.set('Retry-After', String(retryAfter));
    response.set('Cache-Control', 'no-store');
    response
      .status(problem.status)
      .type('application/problem+json')
      .send(JSON.stringify(problemBody(problem)));
  };
}

/** A problem as it is sent. */
export function problemBody({ status, code, message: detail, options }: Problem): z.infer<typeof problemSchema> {
  const { errors = [], acceptanceNumber, triesLeft } = options;
  return {
    type: `urn:mente:problem:${code}`,
    title: code,
    status,
    code,
    detail,
    ...(acceptanceNumber ? { acceptanceNumber } : {}),
    ...(triesLeft === undefined ? {} : { triesLeft }),
    ...(errors.length > 0 ? { errors: errors.slice(0, MOST_ERRORS).map(shortened) } : {}),
    ...(errors.length > MOST_ERRORS ? { moreErrors: errors.length - MOST_ERRORS } : {}),
  };
}

/** Names of fields come from the request, and may be as long as it. */
function shortened({ field, ...error }: FieldError): FieldError {
  return { field: field.slice(0, LONGEST_FIELD), ...error };
}

/** What is logged of an error: its code, which holds no personal data. */
export function codeOf(error: unknown): string {
  return temporalStatus(error) ?? errorCode(error);
}

/** Where an error was thrown, without its message. */
function framesOf(error: unknown): string | undefined {
  return error instanceof Error
    ? error.stack
        ?.split('\n')
        .filter((line) => /^\s+at /.test(line))
        .slice(0, 5)
        .join('\n')
    : undefined;
}

function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (isPassing(error) || mayPass(error)) return problems.unavailable(error);
  const { status, type } = error as { status?: number; type?: string };
  if (type === 'entity.too.large') return new Problem(413, 'body-too-large', '提交的内容过大,请缩短文字后重新提交。');
  // The body parser and the router refuse malformed JSON and paths that aren't valid UTF-8.
  if (status !== undefined && status >= 400 && status < 500) return problems.malformed();
  return new Problem(500, 'internal', '系统出错,请稍后再试;如仍不行,请联系经办机构。');
}
