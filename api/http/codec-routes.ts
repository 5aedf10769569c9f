import { createHash } from 'node:crypto';
import { caseStaff } from '../../domain/staff/roles.ts';
import { createPayloadCodec } from '../../store/encryption/codec.ts';
import type { ApiContext } from '../context.ts';
import { only } from './access.ts';
import { Problem } from './errors.ts';
import { route } from './route.ts';
import { z } from './zod.ts';

/** As much as a whole body may hold. */
const base64 = z
  .base64()
  .max(256 * 1024)
  .transform((text) => Buffer.from(text, 'base64'));
const MOST_METADATA = 20;
const metadata = z
  .record(z.string(), base64)
  .refine((fields) => Object.keys(fields).length <= MOST_METADATA)
  .openapi({ maxProperties: MOST_METADATA });
const payload = z.object({ metadata, data: base64.optional() });
const body = z.object({ payloads: z.array(payload).max(1000) });
const answer = z.object({
  payloads: z.array(z.object({ metadata: z.record(z.string(), z.string()), data: z.string() })),
});

/**
 * `POST /codec/decode`: Temporal's codec server protocol, with which Temporal Web and the CLI show encrypted text.
 * Those who may see cases may read what workflow histories say about them.
 */
export function codecRoutes({ store }: ApiContext) {
  const codec = createPayloadCodec(store.keyring);
  return [
    route({
      method: 'post',
      path: '/codec/decode',
      operationId: 'decodePayloads',
      summary: '解密 Temporal 历史中的文字',
      access: only(...caseStaff),
      refusals: ['undecodable'],
      audit: { action: 'read', kind: 'history', part: 'decoded' },
      body,
      answers: { 200: { description: 'The payloads, readable', schema: answer } },
      async handle({ body: { payloads } }) {
        const decoded = await codec.decode(payloads).catch(() => {
          throw new Problem(422, 'undecodable', '内容无法解密:密钥不在 DATA_KEYS 中,或内容已被改动。');
        });
        // Which texts they were is told by their hashes: the protocol doesn't say of which case they are.
        const objects = payloads.map(({ data }) =>
          createHash('sha256')
            .update(data ?? '')
            .digest('hex'),
        );
        return { status: 200, body: { payloads: decoded.map(asText) }, about: { objects, people: [] } };
      },
    }),
  ];
}

function asText({ metadata, data }: { metadata?: Record<string, Uint8Array> | null; data?: Uint8Array | null }) {
  const texts = Object.entries(metadata ?? {}).map(([name, value]) => [name, Buffer.from(value).toString('base64')]);
  return { metadata: Object.fromEntries(texts), data: Buffer.from(data ?? []).toString('base64') };
}
