import { type Benefit, benefitOf } from '../../domain/accreditations/benefit.ts';
import { birthDateOf } from '../../domain/people/documents.ts';
import { ageOn } from '../../domain/people/person.ts';
import type { InsuredType } from '../../domain/vocabulary.ts';
import { diseaseOf } from '../catalogue.ts';
import type { Policy } from '../schema.ts';

/** An accredited person, and for what. */
export interface Accredited {
  diseaseCode: string;
  insuredType: InsuredType;
  tier: string | null;
  idNumber: string;
}

/** What somebody gets (待遇) by this policy. @param on Shanghai date, on which their age counts */
export function benefitFor(
  policy: Policy,
  { diseaseCode, insuredType, tier, idNumber }: Accredited,
  on: string,
): Benefit & { note: string } {
  const birthDate = birthDateOf(idNumber);
  const benefit = benefitOf(policy.benefit[insuredType], {
    age: birthDate === null ? null : ageOn(birthDate, on),
    tier: tier ?? undefined,
    exempt: diseaseOf(policy, diseaseCode)?.noDeductible ?? false,
  });
  return { ...benefit, note: policy.benefit.note };
}
