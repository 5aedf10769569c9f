import { getClient } from '@temporalio/activity';
import { WorkflowNotFoundError } from '@temporalio/client';
import type { OutwardActivities } from '../contract.ts';

/** Builds `tell` of the contract: signals to other workflows, sent by the worker's own client. */
export function createTell(): OutwardActivities['tell'] {
  return async ({ acceptanceNumbers, version }) => {
    const { workflow } = getClient();
    const tellOne = async (acceptanceNumber: string) => {
      try {
        await workflow.getHandle(acceptanceNumber).signal('calendarChanged', { version });
        return 1;
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return 0;
        throw error;
      }
    };
    const reached: number[] = await Promise.all(acceptanceNumbers.map(tellOne));
    return reached.reduce((sum, one) => sum + one, 0);
  };
}
