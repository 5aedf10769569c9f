import { isAtWindow } from '../../domain/cases/attendance.ts';
import type { Change } from '../../domain/cases/timeline.ts';
import { type HandingIn, handingIn } from '../../domain/files/papers.ts';
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
    await addMaterials(tx, acceptanceNumber, whoHandsIn(row, change), sequence, materials);
  }
  if (form === undefined) return {};
  return applyForm(store, tx, row, { id: form, sequence, at: entry.at }, rules.phoneReplaced(acceptanceNumber));
}

/**
 * Who hands in what a resubmission brings: who filed the case. If the api vouches for who does, at the window the clerk
 * who is there, online the applicant whose case an agent filed.
 */
function whoHandsIn(row: ApplicationRow, { entry }: Change): HandingIn {
  const { channel, submittedBy, idNumberHash: person } = row;
  if (entry.via !== 'api') return handingIn({ by: submittedBy, person, channel });
  const { documentSeen } = entry.detail;
  const vouchedFor = isAtWindow(row, documentSeen) || entry.by === person;
  return handingIn({ by: vouchedFor ? entry.by : submittedBy, person, channel, documentSeen });
}
