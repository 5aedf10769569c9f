import { type DocumentSeen, isAtWindow } from '../../../domain/cases/attendance.ts';
import type { Material } from '../../../domain/cases/materials.ts';
import { handingIn } from '../../../domain/files/papers.ts';
import type { ApplicationRow } from '../../../store/cases/tables.ts';
import type { ApiContext } from '../../context.ts';
import { fileErrors } from '../../files/usable.ts';
import type { FieldError } from '../../http/errors.ts';
import { kindErrors, originalErrors } from '../form-checks.ts';

/** Papers that come to a case with a message, and by whom. */
interface HandedIn {
  by: string;
  materials: Material[];
  documentSeen?: DocumentSeen | undefined;
}

/** What is wrong with papers themselves, whatever the case lacks beside them. */
export async function paperErrors(
  { store, policies, now }: ApiContext,
  row: ApplicationRow,
  { by, materials, documentSeen }: HandedIn,
): Promise<FieldError[]> {
  const policy = policies.of(row.policyVersion);
  const handing = handingIn({ by, person: row.idNumberHash, channel: row.channel, documentSeen });
  return [
    ...kindErrors(policy, 'materials', materials),
    ...(await fileErrors({ store, policy }, materials, handing, now())),
    ...originalErrors(isAtWindow(row, documentSeen), materials),
  ];
}
