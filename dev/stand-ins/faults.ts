import { setTimeout as wait } from 'node:timers/promises';
import type { Request, Response } from 'express';
import { z } from 'zod';

const faultSchema = z.strictObject({
  /** Waits before anything else happens. */
  delayMs: z.number().int().min(0).optional(),
  /** Closes the connection without an answer, before or after the notification was accepted. */
  cut: z.enum(['before', 'after']).optional(),
  /** Answers with this status instead of accepting the notification. */
  status: z.union([z.literal(429), z.literal(500)]).optional(),
  /** Seconds, sent as Retry-After with `status`. */
  retryAfter: z.number().int().min(0).optional(),
  /** Accepts the notification, and waits before the answer. */
  answerDelayMs: z.number().int().min(0).optional(),
  /** Accepts the notification, and answers with something that isn't JSON. */
  garbage: z.literal(true).optional(),
  /** What happens to the status callbacks (回执) of the notification that is accepted. */
  callbacks: z.enum(['duplicated', 'reversed', 'lost']).optional(),
  /** How many requests it befalls. */
  times: z.number().int().min(1).default(1),
  /** Befalls only every nth request: with 3 the 3rd, the 6th … */
  every: z.number().int().min(1).default(1),
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
  /** The plan, with `times` as many as are left; null where nothing is planned. */
  planned(): Fault | null;
  /** Counts a request. @returns the fault that befalls it, if any */
  next(): Fault | undefined;
}

export function createFaults(): Faults {
  let planned: Fault | undefined;
  let left = 0;
  let asked = 0;
  return {
    plan(fault) {
      planned = faultSchema.parse(fault);
      left = planned.times;
      asked = 0;
      return planned;
    },
    clear() {
      left = 0;
    },
    planned: () => (planned && left > 0 ? { ...planned, times: left } : null),
    next() {
      asked += 1;
      if (!planned || left === 0 || asked % planned.every !== 0) return undefined;
      left -= 1;
      return planned;
    },
  };
}

/**
 * Does to a request what the fault plans for the time before it is accepted.
 * @param refuse answers in the provider's form
 * @returns whether the request gets through
 */
export async function getsThrough(
  fault: Fault | undefined,
  request: Request,
  response: Response,
  refuse: (status: 429 | 500) => void,
): Promise<boolean> {
  if (fault?.delayMs) await wait(fault.delayMs, undefined, { ref: false });
  if (fault?.cut === 'before') {
    request.socket.destroy();
  } else if (fault?.status) {
    if (fault.retryAfter !== undefined) response.set('Retry-After', String(fault.retryAfter));
    refuse(fault.status);
  } else {
    return true;
  }
  return false;
}

/** Answers a request that was accepted, unless the fault makes the answer get lost, be garbage or come late. */
export function answerUnless(fault: Fault | undefined, response: Response, answer: () => void): void {
  if (fault?.cut === 'after') response.req.socket.destroy();
  else if (fault?.garbage) response.send('<html><body>200 OK</body></html>');
  else if (fault?.answerDelayMs) setTimeout(answer, fault.answerDelayMs).unref();
  else answer();
}
