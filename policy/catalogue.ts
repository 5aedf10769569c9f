import type { MaterialRules } from '../domain/cases/materials.ts';
import { type InsuredType, type MaterialKind, materialKinds } from '../domain/vocabulary.ts';
import type { Policy } from './schema.ts';

export type Disease = Policy['catalogue'][number];

/** The disease (病种) with this code; undefined where the catalogue doesn't hold it. */
export function diseaseOf(policy: Policy, code: string | undefined): Disease | undefined {
  return policy.catalogue.find((disease) => disease.code === code);
}

/** Working days for the decision on a disease. */
export function workingDaysFor({ clocks }: Policy, disease: Disease | undefined): number {
  return disease?.workingDays ?? clocks.workingDays;
}

/** Which materials a disease asks for, and of what kind they have to be. */
export function materialRulesFor({ materials }: Policy, disease: Disease | undefined): MaterialRules {
  const conditional = Object.entries(materials.own).flatMap(([kind, { when }]) => (when ? [[kind, when]] : []));
  return {
    asked: { ...materials.asked, ...disease?.materials },
    minimumHospitalLevel: disease?.hospitalLevel ?? materials.minimumHospitalLevel,
    recordMonths: disease?.recordMonths ?? materials.recordMonths,
    hospitals: disease?.hospitals,
    conditions: Object.fromEntries(conditional),
  };
}

/** How old a medical record (病历) may be where the disease isn't known: as the most patient one takes it, in months. */
export function longestRecordMonths({ materials, catalogue }: Policy): number {
  return Math.max(...catalogue.map(({ recordMonths = materials.recordMonths }) => recordMonths));
}

/** The kinds of material that the city adds to the guide's. */
export function ownKindsOf({ materials }: Policy): MaterialKind[] {
  return Object.keys(materials.own);
}

/** Every kind of material that may be handed in. */
export function kindsOf(policy: Policy): MaterialKind[] {
  return [...materialKinds, ...ownKindsOf(policy)];
}

/** What people read of a kind of material; its id where the policy doesn't know it, as an older version may. */
export function materialName({ materials }: Pick<Policy, 'materials'>, kind: MaterialKind): string {
  const names: Partial<Record<MaterialKind, string>> = materials.names;
  return names[kind] ?? materials.own[kind]?.name ?? kind;
}

/** Names of the only hospitals whose diagnosis of a disease counts (认定医院); null where any does. */
export function recognisedHospitals({ hospitals }: Policy, disease: Disease | undefined) {
  return disease?.hospitals ? hospitals.filter(({ code }) => disease.hospitals?.includes(code)) : null;
}

/** Whether a disease is for people who are insured in this way. */
export function covers(disease: Disease | undefined, insuredType: InsuredType): boolean {
  return disease?.insuredTypes?.includes(insuredType) ?? true;
}

/** How many designated institutions (定点医疗机构) somebody may have for a disease. */
export function mostInstitutions(disease: Disease | undefined): number {
  return disease?.institutions ?? 1;
}
