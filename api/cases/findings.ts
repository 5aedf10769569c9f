import type { MaterialsCase } from '../../domain/cases/materials.ts';
import { type Finding, findings } from '../../policy/cases/findings.ts';
import { diseaseOf } from '../../policy/catalogue.ts';
import type { Policy } from '../../policy/schema.ts';
import type { ApplicationRow } from '../../store/cases/tables.ts';

/** What the rules see in a filed case, with these materials. @param policy the case's own version */
export function caseFindings(
  policy: Policy,
  { type, form, diseaseCode }: ApplicationRow,
  handedIn: Pick<MaterialsCase, 'materials' | 'requestedKinds' | 'submittedOn' | 'today'>,
): Finding[] {
  return findings(policy, {
    ...handedIn,
    type,
    hasElectronicVoucher: form.hasElectronicVoucher,
    hospitalLevel: form.hospital.level,
    photoRequired: diseaseOf(policy, diseaseCode)?.photo ?? false,
  });
}
