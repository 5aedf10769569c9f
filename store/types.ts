/** A person as they gave themselves: stored encrypted, never sent to Temporal. */
export interface Person {
  name: string;
  idNumber: string;
  phone: string;
}

/** The personal part of an application. */
export interface PersonalData {
  applicant: Person;
  agent?: Person & { relation: string };
  signature: { name: string; signedAt: string };
}

/** The part of the form that names no person. */
export interface ApplicationForm {
  insuredType: 'employee' | 'resident' | 'flexible';
  hospital: { code: string; name: string; level: number };
  hasElectronicVoucher: boolean;
  residesElsewhere?: boolean;
  crossRegionFilingNumber?: string;
  designatedInstitution?: string;
  accreditationId?: string;
}
