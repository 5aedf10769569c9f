import { sleep } from '@temporalio/workflow';
import { shanghaiMinute } from '../../domain/dates.ts';
import { WORTH_TRYING_MS } from '../../domain/notifications/delivery.ts';
import type { DispatchNotificationStart } from '../messages.ts';
import { uncancellable } from '../uncancellable.ts';
import { leave } from './dispatch.ts';

/**
 * Dispatches one notification that no case's workflow takes care of: a code for a new phone, the news that the old
 * phone was replaced, or what a case has left whose workflow is gone. It is tried until there is no use in sending it
 * any more. The notification's id is the workflow's.
 */
export async function dispatchNotification({ notificationId, until }: DispatchNotificationStart): Promise<void> {
  const ends = until === undefined ? Date.now() + WORTH_TRYING_MS : Date.parse(until);
  await uncancellable(async () => {
    for (let at: string | null = ''; at !== null; ) {
      if (at) await sleep(Date.parse(at) - Date.now(), { summary: shanghaiMinute(at) });
      at = await leave([notificationId], '单独发送的短信', ends);
    }
  });
}
