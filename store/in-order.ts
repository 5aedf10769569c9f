import type { Via } from '../domain/vocabulary.ts';

/** One step of what a workflow decides, as far as recording it goes. */
interface NumberedChange {
  sequence: number;
  entry: { at: string; kind: string; by: string; via: Via; requestId?: string };
}

/** What is known of a recorded step. */
export interface RecordedEntry {
  at: string;
  kind: string;
  by: string;
  via: Via;
  requestId: string | null;
}

/**
 * How the row and its workflow have come apart; the first two happen only where one of their databases was restored
 * from a backup.
 */
export type Divergence =
  /**
   * The row said something else under a number, or more than the workflow knows of: the workflow's history is right.
   */
  | 'replaced'
  /** Changes between the row's last one and this one are missing. */
  | 'behind'
  /** Something else is recorded under a number, and stays: neither that change was recorded nor those after it. */
  | 'taken';

/** What is done about something else that is recorded under a change's number. */
export interface Replacing {
  /** False where a later run of the workflow may have recorded it: then this one's history isn't right any more. */
  replaces: boolean;
}

/** How changes are written, by what they are about. */
interface Writing<Change> extends Replacing {
  /** Sequence of the last change recorded, under the row's lock. */
  last: number;
  entry(sequence: number): Promise<RecordedEntry | undefined>;
  /** Takes back what was recorded from a sequence on. */
  forget(change: Change): Promise<void>;
  write(change: Change): Promise<void>;
}

/**
 * Writes the changes that aren't recorded yet, in their order. A change is recognised by its entry, not by its number
 * alone: a workflow whose database was then restored from a backup may have recorded something else under the same
 * number.
 * @returns null where row and workflow agree
 */
export async function recordInOrder<Change extends NumberedChange>(
  changes: Change[],
  writing: Writing<Change>,
): Promise<Divergence | null> {
  let divergence: Divergence | null = null;
  let { last } = writing;
  for (const change of changes) {
    if (change.sequence <= last) {
      if (isSame(await writing.entry(change.sequence), change)) continue;
      if (!writing.replaces) return 'taken';
      await writing.forget(change);
      divergence = 'replaced';
    } else if (change.sequence > last + 1) {
      divergence ??= 'behind';
    }
    await writing.write(change);
    last = change.sequence;
  }
  return divergence;
}

/** Whether what is recorded under a change's number is that change. */
export function isSame(recorded: RecordedEntry | undefined, { entry }: NumberedChange): boolean {
  const { at, kind, by, via, requestId = null } = entry;
  return (
    recorded !== undefined &&
    Date.parse(recorded.at) === Date.parse(at) &&
    recorded.kind === kind &&
    recorded.by === by &&
    recorded.via === via &&
    recorded.requestId === requestId
  );
}
