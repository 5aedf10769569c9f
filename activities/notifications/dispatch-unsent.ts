import { type OutwardChannel, outwardChannels, type Unsent } from '../../domain/notifications/delivery.ts';
import { type KnownNotification, queuedOf } from '../../store/notifications/known.ts';
import { withBudget } from '../budget.ts';
import { workflowNow } from '../clock.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import type { Dispatch } from './dispatch.ts';

/**
 * Dispatches what may leave now, within a budget, channel by channel, the notifications of one change after those of
 * the one before.
 * @param busy channels over which earlier notifications haven't left yet: theirs go first
 * @param fresh those that were just written, which needn't be read again
 * @returns what hasn't left
 */
export type DispatchUnsent = (
  unsent: Unsent[],
  busy: OutwardChannel[],
  fresh?: KnownNotification[],
) => Promise<Unsent[]>;

/** Builds what sends the notifications of changes that were just recorded. */
export function createDispatchUnsent({ store, now }: ActivityDependencies, dispatch: Dispatch): DispatchUnsent {
  return async (unsent, busy, fresh = []) => {
    const budget = withBudget();
    const dispatchOne = async ({ notificationIds }: Unsent) => {
      const known = fresh.filter(({ row }) => notificationIds.includes(row.id));
      return dispatch(known.length === notificationIds.length ? known : await queuedOf(store, notificationIds));
    };
    const stillUnsent = await Promise.all(
      outwardChannels.map(async (channel) => {
        const ofChannel = unsent.filter((parcel) => parcel.channel === channel);
        const waiting: Unsent[] = [];
        let isBlocked = busy.includes(channel);
        for (const parcel of ofChannel) {
          const isHeld = parcel.leavesAt > workflowNow(now);
          const gone = isHeld || isBlocked ? undefined : await budget(dispatchOne(parcel));
          if (gone?.done) waiting.push(...(gone.value === null ? [] : [{ ...parcel, leavesAt: gone.value }]));
          else waiting.push(parcel);
          isBlocked ||= !isHeld && !gone?.done;
        }
        return waiting;
      }),
    );
    return stillUnsent.flat();
  };
}
