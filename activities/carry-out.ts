import { setTimeout as wait } from 'node:timers/promises';
import { awaitsRegistration } from '../domain/application.ts';
import { type OutwardChannel, outwardChannels, type Unsent } from '../domain/delivery.ts';
import { recordAccreditationChanges } from '../store/accreditations.ts';
import type { Divergence } from '../store/in-order.ts';
import { recordChanges } from '../store/record.ts';
import { now } from './clock.ts';
import type { CarryingActivities, InsuranceActivities, OutwardActivities } from './contract.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { accreditationRules, recordRules, unknown } from './record.ts';
import { tellOfRenewal } from './tell-accreditation.ts';

/** How long the answer to a decision waits for what follows from it; what takes longer goes on in an activity of its own. */
const BUDGET_MS = 2_000;

type Others = Pick<OutwardActivities, 'notify'> & Pick<InsuranceActivities, 'register' | 'deregister'>;

/** Builds the activities that carry decisions out. */
export function createCarryOut(
  dependencies: ActivityDependencies,
  { notify, register, deregister }: Others,
): CarryingActivities {
  const { store, onDivergence } = dependencies;

  /** Hands over what may leave now, channel by channel, the messages of one change after those of the one before. @returns what hasn't left */
  async function dispatch(unsent: Unsent[], busy: OutwardChannel[]): Promise<Unsent[]> {
    const budget = withBudget();
    const left = await Promise.all(
      outwardChannels.map(async (channel) => {
        const ofChannel = unsent.filter((one) => one.channel === channel);
        const later: Unsent[] = [];
        let isBlocked = busy.includes(channel);
        for (const one of ofChannel) {
          const isHeld = one.leavesAt > now();
          const gone = isHeld || isBlocked ? undefined : await budget(notify({ messageIds: one.messageIds }));
          if (gone?.done) later.push(...(gone.value === null ? [] : [{ ...one, leavesAt: gone.value }]));
          else later.push(one);
          isBlocked ||= !isHeld && !gone?.done;
        }
        return later;
      }),
    );
    return left.flat();
  }

  /** @throws nothing: whatever went wrong is tried again by the activity that does only this */
  async function inTime<T>(work: Promise<T>): Promise<T | undefined> {
    const outcome = await withBudget()(work);
    return outcome.done ? outcome.value : undefined;
  }

  function report(divergence: Divergence | null, about: string, sequence: number): void {
    if (divergence) onDivergence({ about, sequence, divergence });
  }

  return {
    async carryOut({ acceptanceNumber, changes, busy }) {
      const recording = recordChanges(store, acceptanceNumber, changes, recordRules(dependencies));
      const { type, schedule, unsent, divergence } = await recording.catch(unknown);
      const { state, sequence } = changes.at(-1) as (typeof changes)[number];
      report(divergence, acceptanceNumber, sequence);
      if (type === 'renewal') await tellOfRenewal(dependencies, acceptanceNumber, changes);
      const [left, registration] = await Promise.all([
        dispatch(unsent, busy),
        awaitsRegistration(state) ? inTime(register({ acceptanceNumber })) : undefined,
      ]);
      return { schedule, unsent: left, ...(registration ? { registration } : {}) };
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

type Outcome<T> = { done: true; value: T } | { done: false };

/** @returns a function that waits for work until the budget is spent, and leaves what has failed or takes longer to somebody else */
function withBudget() {
  const ends = Date.now() + BUDGET_MS;
  return async <T>(work: Promise<T>): Promise<Outcome<T>> => {
    const timer = new AbortController();
    const spent = wait(Math.max(0, ends - Date.now()), undefined, { ref: false, signal: timer.signal });
    try {
      return await Promise.race<Outcome<T>>([
        work.then(
          (value) => ({ done: true, value }),
          () => ({ done: false }),
        ),
        spent.then(() => ({ done: false })),
      ]);
    } finally {
      timer.abort();
      spent.catch(() => undefined);
    }
  };
}
