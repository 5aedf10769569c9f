import { ApplicationFailure } from '@temporalio/common';
import { revokedOn } from '../../domain/accreditations/timeline.ts';
import { awaitsRegistration } from '../../domain/cases/awaiting.ts';
import { shanghaiDate } from '../../domain/dates.ts';
import { accreditationTimeline, findAccreditation } from '../../store/accreditations/queries.ts';
import { rememberLearnt } from '../../store/cases/insured.ts';
import { readTimeline } from '../../store/cases/queries.ts';
import { filedApplication } from '../cases/filed.ts';
import type { InsuranceActivities } from '../contract.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { CoreUnavailable } from './adapters/core.ts';
import { assessPerson } from './eligibility.ts';
import { registerApproval } from './registration.ts';

/** Builds the activities that ask the insurance core. */
export function createInsuranceActivities(dependencies: ActivityDependencies): InsuranceActivities {
  const { store, insurance, now } = dependencies;
  return {
    async assess({ acceptanceNumber }) {
      const row = await filedApplication(store, acceptanceNumber);
      const { reasons, learnt } = await assessPerson(dependencies, row).catch(whenItIsBack);
      await rememberLearnt(store, acceptanceNumber, learnt);
      return { reasons };
    },

    async register({ acceptanceNumber }) {
      const row = await filedApplication(store, acceptanceNumber);
      const approved = (await readTimeline(store, acceptanceNumber)).findLast(({ kind }) => kind === 'approved');
      // A late try, of an approval that was registered or taken back meanwhile; there may be another one yet.
      if (!approved || !awaitsRegistration(row.state)) {
        throw ApplicationFailure.retryable('No approval waits to be registered', 'NotAwaited');
      }
      const { sequence, at, detail } = approved;
      const entry = { at, detail };
      const answer = await registerApproval(dependencies, row, { sequence, entry }).catch(whenItIsBack);
      return { approval: sequence, ...answer };
    },

    async deregister({ accreditationId: id }) {
      const row = await findAccreditation(store, id);
      if (!row?.registrationNumber) return; // granted, but never registered
      const { registrationNumber } = row;
      const revoked = (await accreditationTimeline(store, id)).find(({ kind }) => kind === 'revoked');
      const on = revoked ? revokedOn(revoked) : shanghaiDate(now());
      await insurance.revoke({ requestId: `${id}-revoke`, registrationNumber, on }).catch(whenItIsBack);
    },
  };
}

/** The core's state is told, and the workflow's retry policy tries again; all else is unexpected. */
function whenItIsBack(error: unknown): never {
  if (error instanceof CoreUnavailable) throw ApplicationFailure.retryable(error.message, 'CoreUnavailable');
  throw error;
}
