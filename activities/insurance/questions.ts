import { ApplicationFailure } from '@temporalio/common';
import { accreditationId } from '../../domain/accreditations/id.ts';
import { grantedPeriod, type Registered } from '../../domain/accreditations/state.ts';
import { type InsuredPerson, type RefusalReason, refusalReasonsOf } from '../../domain/cases/eligibility.ts';
import { awaitsRegistration } from '../../domain/cases/state.ts';
import type { Change } from '../../domain/cases/timeline.ts';
import { shanghaiDate } from '../../domain/dates.ts';
import { takeOverRules } from '../../policy/accreditations/take-over.ts';
import { diseaseOf } from '../../policy/catalogue.ts';
import { grantAccreditation, updateAccreditation } from '../../store/accreditations/grant.ts';
import { accreditationsOf, accreditationTimeline, findAccreditation } from '../../store/accreditations/queries.ts';
import type { AccreditationRow } from '../../store/accreditations/tables.ts';
import { takeOver } from '../../store/accreditations/take-over.ts';
import { type Learnt, rememberLearnt } from '../../store/cases/insured.ts';
import { openPersonal } from '../../store/cases/personal.ts';
import { findApplication, readTimeline } from '../../store/cases/queries.ts';
import type { ApplicationRow } from '../../store/cases/tables.ts';
import type { Store } from '../../store/open.ts';
import { startAccreditation, tellAccreditation } from '../accreditations/tell.ts';
import type { InsuranceActivities, Registration } from '../contract.ts';
import { type ActivityDependencies, policyInForce } from '../dependencies.ts';
import { type CoreAccreditation, CoreUnavailable, type InsuranceCore, RegistrationRefused } from './adapters/core.ts';

/** Builds the activities that ask the insurance core. */
export function createInsuranceActivities(dependencies: ActivityDependencies): InsuranceActivities {
  const { store, insurance } = dependencies;
  return {
    assess: ({ acceptanceNumber }) => assess(dependencies, acceptanceNumber).catch(whenItIsBack),
    register: ({ acceptanceNumber }) => register(dependencies, acceptanceNumber).catch(whenItIsBack),
    async deregister({ accreditationId: id }) {
      const row = await findAccreditation(store, id);
      if (!row?.registrationNumber) return; // granted, but never registered
      const { registrationNumber } = row;
      const revoked = (await accreditationTimeline(store, id)).find(({ kind }) => kind === 'revoked');
      const on = shanghaiDate(revoked?.at ?? new Date().toISOString());
      await insurance.revoke({ requestId: `${id}-revoke`, registrationNumber, on }).catch(whenItIsBack);
    },
  };
}

/** The core's state is told, and the workflow's retry policy tries again; all else is unexpected. */
function whenItIsBack(error: unknown): never {
  if (error instanceof CoreUnavailable) throw ApplicationFailure.retryable(error.message, 'CoreUnavailable');
  throw error;
}

/** @throws ApplicationFailure of type `UnknownApplication` */
export async function filedApplication(store: Store, acceptanceNumber: string): Promise<ApplicationRow> {
  const row = await findApplication(store, acceptanceNumber);
  if (row) return row;
  throw ApplicationFailure.nonRetryable('No application was filed under this number', 'UnknownApplication');
}

async function assess(dependencies: ActivityDependencies, acceptanceNumber: string) {
  const { store } = dependencies;
  const row = await filedApplication(store, acceptanceNumber);
  const { reasons, learnt } = await assessPerson(dependencies, row);
  await rememberLearnt(store, acceptanceNumber, learnt);
  return { reasons };
}

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
  const { residesElsewhere = false, crossRegionFilingNumber, designatedInstitution } = row.form;
  const person = await insurance.person({ idNumber, name });
  const crossRegionFilings = person && residesElsewhere ? await insurance.crossRegionFilings({ idNumber }) : [];
  const held = row.type === 'new' || !person ? undefined : await heldAccreditation(dependencies, row);
  const running = row.type === 'new' && person ? await runningAccreditation(dependencies, row) : null;
  const reasons = refusalReasonsOf({
    type: row.type,
    submittedOn: row.state.ledger.acceptedOn,
    region: policy.city.region,
    person,
    residesElsewhere,
    crossRegionFilingNumber,
    crossRegionFilings,
    accreditation: held ? { ...held, revoked: held.status === 'revoked' } : running,
    reviewed: diseaseOf(policies.of(row.policyVersion), row.diseaseCode)?.validMonths != null,
    designatedInstitution,
    renewal: policy.renewal,
  });
  return { reasons, learnt: { insured: person, ...(held ? { accreditationId: held.id } : {}) } };
}

/** Of the disease, granted here or on record in the core (5301): what lasts longest. */
async function runningAccreditation(
  { store, insurance }: ActivityDependencies,
  { diseaseCode, ...row }: ApplicationRow,
) {
  const { idNumber } = openPersonal(store, row).applicant;
  const ours = (await accreditationsOf(store, idNumber, diseaseCode)).filter(({ status }) => status === 'active');
  const recorded = await onRecord(insurance, { idNumber, diseaseCode });
  const [longest] = [...ours, ...recorded].sort(byEnd).reverse();
  return longest ? { ...longest, revoked: false } : null;
}

/** What the core has of a person and a disease (5301). */
async function onRecord(
  insurance: InsuranceCore,
  { idNumber, diseaseCode }: { idNumber: string; diseaseCode: string },
): Promise<CoreAccreditation[]> {
  return (await insurance.accreditations({ idNumber })).filter((one) => one.diseaseCode === diseaseCode);
}

const byEnd = (a: { validUntil: string | null }, b: { validUntil: string | null }) =>
  (a.validUntil ?? '9999').localeCompare(b.validUntil ?? '9999');

/** What is to be renewed or changed: the one that the applicant names, one of ours, or one that an earlier system granted (5301). */
async function heldAccreditation(dependencies: ActivityDependencies, row: ApplicationRow) {
  const { store, policies, insurance } = dependencies;
  const { applicant } = openPersonal(store, row);
  const ours = await accreditationsOf(store, applicant.idNumber, row.diseaseCode);
  const { accreditationId: named } = row.form;
  const usable = ours.find(({ status }) => status !== 'revoked') ?? ours[0];
  const held = named === undefined ? usable : ours.find(({ id }) => id === named);
  if (held || ours.length > 0) return held;
  const { idNumber } = applicant;
  const latest = (await onRecord(insurance, { idNumber, diseaseCode: row.diseaseCode })).sort(byEnd).at(-1);
  const earlier = latest && ({ ...latest, source: 'core', person: applicant, tier: null } as const);
  const now = new Date().toISOString();
  return earlier && takeOver(store, takeOverRules(policies, shanghaiDate(now)), earlier, now);
}

async function register(dependencies: ActivityDependencies, acceptanceNumber: string): Promise<Registration> {
  const { store } = dependencies;
  const row = await filedApplication(store, acceptanceNumber);
  const approved = (await readTimeline(store, acceptanceNumber)).findLast(({ kind }) => kind === 'approved');
  // A late try, of an approval that was registered or taken back meanwhile; there may be another one yet.
  if (!approved || !awaitsRegistration(row.state)) {
    throw ApplicationFailure.retryable('No approval waits to be registered', 'NotAwaited');
  }
  const { sequence, at, detail } = approved;
  const answer = await registerApproval(dependencies, row, { sequence, entry: { at, detail } });
  return { approval: sequence, ...answer };
}

/**
 * Has an approval registered, which needn't be recorded yet, and writes down what it brings; once however often it is tried.
 * @returns what it brings, or why the core refuses
 * @throws CoreUnavailable
 */
export async function registerApproval(
  dependencies: ActivityDependencies,
  row: ApplicationRow,
  { sequence, entry: approved }: { sequence: number; entry: Pick<Change['entry'], 'at' | 'detail'> },
): Promise<Registered | { reason: string }> {
  const { store, policies, insurance } = dependencies;
  const { acceptanceNumber, type, accreditationId: id } = row;
  const held = type === 'new' || id === null ? undefined : await findAccreditation(store, id);
  if (held?.status === 'revoked') return { reason: '原认定已撤销' };
  // An earlier try has got so far that the accreditation has heard of it: its period isn't counted from its own end.
  if (held && [held.state.renewedBy, held.state.changedBy].includes(acceptanceNumber)) {
    return { accreditationId: held.id, validFrom: held.validFrom, validUntil: held.validUntil };
  }
  const decidedOn = shanghaiDate(approved.at);
  const { idNumber, name } = openPersonal(store, row).applicant;
  const period = periodOf(row, held, {
    decidedOn,
    validFrom: approved.detail.validFrom,
    validUntil: approved.detail.validUntil ?? undefined,
    validMonths: diseaseOf(policies.of(row.policyVersion), row.diseaseCode)?.validMonths ?? null,
  });
  if (period.validUntil !== null && period.validUntil < period.validFrom) {
    return { reason: '有效期的截止日期早于起始日期,请重新填写' };
  }
  const institution = row.form.designatedInstitution ?? held?.institution ?? null;
  const replaces = held && (await numberInCore(dependencies, held, idNumber));
  try {
    const registrationNumber = await insurance.register({
      requestId: `${acceptanceNumber}-${sequence}`,
      person: { name, idNumber },
      diseaseCode: row.diseaseCode,
      institution,
      ...period,
      ...(replaces ? { replaces } : {}),
    });
    const written = await writeGrant(dependencies, row, held, { registrationNumber, institution, ...period });
    await tellWhatItBrought(row, written, period);
    return { accreditationId: written.id, ...period };
  } catch (error) {
    if (error instanceof RegistrationRefused) return { reason: error.message };
    throw error;
  }
}

/** An accreditation with an end gets its workflow; one that was there already hears what has changed. */
async function tellWhatItBrought(
  { acceptanceNumber, type }: ApplicationRow,
  written: AccreditationRow,
  period: Pick<Registered, 'validFrom' | 'validUntil'>,
): Promise<void> {
  if (type === 'renewal')
    return tellAccreditation(written, { name: 'renewed', payload: { acceptanceNumber, ...period } });
  if (type === 'changeInstitution') {
    return tellAccreditation(written, { name: 'institutionChanged', payload: { acceptanceNumber } });
  }
  if (period.validUntil !== null) await startAccreditation(written);
}

/** The core would refuse to replace what it has never heard of, and an imported list may hold such numbers. */
async function numberInCore(
  { insurance }: ActivityDependencies,
  { source, sourceKey, registrationNumber }: AccreditationRow,
  idNumber: string,
): Promise<string | null> {
  if (source !== 'import' || registrationNumber !== sourceKey) return registrationNumber;
  const onRecord = await insurance.accreditations({ idNumber });
  return onRecord.some((one) => one.registrationNumber === registrationNumber) ? registrationNumber : null;
}

/** A change of institution leaves the period as it is. */
function periodOf(
  row: ApplicationRow,
  held: AccreditationRow | undefined,
  approval: Parameters<typeof grantedPeriod>[0],
): Pick<Registered, 'validFrom' | 'validUntil'> {
  if (!held) return grantedPeriod(approval);
  if (row.type === 'changeInstitution') return { validFrom: held.validFrom, validUntil: held.validUntil };
  const renews = { validUntil: held.validUntil, filedOn: row.state.ledger.acceptedOn };
  return grantedPeriod({ ...approval, renews });
}

async function writeGrant(
  { store }: ActivityDependencies,
  row: ApplicationRow,
  held: AccreditationRow | undefined,
  granted: Pick<Registered, 'validFrom' | 'validUntil'> & { registrationNumber: string; institution: string | null },
): Promise<AccreditationRow> {
  const { acceptanceNumber, submittedBy, policyVersion } = row;
  const person = openPersonal(store, row).applicant;
  const insured: InsuredPerson | null = row.insured;
  const insurance = { insuredType: insured?.insuredType ?? row.form.insuredType, tier: insured?.tier ?? null };
  if (held) {
    const { registrationNumber, institution } = granted;
    // A renewal is granted anew, by the rules that it was accepted under; another institution changes nothing of the benefit.
    const renewed = row.type === 'renewal' ? { policyVersion, ...insurance } : {};
    // What a clerk filed at the window stays its owner's.
    const owner = row.channel === 'window' ? {} : { submittedBy };
    await updateAccreditation(store, held.id, { registrationNumber, institution, person, ...renewed, ...owner });
    return held;
  }
  return grantAccreditation(store, {
    ...granted,
    id: accreditationId(acceptanceNumber),
    createdAt: new Date().toISOString(),
    source: 'application',
    sourceKey: acceptanceNumber,
    submittedBy,
    person,
    diseaseCode: row.diseaseCode,
    ...insurance,
    policyVersion,
  });
}
