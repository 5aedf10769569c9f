import { type Material, withSupplement } from '../../../domain/cases/materials.ts';
import { shanghaiDate } from '../../../domain/dates.ts';
import { handingIn } from '../../../domain/files/papers.ts';
import { asMaterial, materialsInForce } from '../../../store/cases/materials.ts';
import type { ApplicationRow } from '../../../store/cases/tables.ts';
import type { ApiContext } from '../../context.ts';
import { fileErrors } from '../../files/usable.ts';
import { problems } from '../../http/errors.ts';
import { caseFindings } from '../findings.ts';
import { kindErrors, materialError, originalErrors } from '../form-checks.ts';

/**
 * Checks the papers of an appeal (申诉). What the case lacks beside them doesn't stand in its way: it may be what the
 * appeal is about.
 * @throws Problem 422 with everything that is wrong with them, at once
 */
export async function checkAppeal(
  { store, policies, now }: ApiContext,
  row: ApplicationRow,
  by: string,
  materials: Material[],
): Promise<void> {
  const policy = policies.of(row.policyVersion);
  const today = shanghaiDate(now());
  const handing = handingIn({ by, person: row.idNumberHash, channel: row.channel });
  const held = await materialsInForce(store.db, row.acceptanceNumber);
  const found = caseFindings(policy, row, {
    materials: withSupplement(held.map(asMaterial), materials),
    submittedOn: today,
    today,
  });
  const errors = [
    ...kindErrors(policy, 'materials', materials),
    ...found.filter(({ kind }) => materials.some((material) => material.kind === kind)).map(materialError),
    ...(await fileErrors({ store, policy }, materials, handing, now())),
    ...originalErrors(row.channel === 'window', materials),
  ];
  if (errors.length > 0) throw problems.invalid(errors);
}
