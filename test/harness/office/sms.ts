import { openCalls } from '../../../store/notifications/calls.ts';
import { findNotification, type KnownNotification } from '../../../store/notifications/known.ts';
import { deliveryOptions } from '../../../workflows/messages.ts';
import { newPerson } from '../people.ts';
import { until } from '../until.ts';
import { type Filed, update } from './case.ts';
import type { Office } from './open.ts';

/** The first 短信 of a case, as the tests follow it. */
export function createSmsFollowing(office: () => Office) {
  const known = async (id: string) => (await findNotification(office().store, id)) as KnownNotification;
  const row = async (id: string) => (await known(id)).row;
  return {
    known,
    row,
    stepsOf: async (id: string) => (await row(id)).steps.map(({ step }) => step),
    attemptsOf: async (id: string) =>
      (await known(id)).attempts.map(({ provider, outcome, receipt }) => [provider, outcome, receipt]),
    callFor: async (id: string) => (await openCalls(office().store, { limit: 1000 })).find((call) => call.id === id),

    /**
     * Files a case by somebody whose phone ends so: that is its fate with both providers.
     * @returns the case, and its first 短信's id
     */
    async fileBy(ending: string): Promise<{ filed: Filed; id: string }> {
      const person = { ...newPerson(), phone: `1380013${ending}` };
      const signature = { name: person.name, signedAt: await office().now() };
      const filed = await office().file({ personal: { applicant: person, signature } });
      const id = `${filed.acceptanceNumber}-1-accepted-applicant-sms`;
      await until('the notification has been dispatched', async () => (await row(id)).state !== 'queued');
      return { filed, id };
    },

    /** As housekeeping does for what has failed. */
    async takeUp(notificationId: string): Promise<void> {
      const options = { ...deliveryOptions({ notificationId }), args: [{ notificationId }] };
      await office().client.workflow.start('delivery', options);
    },

    /** Resolves once a workflow has ended; not by its handle's `result`, which would let a skipping clock run on. */
    ended(workflowId: string): Promise<void> {
      const handle = office().client.workflow.getHandle(workflowId);
      return until('the workflow has ended', async () => (await handle.describe()).status.name === 'COMPLETED');
    },

    async withdraw(filed: Filed): Promise<void> {
      await update(filed, 'withdraw', { by: 'applicant-1' });
      await filed.handle.result();
    },
  };
}
