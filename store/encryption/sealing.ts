import type { Keyring } from './keyring.ts';

/** The store, as far as encryption goes. */
interface WithKeyring {
  keyring: Keyring;
}

/** Encrypts a value as JSON. @param context what it belongs to: a row's id */
export function seal({ keyring }: WithKeyring, context: string, value: object): string {
  return sealText(keyring, context, JSON.stringify(value));
}

/** @throws Error when the key is unknown, or the content or the context is not what was encrypted */
export function open({ keyring }: WithKeyring, context: string, sealed: string): unknown {
  return JSON.parse(openText(keyring, context, sealed));
}

/** Encrypts a text to `keyId:base64`: the key's id is readable, so that SQL can tell what another key has encrypted. */
export function sealText(keyring: Keyring, context: string, text: string): string {
  const sealed = keyring.encrypt(Buffer.from(text), context);
  const start = sealed.indexOf(':') + 1;
  return sealed.toString('latin1', 0, start) + sealed.toString('base64', start);
}

/** @throws Error when the key is unknown, or the content or the context is not what was encrypted */
export function openText(keyring: Keyring, context: string, sealed: string): string {
  const start = sealed.indexOf(':') + 1;
  const bytes = Buffer.concat([Buffer.from(sealed.slice(0, start)), Buffer.from(sealed.slice(start), 'base64')]);
  return keyring.decrypt(bytes, context).toString();
}
