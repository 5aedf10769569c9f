import type { Client } from '@temporalio/client';
import type { dispatchMessage } from '../../workflows/index.ts';
import { type DispatchMessageStart, dispatchMessageOptions } from '../../workflows/messages.ts';
import { startOnce } from '../start.ts';

/** Starts dispatching a message that no case's workflow knows of, or does nothing if that has been started. */
export function startDispatch(temporal: Client, start: DispatchMessageStart): Promise<void> {
  const options = { ...dispatchMessageOptions(start), args: [start] as [DispatchMessageStart] };
  return startOnce<typeof dispatchMessage>(temporal, 'dispatchMessage', options);
}
