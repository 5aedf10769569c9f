import { status as grpc } from '@grpc/grpc-js';
import {
  isGrpcServiceError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { chain } from '../../store/errors.ts';

/**
 * Statuses after which the same call is worth another try, since their cause may pass by itself. None of them says
 * whether Temporal has taken the call:
 * - UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED: it is down, slow, or the line broke;
 * - RESOURCE_EXHAUSTED: too much at once, for the whole server or for one case;
 * - ABORTED: it gave up this call in favour of another;
 * - FAILED_PRECONDITION: the case's task fails, or its worker hangs;
 * - UNKNOWN, INTERNAL: something in it failed, such as its database, or the line broke within an answer (RST_STREAM).
 */
const passing: readonly grpc[] = [
  ...[grpc.UNAVAILABLE, grpc.DEADLINE_EXCEEDED, grpc.CANCELLED, grpc.RESOURCE_EXHAUSTED, grpc.ABORTED],
  ...[grpc.FAILED_PRECONDITION, grpc.UNKNOWN, grpc.INTERNAL],
];

/**
 * The gRPC status of an error of Temporal's client, which wraps it in errors of its own; undefined for other errors.
 */
export function temporalStatus(error: unknown): keyof typeof grpc | undefined {
  const code = codeOf(error);
  return code === undefined ? undefined : (grpc[code] as keyof typeof grpc);
}

/** Whether a call to Temporal failed only for now. It may have been taken or not, and may be made again. */
export function mayPass(error: unknown): boolean {
  // Has no gRPC status where our own deadline ended the call.
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) return true;
  const code = codeOf(error);
  return code !== undefined && passing.includes(code);
}

/** Whether nothing runs under the workflow's id: it has ended, was ended, or hasn't begun. */
export function hasNoWorkflow(error: unknown): boolean {
  return error instanceof WorkflowNotFoundError || failureOf(error)?.type === 'AcceptedUpdateCompletedWorkflow';
}

/** The failure with which a workflow refused an Update; undefined for every other error. */
export function refusalOf(error: unknown): ApplicationFailure | undefined {
  return hasNoWorkflow(error) ? undefined : failureOf(error);
}

function codeOf(error: unknown): grpc | undefined {
  return [...chain(error)].find(isGrpcServiceError)?.code;
}

function failureOf(error: unknown): ApplicationFailure | undefined {
  const cause = error instanceof WorkflowUpdateFailedError ? error.cause : undefined;
  return cause instanceof ApplicationFailure ? cause : undefined;
}
