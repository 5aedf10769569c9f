import type { Change } from '../../domain/cases/timeline.ts';
import type { Store, Transaction } from '../open.ts';
import { applyForm } from './form-versions.ts';
import { addMaterials } from './materials.ts';
import type { RecordRules } from './rules.ts';
import type { ApplicationRow } from './tables.ts';

/**
 * Hands in what a resubmission brings: its materials, and a corrected form, which is put in force. Does nothing for any
 * other change.
 * @returns what the row shows of the form then
 */
export async function handIn(
  store: Store,
  tx: Transaction,
  row: ApplicationRow,
  change: Change,
  rules: Pick<RecordRules, 'phoneReplaced'>,
): Promise<Partial<ApplicationRow>> {
  const { sequence, entry } = change;
  if (entry.kind !== 'resubmitted') return {};
  const { acceptanceNumber } = row;
  const { materials = [], form } = entry.detail;
  if (materials.length > 0) {
    await addMaterials(tx, { acceptanceNumber, uploadedBy: uploaderOf(row, change) }, sequence, materials);
  }
  if (form === undefined) return {};
  return applyForm(store, tx, row, { id: form, sequence, at: entry.at }, rules.phoneReplaced(acceptanceNumber));
}

/**
 * Whose files a resubmission may hand in: those of who filed the case. If the api vouches for who hands them in, at the
 * window those of the clerk who is there, online those of the applicant whose case an agent filed.
 */
function uploaderOf({ channel, submittedBy, idNumberHash }: ApplicationRow, { entry: { by, via } }: Change): string {
  return via === 'api' && (channel === 'window' || by === idNumberHash) ? by : submittedBy;
}
