import type { Store } from '../open.ts';

/** Encrypts a value as JSON. @param context what it belongs to: a row's id */
export function seal({ keyring }: Pick<Store, 'keyring'>, context: string, value: object): string {
  return keyring.encrypt(Buffer.from(JSON.stringify(value)), context).toString('base64');
}

/** @throws Error when the key is unknown, or the content or the context is not what was encrypted */
export function open({ keyring }: Pick<Store, 'keyring'>, context: string, sealed: string): unknown {
  return JSON.parse(keyring.decrypt(Buffer.from(sealed, 'base64'), context).toString());
}
