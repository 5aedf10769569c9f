import type { Client } from '@temporalio/client';
import type { application } from '../../workflows/index.ts';
import { type ApplicationStart, applicationOptions } from '../../workflows/messages.ts';
import { startOnce } from '../start.ts';

/** Starts a case's workflow, or does nothing if it was started before: the workflow id is the acceptance number. */
export function startApplication(temporal: Client, start: ApplicationStart): Promise<void> {
  return startOnce<typeof application>(temporal, 'application', { ...applicationOptions(start), args: [start] });
}
