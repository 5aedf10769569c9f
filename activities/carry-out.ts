import type { ApplicationState } from '../domain/cases/state.ts';
import { type OutwardChannel, outwardChannels, type Unsent } from '../domain/notifications/delivery.ts';
import { recordAccreditationChanges } from '../store/accreditations/record.ts';
import { readSchedule } from '../store/cases/queries.ts';
import { recordChanges } from '../store/cases/record.ts';
import type { Divergence } from '../store/in-order.ts';
import type { KnownMessage } from '../store/notifications/known.ts';
import { tellOfRenewal } from './accreditations/tell.ts';
import { inTime, withBudget } from './budget.ts';
import { now } from './clock.ts';
import type { CarriedOut, CarryingActivities, InsuranceActivities } from './contract.ts';
import { type ActivityDependencies, policyInForce } from './dependencies.ts';
import { askCore } from './insurance/ask-core.ts';
import type { Notify } from './notifications/notify.ts';
import { accreditationRules, recordRules, unknown } from './record.ts';

/** Builds the activities that carry decisions out. */
export function createCarryOut(
  dependencies: ActivityDependencies,
  { notify, handOverAll }: Notify,
  { deregister }: Pick<InsuranceActivities, 'deregister'>,
): CarryingActivities {
  const { store, onDivergence } = dependencies;

  /**
   * Hands over what may leave now, channel by channel, the messages of one change after those of the one before.
   * @param fresh those that were just written, which needn't be read again
   * @returns what hasn't left
   */
  async function dispatch(unsent: Unsent[], busy: OutwardChannel[], fresh: KnownMessage[] = []): Promise<Unsent[]> {
    const budget = withBudget();
    const handOver = ({ messageIds }: Unsent) => {
      const known = fresh.filter(({ row }) => messageIds.includes(row.id));
      return known.length === messageIds.length ? handOverAll(known) : notify({ messageIds });
    };
    const left = await Promise.all(
      outwardChannels.map(async (channel) => {
        const ofChannel = unsent.filter((one) => one.channel === channel);
        const later: Unsent[] = [];
        let isBlocked = busy.includes(channel);
        for (const one of ofChannel) {
          const isHeld = one.leavesAt > now();
          const gone = isHeld || isBlocked ? undefined : await budget(handOver(one));
          if (gone?.done) later.push(...(gone.value === null ? [] : [{ ...one, leavesAt: gone.value }]));
          else later.push(one);
          isBlocked ||= !isHeld && !gone?.done;
        }
        return later;
      }),
    );
    return left.flat();
  }

  function report(divergence: Divergence | null, about: string, sequence: number): void {
    if (divergence) onDivergence({ about, sequence, divergence });
  }

  /** The core is slow, or what it says is the workflow's to decide on. */
  async function nothingDone(
    acceptanceNumber: string,
    state: ApplicationState,
    refusal?: CarriedOut['refusal'],
  ): Promise<CarriedOut> {
    const policy = policyInForce(dependencies);
    const schedule = await readSchedule(store, acceptanceNumber, state, policy).catch(unknown);
    return { schedule, unsent: [], refusal };
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
      const { type, schedule, unsent, fresh, followed, divergence } = await recording.catch(unknown);
      report(divergence, acceptanceNumber, sequence);
      if (changes.length === 0 && !followed) return nothingDone(acceptanceNumber, state);
      const done = followed ? [...changes, followed] : changes;
      if (type === 'renewal') await tellOfRenewal(dependencies, acceptanceNumber, done);
      return { schedule, unsent: await dispatch(unsent, busy, fresh), followed, refusal: asked.refusal };
    },

    async carryOutAccreditation({ accreditationId, changes, busy }) {
      const recording = recordAccreditationChanges(store, accreditationId, changes, accreditationRules(dependencies));
      const { milestones, unsent, divergence } = await recording.catch(unknown);
      const { state, sequence } = changes.at(-1) as (typeof changes)[number];
      report(divergence, accreditationId, sequence);
      const [left, coreInformed] = await Promise.all([
        dispatch(unsent, busy),
        state.owesCore ? inTime(deregister({ accreditationId }).then(() => true)) : undefined,
      ]);
      return { milestones, unsent: left, coreInformed: coreInformed === true };
    },
  };
}
