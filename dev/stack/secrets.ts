import { createHmac, randomBytes } from 'node:crypto';
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, type JWK } from 'jose';

/** The embedded stack's own keys; production gets its keys from the environment. */
export interface Secrets {
  /** 32 bytes in base64, like `hashKey`. */
  dataKey: string;
  hashKey: string;
  /** Private Ed25519 key that signs the tokens of `npm run token`. */
  tokenKey: JWK;
  twilioAccountSid: string;
  twilioAuthToken: string;
}

/** Reads `secrets.json` of the folder, or creates it the first time; the folder must exist. */
export async function loadSecrets(folder: string): Promise<Secrets> {
  const file = join(folder, 'secrets.json');
  const draft = `${file}.${process.pid}`;
  try {
    return read(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  writeFileSync(draft, JSON.stringify(await generate(), null, 2), { mode: 0o600 });
  try {
    linkSync(draft, file);
  } catch (error) {
    // Both `npm start` and `npm run token` create it; of two at the same time the first one's file counts.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft);
  }
  return read(file);
}

/** A secret that two parts of the stack share; each purpose has its own. */
export function sharedSecret({ hashKey }: Secrets, purpose: string): string {
  return createHmac('sha256', Buffer.from(hashKey, 'base64')).update(purpose).digest('hex');
}

/** The part of the token key with which the api verifies. */
export function publicTokenKey({ tokenKey }: Secrets): JWK {
  const { d: _, ...rest } = tokenKey;
  return rest;
}

const read = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as Secrets;

async function generate(): Promise<Secrets> {
  const { privateKey } = await generateKeyPair('Ed25519', { extractable: true });
  return {
    dataKey: randomBytes(32).toString('base64'),
    hashKey: randomBytes(32).toString('base64'),
    tokenKey: await exportJWK(privateKey),
    twilioAccountSid: `AC${randomBytes(16).toString('hex')}`,
    twilioAuthToken: randomBytes(16).toString('hex'),
  };
}
