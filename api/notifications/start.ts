import type { Client } from '@temporalio/client';
import type { handOverMessage } from '../../workflows/index.ts';
import { type HandOverMessageStart, handOverMessageOptions } from '../../workflows/messages.ts';
import { startOnce } from '../start.ts';

/** Starts handing over a message that no case's workflow knows of, or does nothing if that has been started. */
export function startHandOver(temporal: Client, start: HandOverMessageStart): Promise<void> {
  const options = { ...handOverMessageOptions(start), args: [start] as [HandOverMessageStart] };
  return startOnce<typeof handOverMessage>(temporal, 'handOverMessage', options);
}
