const meanings: Record<number, string> = {
  400: 'The request can not be read',
  401: 'No token that holds, or no signature',
  403: 'Not for this role, or not theirs to do',
  404: 'Not there, or not theirs to see',
  408: 'The body did not arrive in time',
  409: 'Does not fit what there is by now',
  413: 'Too large',
  415: 'Another type of content than is taken',
  422: 'What is asked for is wrong: `errors` says where',
  429: 'Too often; Retry-After says when to come back',
  503: 'The database, Temporal or the issuer of tokens does not answer; Retry-After says when to come back',
};

/** What of a route decides how it can refuse. */
interface Refusing {
  path: string;
  /** Nobody has to show who they are. */
  open: boolean;
  takesQuery: boolean;
  takesBody: boolean;
}

/** The statuses with which a route refuses, each with what it means, for its description. */
export function refusalsOf({ path, open, takesQuery, takesBody }: Refusing): [string, string][] {
  const statuses = [
    ...[400, 429, 503],
    ...(open ? [] : [401, 403]),
    ...(path.includes('{') ? [404, 422] : []),
    ...(takesQuery ? [422] : []),
    ...(takesBody ? [408, 409, 413, 415, 422] : []),
    ...(open && takesBody ? [401, 403] : []),
  ];
  return [...new Set(statuses)].sort().map((status) => [String(status), meanings[status] as string]);
}
