import type { ApplicationState } from '../../domain/cases/state.ts';
import { policyInForce } from '../../policy/versions.ts';
import { readSchedule } from '../../store/cases/queries.ts';
import { recordChanges } from '../../store/cases/record.ts';
import { tellOfRenewal } from '../accreditations/tell.ts';
import type { CarryingActivities, CaseCarriedOut, StoreActivities } from '../contract.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { askCore } from '../insurance/ask-core.ts';
import type { DispatchUnsent } from '../notifications/dispatch-unsent.ts';
import { unknownApplication } from './filed.ts';
import { recordRules } from './rules.ts';

/** Builds the activities of cases; each goes by the policy in force when it runs. */
export function createCaseActivities(
  dependencies: ActivityDependencies,
  dispatchUnsent: DispatchUnsent,
): Pick<CarryingActivities, 'carryOut'> & Pick<StoreActivities, 'readSchedule'> {
  const { store, onDivergence } = dependencies;

  function scheduleOf(acceptanceNumber: string, state: ApplicationState) {
    return readSchedule(store, acceptanceNumber, state, policyInForce(dependencies)).catch(unknownApplication);
  }

  /** What is answered where nothing is recorded: the core is slow, or it objects, on which the workflow decides. */
  async function nothingDone(
    acceptanceNumber: string,
    state: ApplicationState,
    refusal?: CaseCarriedOut['refusal'],
  ): Promise<CaseCarriedOut> {
    return { schedule: await scheduleOf(acceptanceNumber, state), unsent: [], refusal };
  }

  return {
    async carryOut({ acceptanceNumber, sequence, state, changes, busy, asksCore }) {
      const after = { changes, state, sequence };
      const asked = asksCore ? await askCore(dependencies, acceptanceNumber, after) : {};
      if (changes.length === 0 && !asked.followed) return nothingDone(acceptanceNumber, state, asked.refusal);
      const recording = recordChanges(store, acceptanceNumber, changes, recordRules(dependencies), {
        replaces: true,
        followed: asked.followed,
        learnt: asked.learnt,
      });
      const { type, schedule, unsent, fresh, followed, divergence } = await recording.catch(unknownApplication);
      if (divergence) onDivergence({ about: acceptanceNumber, sequence, divergence });
      if (changes.length === 0 && !followed) return nothingDone(acceptanceNumber, state);
      const done = followed ? [...changes, followed] : changes;
      if (type === 'renewal') await tellOfRenewal(dependencies, acceptanceNumber, done);
      return { schedule, unsent: await dispatchUnsent(unsent, busy, fresh), followed, refusal: asked.refusal };
    },

    readSchedule: ({ acceptanceNumber, state }) => scheduleOf(acceptanceNumber, state),
  };
}
