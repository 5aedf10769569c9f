import { Client, type ConnectionLike } from '@temporalio/client';
import { createPayloadCodec } from '../store/encryption/codec.ts';
import type { Keyring } from '../store/encryption/keyring.ts';

/** The client for Temporal; its codec encrypts what people wrote before it leaves this process. */
export function createTemporalClient(connection: ConnectionLike, namespace: string, keyring: Keyring): Client {
  return new Client({ connection, namespace, dataConverter: { payloadCodecs: [createPayloadCodec(keyring)] } });
}
