import { type ProblemCode, problemCodes } from '../problem-codes.ts';
import { isOpen, type Route } from '../route.ts';

/** What each status says, before the codes with which a route answers it. */
export const meanings: Record<number, string> = {
  400: 'The request can not be read',
  401: 'No token that holds, or no signature',
  403: 'Not for this role, or not theirs to do',
  404: 'Not there, or not theirs to see',
  408: 'The body did not arrive in time',
  409: 'Does not fit what there is by now',
  410: 'It was there once',
  413: 'Too large',
  415: 'Another type of content than is taken',
  422: 'What is asked for is wrong: `errors` says where',
  429: 'Too often; Retry-After says when to come back',
  503: 'The database, Temporal or the issuer of tokens does not answer; Retry-After says when to come back',
};

type Refusal = readonly [status: number, code: ProblemCode];

const each = (...codes: readonly ProblemCode[]): Refusal[] =>
  codes.flatMap((code) => problemCodes[code].on.map((status): Refusal => [status, code]));

/**
 * The codes with which a route refuses, by status: those that follow from its parts, then its rule's and its own. Beside
 * them every route may answer 500, and the server 431 before any.
 */
export function refusalsOf(route: Route): Map<number, ProblemCode[]> {
  const { access, refusals = [], path } = route;
  // Whom a rule turns away after all is turned away as one who has no role is.
  const byRule = (access.refuses ?? []).map((code): Refusal => [problemCodes[code].on[0] as number, code]);
  const all = [
    ...each('malformed', 'too-many-requests', 'unavailable'),
    ...ofCaller(route),
    ...(path.includes('{') ? each('not-found') : []),
    ...ofContent(route),
    ...byRule,
    ...each(...refusals),
  ];
  const statuses = [...new Set(all.map(([status]) => status))].sort((a, b) => a - b);
  return new Map(statuses.map((status) => [status, codesOf(all, status)]));
}

const codesOf = (all: Refusal[], status: number) => [
  ...new Set(all.filter((refusal) => refusal[0] === status).map(([, code]) => code)),
];

function ofCaller(route: Route): Refusal[] {
  if (isOpen(route)) return [];
  const forStaff = [route.access.who].flat().some((role) => role !== 'applicant');
  return each('unauthenticated', 'forbidden', 'real-name-required', ...(forStaff ? (['not-staff'] as const) : []));
}

function ofContent({ body, documentedBody, before, upload, form, query, idempotent }: Route): Refusal[] {
  const takesJson = Boolean(body ?? documentedBody);
  const takesBody = takesJson || before !== undefined;
  return [
    ...(takesBody ? each('too-slow') : []),
    ...(takesBody && !upload ? each('body-too-large') : []),
    ...(takesJson ? each('json-expected') : []),
    ...(takesJson || upload || form || query ? each('invalid') : []),
    ...(idempotent ? each('invalid', 'idempotency-key-reused') : []),
  ];
}
