import { giveUp, leave } from './hand-over.ts';
import type { HandOverMessageStart } from './messages.ts';

/**
 * Hands over one message that no change of a case causes: a code for a new phone, or that the old one was replaced. It is tried until it says
 * nothing any more. The message's id is the workflow's.
 */
export async function handOverMessage({ messageId, until }: HandOverMessageStart): Promise<void> {
  const left = until === undefined ? undefined : Date.parse(until) - Date.now();
  if (left !== undefined && left <= 0) return giveUp([messageId]);
  const options = left === undefined ? {} : { scheduleToCloseTimeout: left };
  await leave([messageId], '更换手机号', options);
}
