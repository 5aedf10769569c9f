import { getClient } from '@temporalio/activity';
import { WorkflowNotFoundError } from '@temporalio/client';
import { policyInForce } from '../../policy/versions.ts';
import { unheardCases } from '../../store/calendar/publish.ts';
import type { OutwardActivities, StoreActivities } from '../contract.ts';
import type { ActivityDependencies } from '../dependencies.ts';

/**
 * Builds the activities by which cases hear of a calendar: signals to other workflows, sent by the worker's own client.
 */
export function createCalendarActivities(
  dependencies: ActivityDependencies,
): Pick<StoreActivities, 'findUnheard'> & Pick<OutwardActivities, 'tell'> {
  return {
    async findUnheard({ after }) {
      const { signalsPerSecond } = policyInForce(dependencies).calendar;
      const { version, rows, waiting, next } = await unheardCases(dependencies.store, after, signalsPerSecond);
      return { version, acceptanceNumbers: rows.map((row) => row.acceptanceNumber), waiting, next };
    },

    async tell({ acceptanceNumbers, version }) {
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
      return reached.reduce((sum, count) => sum + count, 0);
    },
  };
}
