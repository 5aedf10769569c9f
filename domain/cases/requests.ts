import type { Status, Via } from '../vocabulary.ts';
import type { RequestedItem } from './messages.ts';
import type { EntryKind, TimelineEntry } from './timeline.ts';

/** Something that was asked of an applicant, and why. */
export interface AskedOf {
  /** Of the entry by which it was asked. */
  sequence: number;
  /** Of a request for materials, which of the case's it is (`requests` of the state); null for a verification. */
  number: number | null;
  /** Instant. */
  at: string;
  by: string;
  via: Via;
  kind: EntryKind;
  items: RequestedItem[];
  note?: string | undefined;
  /** Why it was asked for only then (一次性告知). */
  belatedReason?: string | undefined;
  /** The entry that ended it, and its instant; null while it is awaited. */
  ended: { kind: EntryKind; at: string } | null;
}

type Recorded = Omit<TimelineEntry, 'requestId'> & { sequence: number; status: Status };

const asking: readonly EntryKind[] = ['materialsRequested', 'requestReplaced', 'verificationRequested'];

/**
 * All that was asked of an applicant so far, in order. A request ends when it is replaced, or the case has another
 * status.
 * @param entries the case's, in order
 */
export function requestsOf(entries: Recorded[]): AskedOf[] {
  let requests = 0;
  return entries.flatMap(({ sequence, at, by, via, kind, status, detail }, index) => {
    if (!asking.includes(kind)) return [];
    const number = kind === 'verificationRequested' ? null : ++requests;
    const { items = [], note, belatedReason } = detail;
    const later = entries.slice(index + 1);
    const end = later.find((entry) => entry.kind === 'requestReplaced' || entry.status !== status);
    const ended = end ? { kind: end.kind, at: end.at } : null;
    return [{ sequence, number, at, by, via, kind, items, note, belatedReason, ended }];
  });
}
