import { ApplicationFailure } from '@temporalio/common';
import { errorCode } from '../store/errors.ts';
import type { OutwardActivities, StoreActivities } from './contract.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { createNotify } from './notify.ts';
import { createStoreActivities } from './record.ts';
import { createTell } from './tell.ts';

/** All activities of the worker, over the given parts of the outer world. */
export function createActivities(dependencies: ActivityDependencies): StoreActivities & OutwardActivities {
  const { record, readSchedule, giveUp, findUnstarted, findUnheard } = createStoreActivities(dependencies);
  const shield = <Input, Output>(name: string, activity: (input: Input) => Promise<Output>) =>
    discreet(name, activity, dependencies.onError);
  return {
    record: shield('record', record),
    readSchedule: shield('readSchedule', readSchedule),
    giveUp: shield('giveUp', giveUp),
    findUnstarted: shield('findUnstarted', findUnstarted),
    findUnheard: shield('findUnheard', findUnheard),
    notify: shield('notify', createNotify(dependencies)),
    tell: shield('tell', createTell()),
  };
}

/**
 * Keeps what an unexpected error says out of Temporal: the message of a failed query carries the values it was given. The history
 * gets the activity and the error's code; the failure stays retryable.
 */
function discreet<Input, Output>(
  name: string,
  activity: (input: Input) => Promise<Output>,
  onError: ActivityDependencies['onError'],
): (input: Input) => Promise<Output> {
  return async (input) => {
    try {
      return await activity(input);
    } catch (error) {
      if (error instanceof ApplicationFailure) throw error;
      onError(name, error);
      throw ApplicationFailure.retryable(`${name} failed (${errorCode(error)})`, 'Unexpected');
    }
  };
}
