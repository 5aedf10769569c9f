import { randomUUID } from 'node:crypto';
import type { Stack } from '../faults/stack.ts';
import { Caller, type Reply } from '../http/caller.ts';
import { until } from '../until.ts';
import { canary } from './secrets.ts';

export const PATIENCE_MS = 60_000;

/** The people around the canary's cases, and every refusal that they were answered. */
export function peopleOf(stack: Stack) {
  const as = (role: string, subject = `${role}-1`) =>
    new Caller(stack.origin, subject, stack.token(role, subject, role === 'applicant' ? { person: canary } : {}));
  const refusals: Reply[] = [];
  /** @throws Error unless it is answered so */
  async function answered(status: number, reply: Promise<Reply>): Promise<Reply> {
    const answer = await reply;
    if (answer.status >= 400) refusals.push(answer);
    if (answer.status !== status) throw new Error(`Answered ${answer.status}, not ${status}: ${answer.text}`);
    return answer;
  }
  const applicant = as('applicant', `applicant-${randomUUID()}`);
  return { as, applicant, refusals, answered };
}
export type People = ReturnType<typeof peopleOf>;

export function hasStatus({ applicant }: People, number: string, status: string): Promise<void> {
  const holds = async () => (await applicant.progress(number)).body.status === status;
  return until(`the case is ${status}`, holds, PATIENCE_MS);
}
