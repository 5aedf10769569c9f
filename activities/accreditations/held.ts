import { shanghaiDate } from '../../domain/dates.ts';
import { takeOverRules } from '../../policy/accreditations/take-over.ts';
import { accreditationsOf, findAccreditation } from '../../store/accreditations/queries.ts';
import type { AccreditationRow } from '../../store/accreditations/tables.ts';
import { takeOver } from '../../store/accreditations/take-over.ts';
import { openPersonal } from '../../store/cases/personal.ts';
import type { ApplicationRow } from '../../store/cases/tables.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import type { CoreAccreditation, InsuranceCore } from '../insurance/adapters/core.ts';

/**
 * The accreditation for the disease that lasts longest, among those granted here and those on record in the core
 * (5301); null where none is running.
 */
export async function runningAccreditation(
  { store, insurance }: ActivityDependencies,
  { diseaseCode, ...row }: ApplicationRow,
) {
  const { idNumber } = openPersonal(store, row).applicant;
  const ours = (await accreditationsOf(store, idNumber, diseaseCode)).filter(({ status }) => status === 'active');
  const recorded = await onRecord(insurance, { idNumber, diseaseCode });
  const longest = [...ours, ...recorded].sort(byEnd).at(-1);
  return longest ? { ...longest, revoked: false } : null;
}

/** What the core has of a person and a disease (5301). */
async function onRecord(
  insurance: InsuranceCore,
  { idNumber, diseaseCode }: { idNumber: string; diseaseCode: string },
): Promise<CoreAccreditation[]> {
  return (await insurance.accreditations({ idNumber })).filter(
    (accreditation) => accreditation.diseaseCode === diseaseCode,
  );
}

const byEnd = (a: { validUntil: string | null }, b: { validUntil: string | null }) =>
  (a.validUntil ?? '9999').localeCompare(b.validUntil ?? '9999');

/**
 * The accreditation that is to be renewed or changed: the one that the applicant names, else one of ours, else one that
 * an earlier system granted and that the core has on record (5301). Nothing is written: a filing changes nothing yet.
 */
export async function heldAccreditation(
  { store, insurance }: ActivityDependencies,
  row: ApplicationRow,
): Promise<{ ours?: AccreditationRow | undefined; onRecord?: CoreAccreditation | undefined }> {
  const { idNumber } = openPersonal(store, row).applicant;
  const ours = await accreditationsOf(store, idNumber, row.diseaseCode);
  const { accreditationId: named } = row.form;
  const usable = ours.find(({ status }) => status !== 'revoked') ?? ours[0];
  if (ours.length > 0) return { ours: named === undefined ? usable : ours.find(({ id }) => id === named) };
  const recorded = await onRecord(insurance, { idNumber, diseaseCode: row.diseaseCode });
  return { onRecord: recorded.sort(byEnd).at(-1) };
}

/**
 * The accreditation that an approval renews or changes. One that only the core has is taken over now, and whose it is,
 * is what the core says, not what the filing does.
 * @throws CoreUnavailable
 */
export async function accreditationToChange(
  dependencies: ActivityDependencies,
  row: ApplicationRow,
): Promise<AccreditationRow | undefined> {
  const { store, policies, insurance, now } = dependencies;
  if (row.accreditationId !== null) return findAccreditation(store, row.accreditationId);
  const { ours, onRecord: recorded } = await heldAccreditation(dependencies, row);
  if (!recorded) return ours;
  const { idNumber, name } = openPersonal(store, row).applicant;
  const known = await insurance.person({ idNumber, name });
  if (!known) return undefined;
  const at = now();
  const person = { idNumber, name: known.name, phone: known.phone ?? '' };
  const earlier = { ...recorded, source: 'core', person, tier: known.insured.tier ?? null } as const;
  return takeOver(store, takeOverRules(policies, shanghaiDate(at)), earlier, at);
}

/** The core would refuse to replace what it has never heard of, and an imported list may hold such numbers. */
export async function numberInCore(
  { insurance }: ActivityDependencies,
  { source, sourceKey, registrationNumber }: AccreditationRow,
  idNumber: string,
): Promise<string | null> {
  if (source !== 'import' || registrationNumber !== sourceKey) return registrationNumber;
  const known = await insurance.accreditations({ idNumber });
  return known.some((accreditation) => accreditation.registrationNumber === registrationNumber)
    ? registrationNumber
    : null;
}
