import { type Material, withSupplement } from '../../../domain/cases/materials.ts';
import { shanghaiDate } from '../../../domain/dates.ts';
import { asMaterial, materialsInForce } from '../../../store/cases/materials.ts';
import type { ApplicationRow } from '../../../store/cases/tables.ts';
import type { ApiContext } from '../../context.ts';
import { problems } from '../../http/errors.ts';
import { caseFindings } from '../findings.ts';
import { materialError } from '../form-checks.ts';
import { paperErrors } from './papers.ts';

/**
 * Checks the papers of an appeal (申诉). What the case lacks beside them doesn't stand in its way: it may be what the
 * appeal is about.
 * @throws Problem 422 with everything that is wrong with them, at once
 */
export async function checkAppeal(
  context: ApiContext,
  row: ApplicationRow,
  by: string,
  materials: Material[],
): Promise<void> {
  const { store, policies, now } = context;
  const today = shanghaiDate(now());
  const held = await materialsInForce(store.db, row.acceptanceNumber);
  const found = caseFindings(policies.of(row.policyVersion), row, {
    materials: withSupplement(held.map(asMaterial), materials),
    submittedOn: today,
    today,
  });
  const errors = [
    ...found.filter(({ kind }) => materials.some((material) => material.kind === kind)).map(materialError),
    ...(await paperErrors(context, row, { by, materials })),
  ];
  if (errors.length > 0) throw problems.invalid(errors);
}
