import type { CrossRegionFiling, InsuredPerson } from '../../../domain/cases/eligibility.ts';
import type { InsuredType } from '../../../domain/vocabulary.ts';

/** Somebody as the insurance core has them on record. */
export interface CorePerson {
  name: string;
  /** 11 digits; null where it has none. */
  phone: string | null;
  insured: InsuredPerson;
}

/** An accreditation as the insurance core has it on record (5301 门慢特备案查询). Shanghai dates, both included. */
export interface CoreAccreditation {
  registrationNumber: string;
  diseaseCode: string;
  insuredType: InsuredType;
  institution: string | null;
  /** Those beside it; null where there are none. */
  furtherInstitutions: string[] | null;
  validFrom: string;
  validUntil: string | null;
}

/** What is registered (2503 门慢特备案). Which of it the real core asks for is 待核实. */
export interface Registration {
  /** The same for every try: the core registers it once, and answers a repeated request with the same number. */
  requestId: string;
  person: { name: string; idNumber: string };
  diseaseCode: string;
  diseaseName: string;
  /** By which scheme (险种). */
  insuredType: InsuredType;
  /** Where the disease was diagnosed (鉴定机构). */
  hospital: { code: string; name: string };
  /** By whom (诊断医师) and when (鉴定日期), where the form says so. */
  diagnosis?: { doctor: { name: string; code?: string | undefined }; diagnosedOn: string };
  institution: string | null;
  furtherInstitutions: string[] | null;
  validFrom: string;
  validUntil: string | null;
  /** Number of the registration that this one takes the place of (renewal, change of institution). */
  replaces?: string | undefined;
}

/**
 * The insurance core (医保核心系统), as far as this service asks it. Every method throws CoreUnavailable while the core
 * doesn't answer.
 */
export interface InsuranceCore {
  /** A person as the core has them on record; null for somebody whom it doesn't know. */
  person(query: { name: string; idNumber: string }): Promise<CorePerson | null>;
  /** 异地就医备案, past ones too. */
  crossRegionFilings(query: { idNumber: string }): Promise<CrossRegionFiling[]>;
  /** 5301: what is on record for a person, ended ones too, revoked ones not. */
  accreditations(query: { idNumber: string }): Promise<CoreAccreditation[]>;
  /**
   * 2503.
   * @returns the core's number for it
   * @throws RegistrationRefused
   */
  register(registration: Registration): Promise<string>;
  /** 2504; revoking what is revoked already changes nothing. */
  revoke(revocation: { requestId: string; registrationNumber: string; on: string }): Promise<void>;
}

/** The core is down, slow, or answers nonsense: it may do better next time. */
export class CoreUnavailable extends Error {}

/** The core won't register this, and won't next time; the message says why, in Chinese, without personal data. */
export class RegistrationRefused extends Error {}
