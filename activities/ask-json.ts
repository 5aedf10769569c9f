import { request } from 'undici';

type Options = Omit<NonNullable<Parameters<typeof request>[1]>, 'signal'> & {
  /** For the whole answer. */
  timeoutMs: number;
};

/**
 * Asks over HTTP. Not by `fetch`, which takes several times as long, and follows redirects: personal data goes to the
 * configured address and nowhere else.
 * @returns the answer, its body as JSON; `undefined` where it isn't JSON
 * @throws the error of a connection that failed or took too long, which may quote the request
 */
export async function askJson(url: string | URL, { timeoutMs, ...options }: Options) {
  const { statusCode, headers, body } = await request(url, { ...options, signal: AbortSignal.timeout(timeoutMs) });
  return { statusCode, headers, body: parsed(await body.text()) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
