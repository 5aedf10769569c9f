import { refusalsOf } from '../../../api/http/description/refusals.ts';
import type { Route } from '../../../api/http/route.ts';

interface Refusing {
  method: string;
  path: RegExp;
  codes: ReadonlyMap<number, readonly string[]>;
}

interface Answered {
  status: number;
  body: { code?: unknown };
}

/** With what the routes refuse according to their description, by the address of their server. */
const described = new Map<string, Refusing[]>();

export function nameRefusals(origin: string, routes: Route[]): void {
  const refusing = routes.map((route) => ({
    method: route.method.toUpperCase(),
    path: new RegExp(`^${route.path.replaceAll(/\{\w+\}/g, '[^/]+')}$`),
    codes: refusalsOf(route),
  }));
  described.set(origin, refusing);
}

/**
 * Every problem that any test meets has to be one that its route declares.
 * @throws Error for one that isn't: `refusals` of the route lacks it
 */
export function assertDeclared(origin: string, method: string, path: string, { status, body }: Answered): void {
  const [bare = ''] = path.split('?');
  const route = described.get(origin)?.find((one) => one.method === method && one.path.test(bare));
  // The server refuses too long an address before there is a route.
  if (!route || status < 400 || status >= 500 || status === 431 || typeof body.code !== 'string') return;
  if (route.codes.get(status)?.includes(body.code)) return;
  throw new Error(`${method} ${bare} answered ${status} ${body.code}, which its route doesn't declare (\`refusals\`)`);
}
