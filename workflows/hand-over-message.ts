import { WORTH_TRYING_MS } from '../domain/delivery.ts';
import { leave } from './hand-over.ts';
import type { HandOverMessageStart } from './messages.ts';
import { uncancellable } from './uncancellable.ts';

/**
 * Hands over one message that no change of a case causes: a code for a new phone, or that the old one was replaced. It is tried until it says
 * nothing any more. The message's id is the workflow's.
 */
export async function handOverMessage({ messageId, until }: HandOverMessageStart): Promise<void> {
  const ends = until === undefined ? Date.now() + WORTH_TRYING_MS : Date.parse(until);
  await uncancellable(() => leave([messageId], '更换手机号', ends));
}
