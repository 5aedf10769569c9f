/** What somebody can be told about: an entry of a case or an accreditation, or a date that a changed calendar moved. */
export const notifiedCaseEvents = [
  'eligibilityDelayed',
  'refused',
  'accepted',
  'materialsRequested',
  'requestReplaced',
  'supplementReminded',
  'verificationRequested',
  'verificationReminded',
  'verificationRecorded',
  'verificationFailed',
  'verificationMissed',
  'resubmitted',
  'firstApproved',
  'lapsed',
  'approved',
  'rejected',
  'rejectedWithoutAppeal',
  'resubmissionReminded',
  'appealReminded',
  'appealed',
  'withdrawn',
  'noticeReminded',
  'reviewerReminded',
  'escalated',
  'registrationRefused',
  'dueDateMoved',
  'windowMoved',
] as const;
export type NotifiedCaseEvent = (typeof notifiedCaseEvents)[number];
/** Of an accreditation. */
export const notifiedAccreditationEvents = [
  'renewalReminded',
  'renewalExtended',
  'renewed',
  'institutionChanged',
  'accreditationEnded',
  'accreditationRevoked',
] as const;
export type NotifiedAccreditationEvent = (typeof notifiedAccreditationEvents)[number];
export const notifiedEvents = [...notifiedCaseEvents, ...notifiedAccreditationEvents] as const;
export type NotifiedEvent = (typeof notifiedEvents)[number];
