import type { MaterialsCase } from '../../domain/cases/materials.ts';
import { shanghaiDate } from '../../domain/dates.ts';
import { isStranger } from '../../domain/people/person.ts';
import {
  caseFindingsOf,
  type Finding,
  filingFindings,
  findings,
  otherDateFinding,
  sameFileFinding,
} from '../../policy/cases/findings.ts';
import { diseaseOf } from '../../policy/catalogue.ts';
import type { Policy } from '../../policy/schema.ts';
import type { Policies } from '../../policy/versions.ts';
import { asMaterial } from '../../store/cases/materials.ts';
import type { PersonalData } from '../../store/cases/personal.ts';
import { filedBeside, type ReadCase } from '../../store/cases/queries.ts';
import type { ApplicationRow } from '../../store/cases/tables.ts';
import { datesOfFiles } from '../../store/files/papers.ts';
import { filesOfOthers } from '../../store/files/queries.ts';
import type { Store } from '../../store/open.ts';
import { earlierPhones } from '../../store/people/earlier-phones.ts';
import type { ApiContext } from '../context.ts';
import { coreFindings } from '../insurance/findings.ts';

type HandedIn = Pick<MaterialsCase, 'materials' | 'requestedKinds' | 'submittedOn' | 'today'>;

/** What the rules go by of a form, as far as it can be read. */
type RuledForm = Pick<MaterialsCase, 'type' | 'hasElectronicVoucher' | 'byAgent' | 'residesElsewhere'> & {
  diseaseCode?: string | undefined;
  hospital: { level: number; code?: string | undefined };
};

/** What the rules find in a form with these materials. */
export function formFindings(
  policy: Policy,
  { type, hasElectronicVoucher, byAgent, residesElsewhere, diseaseCode, hospital }: RuledForm,
  handedIn: HandedIn,
): Finding[] {
  const disease = diseaseOf(policy, diseaseCode);
  const application = {
    ...{ ...handedIn, type, hasElectronicVoucher, byAgent, residesElsewhere },
    hospitalLevel: hospital.level,
    hospitalCode: hospital.code,
    photoRequired: disease?.photo ?? false,
  };
  return findings(policy, application, disease);
}

/** As `formFindings`, in a filed case. @param policy the version the case was accepted under */
export function caseFindings(
  policy: Policy,
  { type, form, diseaseCode, agentHash }: Pick<ApplicationRow, 'type' | 'form' | 'diseaseCode' | 'agentHash'>,
  handedIn: HandedIn,
): Finding[] {
  return formFindings(policy, { ...form, type, diseaseCode, byAgent: agentHash !== null }, handedIn);
}

/** Everything that staff should look at in a case. @param personal the row's, decrypted */
export async function findingsOf(
  { store, policies, now }: Pick<ApiContext, 'store' | 'policies' | 'now'>,
  row: ApplicationRow,
  read: ReadCase,
  personal: PersonalData,
) {
  return [
    ...caseFindingsOf(row.state.verified, row.form.insuredType, row.insured?.insuredType),
    ...(await findingsOfFiling(store, row, personal)),
    ...findingsInForce(policies, row, read),
    ...(await sameFileFindings(store, policies, row, read)),
    ...(await otherDateFindings(store, policies, row, read)),
    ...(await coreFindings({ store, now }, row)),
  ];
}

/** What the phone and the agent of a filing tell. */
async function findingsOfFiling(store: Store, row: ApplicationRow, { applicant, agent }: PersonalData) {
  const otherPhone = isStranger(applicant.phone, await earlierPhones(store, store.db, row));
  return filingFindings({ relation: agent?.relation, otherPhone, beside: await filedBeside(store, row) });
}

/** What the rules find in the materials in force, on the day on which the last of them came in. */
export function findingsInForce(
  policies: Policies,
  row: ApplicationRow,
  { materials, files, entries }: ReadCase,
): Finding[] {
  const known = new Set(files.map(({ id }) => id));
  const latest = entries.findLast(({ kind, detail }) => kind === 'submitted' || detail.materials !== undefined);
  return caseFindings(policies.of(row.policyVersion), row, {
    // A signal may name files that aren't the applicant's; they don't count.
    materials: materials
      .map(asMaterial)
      .map((material) => ({ ...material, fileIds: material.fileIds.filter((id) => known.has(id)) })),
    submittedOn: row.state.ledger.acceptedOn,
    today: shanghaiDate(latest?.at ?? row.submittedAt),
  });
}

/** Files that somebody else handed in too: papers are a person's own, so this may be a mistake or a fraud. */
async function sameFileFindings(store: Store, policies: Policies, row: ApplicationRow, { materials }: ReadCase) {
  const shared = await filesOfOthers(store, row);
  return materials.flatMap(({ kind, fileIds }) => {
    const numbers = [...new Set(fileIds.flatMap((id) => shared.get(id) ?? []))];
    return numbers.length > 0 ? [sameFileFinding(policies.of(row.policyVersion), kind, numbers)] : [];
  });
}

/** Files that were dated otherwise with another case, or before: one that is too old may have been made younger. */
async function otherDateFindings(store: Store, policies: Policies, row: ApplicationRow, { materials }: ReadCase) {
  if (materials.every(({ issuedOn }) => issuedOn === null)) return [];
  const handedIn = await datesOfFiles(store, row.acceptanceNumber);
  return materials.flatMap(({ kind, fileIds, issuedOn }) => {
    const dates = new Set(fileIds.flatMap((id) => handedIn.get(id) ?? []));
    const others = issuedOn === null ? [] : [...dates].filter((date) => date !== issuedOn).sort();
    return others.length > 0 ? [otherDateFinding(policies.of(row.policyVersion), kind, others)] : [];
  });
}
