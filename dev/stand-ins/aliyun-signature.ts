import { createHash, createHmac } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

const ALGORITHM = 'ACS3-HMAC-SHA256';

/** How much a request's time may differ from ours, either way. */
const TOLERANCE_MS = 15 * 60_000;

export interface AliyunAccount {
  accessKeyId: string;
  accessKeySecret: string;
}

/** A request as it came over the wire. */
export interface SignedRequest {
  method: string;
  /** Path and query, encoded as they were. */
  url: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** Why a request isn't let in: HTTP status, Alibaba's code and its words. */
export type Rejection = [status: number, code: string, message: string];

/**
 * Checks signatures as Alibaba's gateway does, by its published description (V3 版本请求体&签名机制,
 * https://help.aliyun.com/zh/sdk/product-overview/v3-request-structure-and-signature), and without any of the client's
 * code, whose faults it would share.
 * @returns a check that returns undefined for a request that is let in, which it is only once, or else the reason
 */
export function createSignatureCheck({ accessKeyId, accessKeySecret }: AliyunAccount) {
  const nonces = new Set<unknown>();
  return (request: SignedRequest): Rejection | undefined => {
    const { headers } = request;
    const authorization = /^ACS3-HMAC-SHA256 Credential=(.+),SignedHeaders=(.+),Signature=([0-9a-f]{64})$/.exec(
      headers.authorization ?? '',
    );
    const names = headersToSign(headers);
    if (!authorization || authorization[2] !== names.join(';')) {
      return [400, 'IncompleteSignature', 'The request signature does not conform to Aliyun standards.'];
    }
    if (authorization[1] !== accessKeyId)
      return [404, 'InvalidAccessKeyId.NotFound', 'Specified access key is not found.'];
    if (
      headers['x-acs-content-sha256'] !== sha256(request.body) ||
      authorization[3] !== signatureOf(request, accessKeySecret)
    ) {
      const calculated = `server string to sign is:${canonical(request)}`;
      return [403, 'SignatureDoesNotMatch', `Specified signature is not matched with our calculation. ${calculated}`];
    }
    const age = Math.abs(Date.now() - Date.parse(String(headers['x-acs-date'])));
    if (!(age <= TOLERANCE_MS)) {
      return [400, 'InvalidTimeStamp.Expired', 'Specified time stamp or date value is expired.'];
    }
    const nonce = headers['x-acs-signature-nonce'];
    if (nonces.has(nonce)) return [400, 'SignatureNonceUsed', 'Specified signature nonce was used already.'];
    nonces.add(nonce);
    return undefined;
  };
}

/** The signature that belongs to a request, in hexadecimal. */
export function signatureOf(request: SignedRequest, accessKeySecret: string): string {
  const stringToSign = `${ALGORITHM}\n${sha256(canonical(request))}`;
  return createHmac('sha256', accessKeySecret).update(stringToSign).digest('hex');
}

function canonical({ method, url, headers, body }: SignedRequest): string {
  const { pathname, searchParams } = new URL(url, 'http://host');
  const query = [...searchParams]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`);
  const names = headersToSign(headers);
  const lines = names.map((name) => `${name}:${String(headers[name]).trim()}\n`);
  return [method, pathname, query.join('&'), lines.join(''), names.join(';'), sha256(body)].join('\n');
}

/** Names of the headers that must be signed: the first six, which every request has, and certain others if present. */
function headersToSign(headers: IncomingHttpHeaders): string[] {
  const required = [
    'host',
    ...['action', 'content-sha256', 'date', 'signature-nonce', 'version'].map((name) => `x-acs-${name}`),
  ];
  const present = Object.keys(headers).filter((name) => name.startsWith('x-acs-') || name === 'content-type');
  return [...new Set([...required, ...present])].sort();
}

/** Encodes by RFC 3986: only letters, digits and -_.~ stay as they are. */
const encoded = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');
