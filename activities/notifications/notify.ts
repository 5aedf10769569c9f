import { queuedOf } from '../../store/notifications/known.ts';
import { markFailed } from '../../store/notifications/sending.ts';
import type { OutwardActivities, StoreActivities } from '../contract.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import type { Dispatch } from './dispatch.ts';

/** Builds the activities that dispatch notifications which have to leave, or give them up. */
export function createNotifyActivities(
  { store }: ActivityDependencies,
  dispatch: Dispatch,
): Pick<OutwardActivities, 'notify'> & Pick<StoreActivities, 'giveUp'> {
  return {
    notify: async ({ notificationIds }) => dispatch(await queuedOf(store, notificationIds)),
    async giveUp({ notificationIds, now }) {
      for (const { row } of await queuedOf(store, notificationIds)) await markFailed(store, row.id, 'given up', now);
    },
  };
}
