import { createHmac } from 'node:crypto';

/**
 * The headers with which the insurance core signs what it tells unasked (`personChanged` of insurance-core.openapi.yaml).
 * @param body as it is sent
 * @param at milliseconds since 1970
 */
export function signedByCore(secret: string, body: string | Buffer, at: number): Record<string, string> {
  const timestamp = String(Math.floor(at / 1_000));
  const signature = createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest('hex');
  return { 'content-type': 'application/json', 'x-timestamp': timestamp, 'x-signature': signature };
}
