import { refusalReasonsOf } from '../../domain/cases/eligibility.ts';
import type { RefusalReason } from '../../domain/vocabulary.ts';
import { diseaseOf } from '../../policy/catalogue.ts';
import { policyInForce } from '../../policy/versions.ts';
import type { Learnt } from '../../store/cases/insured.ts';
import { openPersonal } from '../../store/cases/personal.ts';
import type { ApplicationRow } from '../../store/cases/tables.ts';
import { heldAccreditation, runningAccreditation } from '../accreditations/held.ts';
import type { ActivityDependencies } from '../dependencies.ts';

/**
 * Asks whether the applicant is eligible, and for what is to be renewed or changed.
 * @returns what speaks against them, and what is to be kept of the answer
 * @throws CoreUnavailable
 */
export async function assessPerson(
  dependencies: ActivityDependencies,
  row: ApplicationRow,
): Promise<{ reasons: RefusalReason[]; learnt: Learnt }> {
  const { store, policies, insurance } = dependencies;
  const policy = policyInForce(dependencies);
  const { idNumber, name } = openPersonal(store, row).applicant;
  const { residesElsewhere = false, crossRegionFilingNumber, designatedInstitution, furtherInstitutions } = row.form;
  const disease = diseaseOf(policies.of(row.policyVersion), row.diseaseCode);
  const known = await insurance.person({ idNumber, name });
  const person = known?.insured ?? null;
  const crossRegionFilings = person && residesElsewhere ? await insurance.crossRegionFilings({ idNumber }) : [];
  const found = row.type === 'new' || !person ? {} : await heldAccreditation(dependencies, row);
  const held = found.ours ?? found.onRecord;
  const running = row.type === 'new' && person ? await runningAccreditation(dependencies, row) : null;
  const reasons = refusalReasonsOf({
    type: row.type,
    submittedOn: row.state.ledger.acceptedOn,
    region: policy.city.region,
    person,
    residesElsewhere,
    crossRegionFilingNumber,
    crossRegionFilings,
    accreditation: held ? { ...held, revoked: found.ours?.status === 'revoked' } : running,
    reviewed: disease?.validMonths != null,
    designatedInstitution,
    furtherInstitutions,
    insuredTypes: disease?.insuredTypes,
    renewal: policy.renewal,
  });
  const corePhone = known?.phone ?? null;
  return { reasons, learnt: { insured: person, corePhone, ...(found.ours ? { accreditationId: found.ours.id } : {}) } };
}
