import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import { ping } from '../../store/open.ts';
import type { ApiContext } from '../context.ts';
import { anyone } from './access.ts';
import { route } from './route.ts';

/** How long a part may take to answer: a probe doesn't wait for long. */
const PROBE_MS = 2_000;

/** `GET /healthz`: this process is up. `GET /readyz`: the store and Temporal are, too. */
export function healthRoutes({ store, temporal }: ApiContext) {
  const state = z.enum(['up', 'down']);
  const parts = z.object({ store: state, temporal: state });
  return [
    route({
      method: 'get',
      path: '/healthz',
      operationId: 'checkAlive',
      summary: 'The process answers',
      access: anyone,
      audit: null,
      answers: { 200: { description: 'Up', schema: z.object({ status: z.enum(['up']) }) } },
      handle: async () => ({ status: 200, body: { status: 'up' } }),
    }),
    route({
      method: 'get',
      path: '/readyz',
      operationId: 'checkReady',
      summary: 'The store and Temporal answer',
      access: anyone,
      audit: null,
      answers: { 200: { description: 'Ready', schema: parts }, 503: { description: 'Not ready', schema: parts } },
      async handle() {
        const systemInfo = temporal.withDeadline(Date.now() + PROBE_MS, () =>
          temporal.workflowService.getSystemInfo({}),
        );
        const [storeIs, temporalIs] = await Promise.all([stateOf(ping(store)), stateOf(systemInfo)]);
        const ready = storeIs === 'up' && temporalIs === 'up';
        return { status: ready ? 200 : 503, body: { store: storeIs, temporal: temporalIs } };
      },
    }),
  ];
}

/**
 * Whether a part answers in time. A check that fails after that is handled here as well: an unhandled rejection would
 * end the process.
 */
function stateOf(check: Promise<unknown>): Promise<'up' | 'down'> {
  const answer = check.then(
    () => 'up' as const,
    () => 'down' as const,
  );
  return Promise.race([answer, setTimeout(PROBE_MS, 'down' as const, { ref: false })]);
}
