import { z } from './zod.ts';

/** Schemas of the dates (Shanghai's) and the instants (UTC) in answers. */
export const date = z.string().openapi({ format: 'date' });
export const instant = z.string().openapi({ format: 'date-time' });
