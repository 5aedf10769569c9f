import type { Client } from '@temporalio/client';
import type { absence } from '../../workflows/index.ts';
import { type AbsenceStart, absenceOptions } from '../../workflows/messages.ts';
import { startOnce } from '../start.ts';

/** Starts the workflow of an absence, or does nothing if it was started before. */
export function startAbsence(temporal: Client, start: AbsenceStart): Promise<void> {
  return startOnce<typeof absence>(temporal, 'absence', { ...absenceOptions(start), args: [start] });
}
