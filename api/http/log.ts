import type { IncomingMessage } from 'node:http';
import type { Request } from 'express';
import type { Logger } from 'pino';
import { pinoHttp } from 'pino-http';

/**
 * What is logged of a request's path: that of its route, with the names of its parameters. People type ID numbers and
 * names where an acceptance number belongs, and what isn't a route may be anything.
 */
export function loggedPath(request: IncomingMessage): string {
  const { route, baseUrl = '' } = request as Partial<Request>;
  return typeof route?.path === 'string' ? baseUrl + route.path : '(unknown)';
}

/** Logs every request once it is answered: only then its route is known. */
export function logRequests(logger: Logger) {
  return pinoHttp({
    logger,
    serializers,
    quietReqLogger: true,
    customLogLevel: level,
    customSuccessObject: (req, _, entry) => ({ req, ...entry }),
    customErrorObject: (req, _, __, entry) => ({ req, ...entry }),
  });
}

/** Neither headers (tokens) nor bodies (personal data) belong in a log. */
const serializers = {
  req: ({ method, raw }: { method: string; raw: IncomingMessage }) => ({ method, path: loggedPath(raw) }),
  res: ({ statusCode }: { statusCode: number }) => ({ statusCode }),
  err: ({ type }: { type: string }) => ({ type }),
};

function level(_: unknown, { statusCode }: { statusCode: number }, error?: Error) {
  return error || statusCode >= 500 ? 'warn' : 'info';
}
