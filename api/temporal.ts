import { Client, type ConnectionLike } from '@temporalio/client';
import { createPayloadCodec } from '../store/encryption/codec.ts';
import type { Keyring } from '../store/encryption/keyring.ts';

/** The api's way to Temporal: what people write is encrypted before it leaves. */
export function createTemporalClient(connection: ConnectionLike, namespace: string, keyring: Keyring): Client {
  return new Client({ connection, namespace, dataConverter: { payloadCodecs: [createPayloadCodec(keyring)] } });
}
