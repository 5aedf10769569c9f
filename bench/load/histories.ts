import { status } from '@grpc/grpc-js';
import { type Client, isGrpcServiceError } from '@temporalio/client';
import proto from '@temporalio/proto';

type Event = proto.temporal.api.history.v1.IHistoryEvent;
const { EventType } = proto.temporal.api.enums.v1;

/** What a workflow execution costs, by its history. */
export interface HistoryCost {
  events: number;
  workflowTasks: number;
  /** As Temporal Cloud counts them. */
  actions: number;
}

/** The cost of each of a case's executions; zeros for an execution that doesn't exist. */
export async function historyCosts({ workflow }: Client, workflowIds: string[]): Promise<HistoryCost[]> {
  const costs = workflowIds.map(async (workflowId) => {
    try {
      return costOf((await workflow.getHandle(workflowId).fetchHistory()).events ?? []);
    } catch (error) {
      // The client doesn't wrap this call's errors.
      if (!isGrpcServiceError(error) || error.code !== status.NOT_FOUND) throw error;
      return { events: 0, workflowTasks: 0, actions: 0 };
    }
  });
  return Promise.all(costs);
}

function costOf(events: Event[]): HistoryCost {
  const of = (type: number) => events.filter(({ eventType }) => eventType === type);
  return {
    events: events.length,
    workflowTasks: of(EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED).length,
    actions: actionsOf(of),
  };
}

/**
 * Counts actions as https://docs.temporal.io/cloud/actions does: starts (also of a child, and as new), timers, upserts
 * of search attributes, signals (sent by a workflow: counted where they arrive), Updates, activities with each further
 * try; all local activities of a workflow task are one action. Search attributes given at the start are free. Nothing
 * here has queries, heartbeats or side effects.
 */
function actionsOf(of: (type: number) => Event[]): number {
  const single = [
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED,
    EventType.EVENT_TYPE_TIMER_STARTED,
    EventType.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES,
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED,
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED,
    EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED,
  ];
  const retries = of(EventType.EVENT_TYPE_ACTIVITY_TASK_STARTED).map(
    ({ activityTaskStartedEventAttributes: started }) => (started?.attempt ?? 1) - 1,
  );
  const markers = of(EventType.EVENT_TYPE_MARKER_RECORDED).map(({ markerRecordedEventAttributes: marker }) => marker);
  const ofLocal = markers.filter((marker) => marker?.markerName === 'core_local_activity');
  const tasks = new Set(ofLocal.map((marker) => String(marker?.workflowTaskCompletedEventId)));
  const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);
  return sum(single.map((type) => of(type).length)) + sum(retries) + tasks.size;
}
