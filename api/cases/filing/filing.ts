import { randomBytes } from 'node:crypto';
import { acceptanceNumber as drawNumber } from '../../../domain/cases/acceptance-number.ts';
import { shanghaiDate, yearOf } from '../../../domain/dates.ts';
import { diseaseOf } from '../../../policy/catalogue.ts';
import type { Policy } from '../../../policy/schema.ts';
import type { Filing } from '../../../store/cases/filing.ts';
import { withOriginals } from '../form-checks.ts';
import type { FilingBody } from '../requests.ts';

/**
 * Makes a filing of a checked form: draws its acceptance number, and notes what its disease asks of the review.
 * @param submittedAt instant
 */
export function filingOf(policy: Policy, body: FilingBody, submittedBy: string, submittedAt: string): Filing {
  const { type, channel, diseaseCode, applicant, agent, signature, materials, ...form } = body;
  const { student, residesElsewhere, crossRegionFilingNumber, ...person } = applicant;
  const acceptedOn = shanghaiDate(submittedAt);
  const disease = diseaseOf(policy, diseaseCode);
  const seen = withOriginals(channel === 'window', materials);
  return {
    acceptanceNumber: drawNumber(policy.city.region, yearOf(acceptedOn), randomBytes(8)),
    submittedBy,
    submittedAt,
    acceptedOn,
    workingDays: policy.clocks.workingDays,
    review: {
      fourEyes: disease?.fourEyes,
      mustVerify: disease?.verification,
      verifierApart: policy.duties.verifierApart,
      oneTimeNotice: policy.clocks.oneTimeNotice.enabled,
      verified: seen.every(({ originalSeen }) => originalSeen) ? true : null,
    },
    type,
    channel,
    diseaseCode,
    policyVersion: policy.version,
    personal: { applicant: person, signature, ...(agent ? { agent } : {}) },
    form: { ...form, student, residesElsewhere, crossRegionFilingNumber },
    materials: seen,
  };
}
