/** Status of an application (办理状态). Being overdue is a fact about a case (`escalationLevel`), not a status. */
export const statuses = [
  'submitted',
  'refused',
  'underReview',
  'awaitingMaterials',
  'awaitingVerification',
  'approved',
  'rejected',
  'lapsed',
  'withdrawn',
] as const;
export type Status = (typeof statuses)[number];

export const applicationTypes = ['new', 'renewal', 'changeInstitution'] as const;
export type ApplicationType = (typeof applicationTypes)[number];

/** Where an application comes from (申请渠道). */
export const channels = ['scApp', 'pzhMiniProgram', 'nationalApp', 'window'] as const;
export type Channel = (typeof channels)[number];

/** Kinds of material (申请材料), the guide's table; their Chinese names are in the policy. */
export const materialKinds = [
  'idCard',
  'electronicVoucher',
  'socialSecurityCard',
  'applicationForm',
  'diagnosisCertificate',
  'medicalRecord',
  'photo',
] as const;
export type MaterialKind = (typeof materialKinds)[number];

/** How somebody is insured (参保类型); 灵活就业 pays by itself into the employees' scheme. */
export const insuredTypes = ['employee', 'resident', 'flexible'] as const;
export type InsuredType = (typeof insuredTypes)[number];

/** Why an application isn't accepted (不予受理). */
export const refusalReasons = [
  'notInsured',
  'insuredElsewhere',
  'suspended',
  'terminated',
  'deceased',
  'movedAway',
  'arrears',
  'noCrossRegionFiling',
  'alreadyAccredited',
  'nothingToRenew',
  'renewalNotNeeded',
  'renewalTooEarly',
  'renewalTooLate',
  'nothingToChange',
  'sameInstitution',
] as const;
export type RefusalReason = (typeof refusalReasons)[number];

/** How an entry came about: through the api, by a signal (whose sender is only claimed), or by the case itself. */
export type Via = 'api' | 'signal' | 'system';

/** Status of an accreditation (认定状态). */
export const accreditationStatuses = ['active', 'ended', 'revoked'] as const;
export type AccreditationStatus = (typeof accreditationStatuses)[number];

/** Why an accreditation is revoked (撤销): by the office, or on the insurance core's word. */
export const revocationCauses = ['office', 'deceased', 'movedAway'] as const;
export type RevocationCause = (typeof revocationCauses)[number];

export const roles = ['applicant', 'clerk', 'reviewer', 'supervisor', 'director', 'admin'] as const;
export type Role = (typeof roles)[number];
