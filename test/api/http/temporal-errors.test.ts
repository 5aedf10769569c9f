import { status as grpc } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type Client,
  Connection,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import express from 'express';
import { pino } from 'pino';
import { sendMessage } from '../../../api/cases/messages/send.ts';
import { problemHandler } from '../../../api/http/errors.ts';
import { hasNoWorkflow, mayPass, refusalOf, temporalStatus } from '../../../api/http/temporal-errors.ts';
import { startDispatch } from '../../../api/notifications/start.ts';
import { createTemporalClient } from '../../../api/temporal.ts';
import { startFailingTemporal } from '../../harness/http/failing-temporal.ts';
import { testKeyring } from '../../harness/keyring.ts';
import { openServers } from '../../harness/servers.ts';

/** What each gRPC status means to who sent a message, before Temporal has accepted it and after. */
const table: Record<Exclude<keyof typeof grpc, 'OK'>, [sent: string, awaited: string]> = {
  CANCELLED: ['may pass', 'accepted'],
  UNKNOWN: ['may pass', 'accepted'],
  INVALID_ARGUMENT: ['lasts', 'lasts'],
  DEADLINE_EXCEEDED: ['may pass', 'accepted'],
  NOT_FOUND: ['no workflow', 'no workflow'],
  ALREADY_EXISTS: ['lasts', 'lasts'],
  PERMISSION_DENIED: ['lasts', 'lasts'],
  RESOURCE_EXHAUSTED: ['may pass', 'accepted'],
  FAILED_PRECONDITION: ['may pass', 'accepted'],
  ABORTED: ['may pass', 'accepted'],
  OUT_OF_RANGE: ['lasts', 'lasts'],
  UNIMPLEMENTED: ['lasts', 'lasts'],
  INTERNAL: ['may pass', 'accepted'],
  UNAVAILABLE: ['may pass', 'accepted'],
  DATA_LOSS: ['lasts', 'lasts'],
  UNAUTHENTICATED: ['lasts', 'lasts'],
};
const codes = Object.keys(table) as (keyof typeof table)[];

function meaningOf(error: unknown): string {
  if (refusalOf(error)) return 'refused';
  if (hasNoWorkflow(error)) return 'no workflow';
  return mayPass(error) ? 'may pass' : 'lasts';
}

it('the table has every code of gRPC', () => {
  const named = Object.keys(grpc).filter((name) => Number.isNaN(Number(name)));
  expect([...codes, 'OK'].sort()).toEqual(named.sort());
});

describe('over the wire', () => {
  let temporal: Awaited<ReturnType<typeof startFailingTemporal>>;
  let connection: Connection;
  let client: Client;
  const servers = openServers();
  beforeAll(async () => {
    temporal = await startFailingTemporal();
    // Without the SDK's own tries, at whose end the deadline has passed whatever the code was.
    connection = Connection.lazy({ address: temporal.address, interceptors: [] });
    client = createTemporalClient(connection, 'default', testKeyring);
  });
  afterAll(async () => {
    await servers.close();
    await connection?.close();
    temporal?.stop();
  });

  const send = () => sendMessage(client, 'case', { name: 'withdraw', payload: { by: 'applicant-1' } }, 'update');

  it.each(codes)('%s before a message is accepted', async (code) => {
    temporal.fail('UpdateWorkflowExecution', grpc[code]);
    const error = await send().catch((cause: unknown) => cause);
    expect(meaningOf(error)).toBe(table[code][0]);
    // The SDK keeps no status of what it calls by another name.
    expect(temporalStatus(error)).toBe(code === 'NOT_FOUND' ? undefined : code);
  });

  it.each(codes)('%s after a message is accepted', async (code) => {
    temporal.fail('PollWorkflowExecutionUpdate', grpc[code]);
    expect(await send().catch(meaningOf)).toBe(table[code][1]);
  });

  it.each(codes)('%s of a start is answered by the api with 503 where it may pass, else with 500', async (code) => {
    temporal.fail('StartWorkflowExecution', grpc[code]);
    const app = express();
    app.get('/', async (_, response) => {
      await startDispatch(client, { notificationId: 'notification' });
      response.end();
    });
    app.use(problemHandler(pino({ level: 'silent' })));
    const { status, headers } = await fetch(await servers.serve(app));
    // Begun already is what was wanted.
    const begun = code === 'ALREADY_EXISTS';
    const passes = table[code][0] === 'may pass';
    expect([status, headers.get('retry-after')]).toEqual(begun ? [200, null] : passes ? [503, '5'] : [500, null]);
  });
});

describe('an error without a status', () => {
  const failed = (type: string) => new WorkflowUpdateFailedError('failed', ApplicationFailure.create({ type }));

  it.each<[what: string, error: unknown, meaning: string]>([
    ['of a workflow that refuses the message', failed('Conflict'), 'refused'],
    ['of one that was ended with the message in it', failed('AcceptedUpdateCompletedWorkflow'), 'no workflow'],
    ['of one that has ended', new WorkflowNotFoundError('completed', 'case', undefined), 'no workflow'],
    [
      'of a call that was given up',
      new WorkflowUpdateRPCTimeoutOrCancelledError('given up', { cause: new CancelledFailure('given up') }),
      'may pass',
    ],
    ['of an Update that was cancelled', new WorkflowUpdateFailedError('failed', new CancelledFailure('')), 'lasts'],
    ['of ours', new TypeError('x is undefined'), 'lasts'],
    ['that is none', undefined, 'lasts'],
  ])('%s', (_, error, meaning) => {
    expect(meaningOf(error)).toBe(meaning);
    expect(temporalStatus(error)).toBeUndefined();
  });
});
