import { addDays } from '../dates.ts';
import type { ApplicationType, InsuredType, RefusalReason } from '../vocabulary.ts';

/** The state of somebody's insurance (参保状态), as the insurance core knows it. */
export const insuranceStatuses = ['normal', 'suspended', 'terminated', 'deceased', 'movedAway'] as const;
export type InsuranceStatus = (typeof insuranceStatuses)[number];

/** What the insurance core says of an insured person. */
export interface InsuredPerson {
  status: InsuranceStatus;
  /** Contributions are owed (欠费). */
  arrears: boolean;
  insuredType: InsuredType;
  /** Administrative division of the insurance, e.g. 510400. */
  region: string;
  /** Contribution tier (缴费档次) of a resident, where the core knows it. */
  tier?: string;
}

/** A filing for treatment in another region (异地就医备案); Shanghai dates, both included. */
export interface CrossRegionFiling {
  number: string;
  validFrom: string;
  validUntil: string | null;
}

/** An accreditation that is to be renewed or changed, as far as the rules ask. */
export interface HeldAccreditation {
  validUntil: string | null;
  institution: string | null;
  /** Those beside it, where the disease allows several. */
  furtherInstitutions?: string[] | null | undefined;
  revoked: boolean;
}

/** When a renewal (续期) is possible: calendar days before and after the end. */
export interface RenewalRules {
  opensDaysBefore: number;
  closesDaysAfter: number;
}

export interface EligibilityQuestion {
  type: ApplicationType;
  /** Shanghai date of the submission: what counts is how things stood then. */
  submittedOn: string;
  region: string;
  person: InsuredPerson | null;
  residesElsewhere: boolean;
  /** The number the applicant gave, if any; otherwise any valid filing of the person's counts. */
  crossRegionFilingNumber?: string | undefined;
  crossRegionFilings: CrossRegionFiling[];
  /**
   * The accreditation that the person holds for the disease: it is to be renewed or changed, or it makes a new
   * application pointless. Null where there is none.
   */
  accreditation: HeldAccreditation | null;
  /** The disease has to be reviewed again from time to time (定期复审). */
  reviewed: boolean;
  designatedInstitution?: string | undefined;
  furtherInstitutions?: string[] | undefined;
  /** The only kinds of insured people whom the disease is for; undefined where it is for all. */
  insuredTypes?: InsuredType[] | undefined;
  renewal: RenewalRules;
}

/**
 * Everything that speaks against accepting an application (guide: 资格, 变更、续期、异地); empty when it is accepted. Whoever
 * isn't insured here is told just that, since all other reasons would follow from it.
 */
export function refusalReasonsOf(question: EligibilityQuestion): RefusalReason[] {
  const { person, region } = question;
  if (person === null) return ['notInsured'];
  if (person.status === 'deceased' || person.status === 'movedAway') return [person.status];
  if (person.region !== region) return ['insuredElsewhere'];
  return [
    ...(person.status === 'normal' ? [] : [person.status]),
    ...(person.arrears ? (['arrears'] as const) : []),
    ...(isCovered(question) ? [] : (['insuredTypeNotCovered'] as const)),
    ...(isFiledForElsewhere(question) ? [] : (['noCrossRegionFiling'] as const)),
    ...accreditationReasons(question),
  ];
}

/** Who was granted it may go to another institution, however they are insured by now. */
function isCovered({ type, insuredTypes, person }: EligibilityQuestion): boolean {
  return type === 'changeInstitution' || !person || (insuredTypes?.includes(person.insuredType) ?? true);
}

/** 长期异地居住:先办异地就医备案,再申请门特。 */
function isFiledForElsewhere(question: EligibilityQuestion): boolean {
  if (!question.residesElsewhere) return true;
  const { crossRegionFilings, crossRegionFilingNumber, submittedOn } = question;
  return crossRegionFilings.some(
    ({ number, validFrom, validUntil }) =>
      (crossRegionFilingNumber === undefined || number === crossRegionFilingNumber) &&
      validFrom <= submittedOn &&
      (validUntil === null || submittedOn <= validUntil),
  );
}

function accreditationReasons(question: EligibilityQuestion): RefusalReason[] {
  const { type, accreditation } = question;
  if (type === 'new') {
    return accreditation && isRunning(accreditation, question.submittedOn) ? ['alreadyAccredited'] : [];
  }
  if (type === 'changeInstitution') {
    if (!accreditation || !isRunning(accreditation, question.submittedOn)) return ['nothingToChange'];
    return isSameChoice(accreditation, question) ? ['sameInstitution'] : [];
  }
  if (!accreditation || accreditation.revoked) return ['nothingToRenew'];
  if (!question.reviewed || accreditation.validUntil === null) return ['renewalNotNeeded'];
  const { opensDaysBefore, closesDaysAfter } = question.renewal;
  if (question.submittedOn < addDays(accreditation.validUntil, -opensDaysBefore)) return ['renewalTooEarly'];
  return question.submittedOn > addDays(accreditation.validUntil, closesDaysAfter) ? ['renewalTooLate'] : [];
}

/** Whether somebody asks for the very institutions that they have, in whatever order. */
function isSameChoice(held: HeldAccreditation, asked: EligibilityQuestion): boolean {
  const sorted = (first: string | null | undefined, others: string[] | null | undefined) =>
    [first, ...(others ?? [])].sort().join('\n');
  return (
    sorted(held.institution, held.furtherInstitutions) ===
    sorted(asked.designatedInstitution, asked.furtherInstitutions)
  );
}

function isRunning({ validUntil, revoked }: HeldAccreditation, on: string): boolean {
  return !revoked && (validUntil === null || on <= validUntil);
}
