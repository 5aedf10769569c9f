import { createCipheriv, createDecipheriv, createHmac, createSecretKey, randomBytes } from 'node:crypto';

/** Encrypts what the database may not show (AES-256-GCM) and hashes what it must find again (HMAC-SHA-256). */
export interface Keyring {
  /** Ids of its keys; the first one encrypts. */
  keyIds: readonly [string, ...string[]];
  /** @param context what the ciphertext belongs to (a column, or a row's id); it can't be read under another */
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
  const entries = dataKeys.map((entry) => entry.split(':') as [string, string]);
  const keys = new Map(entries.map(([id, key]) => [id, createSecretKey(key, 'base64')]));
  const [currentKey, ...olderKeys] = keys.keys();
  if (currentKey === undefined) throw new Error('DATA_KEYS holds no key');
  const prefix = Buffer.from(`${currentKey}:`);
  const keyOf = (id: string) => {
    const key = keys.get(id);
    if (!key) throw new Error(`DATA_KEYS holds no key ${id}`);
    return key;
  };
  const hashing = createSecretKey(hashKey, 'base64');
  return {
    keyIds: [currentKey, ...olderKeys],
    encrypt(plain, context) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv('aes-256-gcm', keyOf(currentKey), iv).setAAD(Buffer.from(context));
      const sealed = cipher.update(plain);
      cipher.final();
      return Buffer.concat([prefix, iv, cipher.getAuthTag(), sealed]);
    },
    decrypt(sealed, context) {
      const start = sealed.indexOf(':') + 1;
      const iv = sealed.subarray(start, start + IV_BYTES);
      const tag = sealed.subarray(start + IV_BYTES, start + IV_BYTES + TAG_BYTES);
      const decipher = createDecipheriv('aes-256-gcm', keyOf(keyIdOf(sealed)), iv);
      decipher.setAAD(Buffer.from(context)).setAuthTag(tag);
      const plain = decipher.update(sealed.subarray(start + IV_BYTES + TAG_BYTES));
      decipher.final();
      return plain;
    },
    hash: (text) => createHmac('sha256', hashing).update(text).digest('hex'),
  };
}

/** Id of the key with which something was encrypted. */
export function keyIdOf(sealed: Buffer): string {
  return sealed.subarray(0, sealed.indexOf(':')).toString();
}
