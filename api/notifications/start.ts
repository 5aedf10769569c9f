import type { Client } from '@temporalio/client';
import type { dispatchNotification } from '../../workflows/index.ts';
import { type DispatchNotificationStart, dispatchNotificationOptions } from '../../workflows/messages.ts';
import { startOnce } from '../start.ts';

/** Starts dispatching a notification that no case's workflow knows of, or does nothing if that has been started. */
export function startDispatch(temporal: Client, start: DispatchNotificationStart): Promise<void> {
  const options = { ...dispatchNotificationOptions(start), args: [start] as [DispatchNotificationStart] };
  return startOnce<typeof dispatchNotification>(temporal, 'dispatchNotification', options);
}
