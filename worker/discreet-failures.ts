import { ApplicationFailure } from '@temporalio/common';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import { errorCode } from '../store/errors.ts';

/**
 * Keeps what an unexpected error says out of Temporal, since the message of a failed query quotes the values that it
 * was given. The history gets the activity and the error's code; the failure stays retryable.
 * @param onError hears of each such error before it is shortened
 */
export function discreetFailures(onError: (activity: string, error: unknown) => void): ActivityInterceptorsFactory {
  return ({ info: { activityType } }) => ({
    inbound: {
      async execute(input, next) {
        try {
          return await next(input);
        } catch (error) {
          if (error instanceof ApplicationFailure) throw error;
          onError(activityType, error);
          throw ApplicationFailure.retryable(`${activityType} failed (${errorCode(error)})`, 'Unexpected');
        }
      },
    },
  });
}
