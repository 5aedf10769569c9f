import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Post } from '../bare/activities.ts';

/** A plain HTTP server that counts what the bare samples post. */
export async function openSink() {
  const posts = new Map<string, number>();
  const waiting = new Map<string, () => void>();
  const keyOf = ({ name, step }: Post) => `${name} ${step}`;

  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const key = keyOf(JSON.parse(Buffer.concat(chunks).toString()));
    posts.set(key, (posts.get(key) ?? 0) + 1);
    response.end();
    waiting.get(key)?.();
    waiting.delete(key);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** How often a post has come in. */
    times: (post: Post) => posts.get(keyOf(post)) ?? 0,
    /** Resolves once a post has come in. */
    got(post: Post): Promise<void> {
      const key = keyOf(post);
      return posts.has(key) ? Promise.resolve() : new Promise((resolve) => waiting.set(key, resolve));
    },
    async close(): Promise<void> {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
