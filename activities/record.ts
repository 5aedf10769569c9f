import { ApplicationFailure } from '@temporalio/common';
import { type AccreditationClocks, accreditationMilestones } from '../domain/accreditations/state.ts';
import { caseNotice } from '../policy/notices/case.ts';
import { revocationNotice } from '../policy/notices/revocation.ts';
import { accreditationMessages, messagesFor, tellsStaff } from '../policy/notifications/drafts.ts';
import { phoneReplacedText } from '../policy/people/phone-texts.ts';
import type { Policy } from '../policy/schema.ts';
import { findAccreditation } from '../store/accreditations/queries.ts';
import { type AccreditationRules, UnknownAccreditation } from '../store/accreditations/record.ts';
import { unheardCases } from '../store/calendar/publish.ts';
import { UnknownApplication } from '../store/cases/lock.ts';
import { readSchedule } from '../store/cases/queries.ts';
import type { RecordRules } from '../store/cases/rules.ts';
import { queuedOf } from '../store/notifications/known.ts';
import { markFailed } from '../store/notifications/sending.ts';
import { unsentOf } from '../store/notifications/unsent.ts';
import type { StoreActivities } from './contract.ts';
import { type ActivityDependencies, policyInForce } from './dependencies.ts';
import type { DeliveryActivities } from './notifications/delivery.ts';

/** Builds the activities that read and write the store; each goes by the policy in force when it runs. */
export function createStoreActivities(
  dependencies: ActivityDependencies,
): Omit<StoreActivities, keyof DeliveryActivities> {
  const { store } = dependencies;
  const policy = () => policyInForce(dependencies);
  return {
    readSchedule: ({ acceptanceNumber, state }) =>
      readSchedule(store, acceptanceNumber, state, policy()).catch(unknown),
    async giveUp({ messageIds, now }) {
      for (const { row } of await queuedOf(store, messageIds)) await markFailed(store, row.id, 'given up', now);
    },
    async readAccreditation({ accreditationId }) {
      const row = await findAccreditation(store, accreditationId);
      if (!row) return unknown(new UnknownAccreditation('No accreditation was granted under this id'));
      const { state, sequence } = row;
      const milestones = accreditationMilestones(state, accreditationClocks(policy()));
      return { state, sequence, milestones, unsent: await unsentOf(store.db, { accreditationId }) };
    },
    readMilestones: async ({ state }) => accreditationMilestones(state, accreditationClocks(policy())),
    async findUnheard({ after }) {
      const found = await unheardCases(store, after, policy().calendar.signalsPerSecond);
      const { version, rows, waiting, next } = found;
      return { version, acceptanceNumbers: rows.map((row) => row.acceptanceNumber), waiting, next };
    },
  };
}

/** The clocks and the texts are today's; materials and diseases are called as they were when the case was accepted. */
export function recordRules({ policies }: Pick<ActivityDependencies, 'policies'>): RecordRules {
  const policy = policyInForce({ policies });
  const inWordsOf = (version: string) => withWordsOf(policies.of(version), policy);
  return {
    notice: (noticed) => caseNotice(inWordsOf(noticed.policyVersion), noticed),
    phoneReplaced: (acceptanceNumber) => phoneReplacedText(policy, acceptanceNumber),
    clocks: policy.clocks,
    sendingHours: policy.messaging.sendingHours,
    tellsStaff: (change, ahead) => tellsStaff(policy, { change, schedule: ahead }),
    messages: (change, row, personal, ahead, staff) =>
      messagesFor(inWordsOf(row.policyVersion), {
        acceptanceNumber: row.acceptanceNumber,
        applicantName: personal.applicant.name,
        change,
        schedule: ahead,
        staff,
      }),
  };
}

/** The disease is called as it was when it was granted, or last renewed. */
export function accreditationRules({ policies }: Pick<ActivityDependencies, 'policies'>): AccreditationRules {
  const policy = policyInForce({ policies });
  return {
    clocks: accreditationClocks(policy),
    sendingHours: policy.messaging.sendingHours,
    revocation: (change, { id: accreditationId, diseaseCode, policyVersion }, { name, idNumber }) =>
      revocationNotice(withWordsOf(policies.of(policyVersion), policy), {
        accreditationId,
        name,
        idNumber,
        diseaseCode,
        change,
      }),
    messages: (change, row, { name }) => accreditationMessages(policy, { accreditationId: row.id, name, change }),
  };
}

function withWordsOf({ materials, catalogue }: Policy, policy: Policy): Policy {
  return { ...policy, materials, catalogue };
}

function accreditationClocks({ clocks, accreditation, renewal }: Policy): AccreditationClocks {
  const { remindsAt } = clocks;
  return { remindsAt, reminders: accreditation.reminders, closesDaysAfter: renewal.closesDaysAfter };
}

/** No retry will make something appear that was never filed or granted. */
export function unknown(error: unknown): never {
  if (error instanceof UnknownAccreditation)
    throw ApplicationFailure.nonRetryable(error.message, 'UnknownAccreditation');
  if (error instanceof UnknownApplication) throw ApplicationFailure.nonRetryable(error.message, 'UnknownApplication');
  throw error;
}
