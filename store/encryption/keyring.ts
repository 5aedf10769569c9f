import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';

/** Encrypts what the store may not show (AES-256-GCM) and hashes what it must find again (HMAC-SHA-256). */
export interface Keyring {
  /** @param context what the ciphertext belongs to (a row's id); it can't be read under another */
  encrypt(plain: Buffer, context: string): Buffer;
  /** @throws Error when the key is unknown, or the content or the context is not what was encrypted */
  decrypt(sealed: Buffer, context: string): Buffer;
  hash(text: string): string;
}

const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * @param dataKeys `id:base64` of 32 bytes each; the first encrypts, all decrypt, so keys can be rotated
 * @param hashKey 32 bytes in base64
 */
export function createKeyring(dataKeys: string[], hashKey: string): Keyring {
  const keys = new Map(dataKeys.map((entry) => entry.split(':') as [string, string]));
  const [currentId] = keys.keys();
  if (currentId === undefined) throw new Error('DATA_KEYS holds no key');
  const keyOf = (id: string) => {
    const key = keys.get(id);
    if (!key) throw new Error(`DATA_KEYS holds no key ${id}`);
    return Buffer.from(key, 'base64');
  };
  return {
    encrypt(plain, context) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv('aes-256-gcm', keyOf(currentId), iv).setAAD(Buffer.from(context));
      const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
      return Buffer.concat([Buffer.from(`${currentId}:`), iv, cipher.getAuthTag(), sealed]);
    },
    decrypt(sealed, context) {
      const start = sealed.indexOf(':') + 1;
      const iv = sealed.subarray(start, start + IV_BYTES);
      const tag = sealed.subarray(start + IV_BYTES, start + IV_BYTES + TAG_BYTES);
      const decipher = createDecipheriv('aes-256-gcm', keyOf(sealed.subarray(0, start - 1).toString()), iv);
      decipher.setAAD(Buffer.from(context)).setAuthTag(tag);
      return Buffer.concat([decipher.update(sealed.subarray(start + IV_BYTES + TAG_BYTES)), decipher.final()]);
    },
    hash: (text) => createHmac('sha256', Buffer.from(hashKey, 'base64')).update(text).digest('hex'),
  };
}
