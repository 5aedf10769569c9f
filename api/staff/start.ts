import type { Client } from '@temporalio/client';
import type { absence } from '../../workflows/index.ts';
import { type AbsenceStart, absenceOptions } from '../../workflows/messages.ts';
import { startOnce } from '../start.ts';

/** Starts what an absence brings, or does nothing if that has been started. */
export function startAbsence(temporal: Client, start: AbsenceStart): Promise<void> {
  return startOnce<typeof absence>(temporal, 'absence', { ...absenceOptions(start), args: [start] });
}
