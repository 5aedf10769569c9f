import type { Payload, PayloadCodec } from '@temporalio/common';
import type { Keyring } from './keyring.ts';

const ENCODING = 'binary/encrypted';
/** What a ciphertext belongs to: payloads have no row. */
const CONTEXT = 'temporal-payload';

/** The fields in which people write what they like, so also names and illnesses. */
const freeText = /"(reason|belatedReason|note|problem)":/;

/**
 * Keeps free text out of Temporal's histories: payloads that carry a reason, a note or a problem are encrypted
 * (AES-256-GCM, key id in the metadata); the rest stays readable, so that a history can be read by operators. A payload
 * that isn't encrypted, such as one sent from the CLI, is taken as it is.
 */
export function createPayloadCodec(keyring: Keyring): PayloadCodec {
  return {
    encode: async (payloads) => payloads.map((payload) => (hasFreeText(payload) ? seal(keyring, payload) : payload)),
    decode: async (payloads) => payloads.map((payload) => (isSealed(payload) ? open(keyring, payload) : payload)),
  };
}

function hasFreeText({ data }: Payload): boolean {
  return data != null && freeText.test(Buffer.from(data).toString());
}

function isSealed({ metadata }: Payload): boolean {
  return metadata?.encoding != null && Buffer.from(metadata.encoding).toString() === ENCODING;
}

interface Sealed {
  metadata: Record<string, string>;
  data: string;
}

function seal(keyring: Keyring, { metadata, data }: Payload): Payload {
  const texts = Object.entries(metadata ?? {}).map(([name, value]) => [name, Buffer.from(value).toString('base64')]);
  const inner: Sealed = { metadata: Object.fromEntries(texts), data: Buffer.from(data ?? []).toString('base64') };
  const sealed = keyring.encrypt(Buffer.from(JSON.stringify(inner)), CONTEXT);
  const keyId = sealed.subarray(0, sealed.indexOf(':'));
  return { metadata: { encoding: Buffer.from(ENCODING), 'encryption-key-id': keyId }, data: sealed };
}

/** @throws Error when the key is unknown or the content was changed */
function open(keyring: Keyring, { data }: Payload): Payload {
  const inner: Sealed = JSON.parse(keyring.decrypt(Buffer.from(data ?? []), CONTEXT).toString());
  const metadata = Object.entries(inner.metadata).map(([name, text]) => [name, Buffer.from(text, 'base64')]);
  return { metadata: Object.fromEntries(metadata), data: Buffer.from(inner.data, 'base64') };
}
