import { z } from 'zod';

const faultSchema = z.strictObject({
  /** Wait before anything else happens. */
  delayMs: z.number().int().min(0).optional(),
  /** Close the connection without an answer, before or after the message was accepted. */
  cut: z.enum(['before', 'after']).optional(),
  /** Answer with this instead of accepting the message. */
  status: z.union([z.literal(429), z.literal(500)]).optional(),
  /** Seconds, sent as Retry-After with `status`. */
  retryAfter: z.number().int().min(0).optional(),
  /** Accept, and answer with what makes no sense. */
  garbage: z.literal(true).optional(),
  /** What happens to the status callbacks (回执) of the message that is accepted. */
  callbacks: z.enum(['duplicated', 'reversed', 'lost']).optional(),
  /** How many requests it happens to. */
  times: z.number().int().min(1).default(1),
});

export type Fault = z.infer<typeof faultSchema>;

/** What goes wrong with the next requests. */
export interface Faults {
  /**
   * Replaces what was planned.
   * @throws z.ZodError
   */
  plan(fault: unknown): Fault;
  clear(): void;
  /** Uses up one request of the plan. */
  next(): Fault | undefined;
}

export function createFaults(): Faults {
  let planned: Fault | undefined;
  let left = 0;
  return {
    plan(fault) {
      planned = faultSchema.parse(fault);
      left = planned.times;
      return planned;
    },
    clear() {
      left = 0;
    },
    next() {
      if (left === 0) return undefined;
      left -= 1;
      return planned;
    },
  };
}
