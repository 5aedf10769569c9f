import { caseNotice } from '../../policy/notices/case.ts';
import { notificationsFor, tellsStaff } from '../../policy/notifications/drafts.ts';
import { actedAtWindowText, filedOtherwiseText, phoneReplacedText } from '../../policy/people/phone-texts.ts';
import type { Policy } from '../../policy/schema.ts';
import { policyInForce } from '../../policy/versions.ts';
import type { RecordRules } from '../../store/cases/rules.ts';
import type { ActivityDependencies } from '../dependencies.ts';

/** The clocks and the texts are today's; materials, diseases and benefit are those of when the case was accepted. */
export function recordRules(dependencies: Pick<ActivityDependencies, 'policies' | 'now'>): RecordRules {
  const policy = policyInForce(dependencies);
  const inWordsOf = (version: string): Policy => {
    const { materials, catalogue, benefit } = dependencies.policies.of(version);
    return { ...policy, materials, catalogue, benefit };
  };
  return {
    notice: (noticed) => caseNotice(inWordsOf(noticed.granted?.policyVersion ?? noticed.policyVersion), noticed),
    phoneReplaced: (acceptanceNumber) => phoneReplacedText(policy, acceptanceNumber),
    filedOtherwise: (acceptanceNumber) => filedOtherwiseText(policy, acceptanceNumber),
    actedAtWindow: (acceptanceNumber) => actedAtWindowText(policy, acceptanceNumber),
    clocks: policy.clocks,
    sendingHours: policy.notifying.sendingHours,
    causedPerDay: policy.notifying.causedPerDay,
    tellsStaff: (change, ahead) => tellsStaff(policy, { change, schedule: ahead }),
    notifications: (change, row, personal, ahead, staff) =>
      notificationsFor(inWordsOf(row.policyVersion), {
        acceptanceNumber: row.acceptanceNumber,
        applicantName: personal.applicant.name,
        change,
        schedule: ahead,
        staff,
      }),
  };
}
