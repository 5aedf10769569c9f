import { z } from 'zod';
import { ping } from '../../store/store.ts';
import type { ApiContext } from '../context.ts';
import { route } from '../route.ts';

/** Probes want an answer soon. */
const PROBE_MS = 2_000;

/** `GET /healthz`: this process is up. `GET /readyz`: so is what it needs. */
export function healthRoutes({ store, temporal }: ApiContext) {
  const up = async (check: Promise<unknown>) => check.then(() => 'up').catch(() => 'down');
  const parts = z.object({ store: z.string(), temporal: z.string() });
  return [
    route({
      method: 'get',
      path: '/healthz',
      summary: 'The process answers',
      roles: [],
      answers: { 200: { description: 'Up' } },
      handle: async () => ({ status: 200, body: { status: 'up' } }),
    }),
    route({
      method: 'get',
      path: '/readyz',
      summary: 'The store and Temporal answer',
      roles: [],
      answers: { 200: { description: 'Ready', schema: parts }, 503: { description: 'Not ready', schema: parts } },
      async handle() {
        const asked = temporal.withDeadline(Date.now() + PROBE_MS, () => temporal.workflowService.getSystemInfo({}));
        const body = { store: await up(ping(store)), temporal: await up(asked) };
        return { status: Object.values(body).every((state) => state === 'up') ? 200 : 503, body };
      },
    }),
  ];
}
