import { z } from './zod.ts';

/** What answers are made of: Shanghai dates, and instants in UTC. */
export const date = z.string().openapi({ format: 'date' });
export const instant = z.string().openapi({ format: 'date-time' });
