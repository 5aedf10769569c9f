import { ApplicationFailure } from '@temporalio/common';
import { accreditationMilestones } from '../../domain/accreditations/milestones.ts';
import { policyInForce } from '../../policy/versions.ts';
import { findAccreditation } from '../../store/accreditations/queries.ts';
import { recordAccreditationChanges, UnknownAccreditation } from '../../store/accreditations/record.ts';
import { unsentOf } from '../../store/notifications/unsent.ts';
import { inTime } from '../budget.ts';
import type { CarryingActivities, InsuranceActivities, StoreActivities } from '../contract.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import type { DispatchUnsent } from '../notifications/dispatch-unsent.ts';
import { accreditationClocks, accreditationRules } from './rules.ts';

type AccreditationActivities = Pick<CarryingActivities, 'carryOutAccreditation'> &
  Pick<StoreActivities, 'readAccreditation' | 'readMilestones'>;

/** Builds the activities of accreditations; each goes by the policy in force when it runs. */
export function createAccreditationActivities(
  dependencies: ActivityDependencies,
  dispatchUnsent: DispatchUnsent,
  { deregister }: Pick<InsuranceActivities, 'deregister'>,
): AccreditationActivities {
  const { store, onDivergence } = dependencies;
  const clocks = () => accreditationClocks(policyInForce(dependencies));
  return {
    async carryOutAccreditation({ accreditationId, changes, busy }) {
      const recording = recordAccreditationChanges(store, accreditationId, changes, accreditationRules(dependencies));
      const { milestones, unsent, divergence } = await recording.catch(unknown);
      const { state, sequence } = changes.at(-1) as (typeof changes)[number];
      if (divergence) onDivergence({ about: accreditationId, sequence, divergence });
      const [stillUnsent, coreInformed] = await Promise.all([
        dispatchUnsent(unsent, busy),
        state.owesCore ? inTime(deregister({ accreditationId }).then(() => true)) : undefined,
      ]);
      return { milestones, unsent: stillUnsent, coreInformed: coreInformed === true };
    },

    async readAccreditation({ accreditationId }) {
      const row = await findAccreditation(store, accreditationId);
      if (!row) return unknown(new UnknownAccreditation('No accreditation was granted under this id'));
      const { state, sequence } = row;
      const milestones = accreditationMilestones(state, clocks());
      return { state, sequence, milestones, unsent: await unsentOf(store.db, { accreditationId }) };
    },

    readMilestones: async ({ state }) => accreditationMilestones(state, clocks()),
  };
}

/** No retry will make something appear that was never granted. */
function unknown(error: unknown): never {
  if (error instanceof UnknownAccreditation)
    throw ApplicationFailure.nonRetryable(error.message, 'UnknownAccreditation');
  throw error;
}
