import { and, eq } from 'drizzle-orm';
import type { ApplicationState } from '../../domain/cases/state.ts';
import type { Change } from '../../domain/cases/timeline.ts';
import type { Transaction } from '../open.ts';
import { prepared, slots } from '../prepared.ts';
import { type TimelineRow, timeline } from './tables.ts';

/** Writes an entry of the timeline, with what the case was after it. */
export async function writeEntry(
  tx: Transaction,
  acceptanceNumber: string,
  { sequence, state: { status, round }, entry }: EntryWritten,
): Promise<void> {
  const { level = null, late = false, belatedReason } = entry.detail;
  const counted = { level, late, belated: belatedReason !== undefined };
  await newEntry(tx, { requestId: null, acceptanceNumber, sequence, status, round, ...entry, ...counted });
}

type EntryWritten = Pick<Change, 'sequence' | 'entry'> & { state: Pick<ApplicationState, 'status' | 'round'> };

const newEntry = prepared('timeline entry', (db) =>
  db
    .insert(timeline)
    .values(
      slots(
        ...(['acceptanceNumber', 'sequence', 'status', 'round', 'requestId'] as const),
        ...(['at', 'kind', 'by', 'via', 'detail', 'level', 'late', 'belated'] as const),
      ),
    ),
);

/** The entry of a change, if one is recorded under its number. */
export async function entryOf(
  tx: Transaction,
  acceptanceNumber: string,
  sequence: number,
): Promise<TimelineRow | undefined> {
  const ofChange = and(eq(timeline.acceptanceNumber, acceptanceNumber), eq(timeline.sequence, sequence));
  const [entry] = await tx.select().from(timeline).where(ofChange);
  return entry;
}
