import type { AccreditationClocks } from '../../domain/accreditations/milestones.ts';
import { revocationNotice } from '../../policy/notices/revocation.ts';
import { accreditationNotifications } from '../../policy/notifications/drafts.ts';
import type { Policy } from '../../policy/schema.ts';
import { policyInForce } from '../../policy/versions.ts';
import type { AccreditationRules } from '../../store/accreditations/record.ts';
import type { ActivityDependencies } from '../dependencies.ts';

/** The disease is called as it was when it was granted, or last renewed. */
export function accreditationRules(dependencies: Pick<ActivityDependencies, 'policies' | 'now'>): AccreditationRules {
  const policy = policyInForce(dependencies);
  return {
    clocks: accreditationClocks(policy),
    sendingHours: policy.notifying.sendingHours,
    revocation: (change, { id: accreditationId, diseaseCode, policyVersion }, { name, idNumber }) => {
      const { catalogue } = dependencies.policies.of(policyVersion);
      const noticed = { accreditationId, name, idNumber, diseaseCode, change };
      return revocationNotice({ ...policy, catalogue }, noticed);
    },
    notifications: (change, row, { name }) =>
      accreditationNotifications(policy, { accreditationId: row.id, name, change }),
  };
}

/** What a policy says of the dates of accreditations. */
export function accreditationClocks({ clocks, accreditation, renewal }: Policy): AccreditationClocks {
  const { remindsAt } = clocks;
  return { remindsAt, reminders: accreditation.reminders, closesDaysAfter: renewal.closesDaysAfter };
}
