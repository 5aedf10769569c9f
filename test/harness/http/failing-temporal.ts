import { type handleUnaryCall, Server, ServerCredentials, type ServiceDefinition, type status } from '@grpc/grpc-js';
import { temporal } from '@temporalio/proto';

const { v1: service } = temporal.api.workflowservice;
const { UPDATE_WORKFLOW_EXECUTION_LIFECYCLE_STAGE_ACCEPTED: accepted } =
  temporal.api.enums.v1.UpdateWorkflowExecutionLifecycleStage;

export type Call = 'StartWorkflowExecution' | 'UpdateWorkflowExecution' | 'PollWorkflowExecutionUpdate';

/** A server in Temporal's place that fails as it is told; what isn't to fail it takes, and never finishes. */
export async function startFailingTemporal() {
  const failures = new Map<Call, status>();
  const updateRef = { workflowExecution: { workflowId: 'case', runId: 'run' }, updateId: 'update' };
  const answers: Record<Call, Uint8Array> = {
    StartWorkflowExecution: service.StartWorkflowExecutionResponse.encode({ runId: 'run' }).finish(),
    UpdateWorkflowExecution: service.UpdateWorkflowExecutionResponse.encode({ stage: accepted, updateRef }).finish(),
    PollWorkflowExecutionUpdate: service.PollWorkflowExecutionUpdateResponse.encode({ updateRef }).finish(),
  };
  const server = new Server();
  for (const [call, answer] of Object.entries(answers) as [Call, Uint8Array][]) {
    const handler: handleUnaryCall<unknown, unknown> = (_, callback) => {
      const code = failures.get(call);
      callback(code === undefined ? null : { code, details: 'as the test wants it' }, answer);
    };
    server.addService(definitionOf(call), { [call]: handler });
  }
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  return {
    address: `127.0.0.1:${port}`,
    /** From now on only this call fails. */
    fail(call: Call, code: status): void {
      failures.clear();
      failures.set(call, code);
    },
    stop: () => server.forceShutdown(),
  };
}

/** The bytes as they are: what is asked doesn't matter here. */
function definitionOf(call: Call): ServiceDefinition {
  const asIs = (bytes: Buffer) => bytes;
  return {
    [call]: {
      path: `/temporal.api.workflowservice.v1.WorkflowService/${call}`,
      requestStream: false,
      responseStream: false,
      requestSerialize: asIs,
      requestDeserialize: asIs,
      responseSerialize: (bytes: Uint8Array) => Buffer.from(bytes),
      responseDeserialize: asIs,
    },
  };
}
