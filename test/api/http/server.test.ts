import { once } from 'node:events';
import type { Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import express, { type Express } from 'express';
import { pino } from 'pino';
import { problemHandler } from '../../../api/http/errors.ts';
import { fileSeconds, receiveWithin } from '../../../api/http/in-time.ts';
import { serverOf } from '../../../api/http/server.ts';
import { policy } from '../../harness/policy.ts';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A line to a server of this app, and the server's end of it. */
async function lineTo(app: Express): Promise<{ socket: Socket; far: Socket }> {
  server = serverOf(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const connected = once(server, 'connection');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const [far] = await connected;
  return { socket, far };
}

/** All that comes back until the line is closed. */
async function answerOf(socket: Socket): Promise<string> {
  let text = '';
  socket.setEncoding('utf8').on('data', (part) => {
    text += part;
  });
  socket.on('error', () => undefined);
  await once(socket, 'close');
  return text;
}

function expectProblem(answer: string, status: number, code: string): void {
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(head.toLowerCase()).toContain('content-type: application/problem+json');
  expect(JSON.parse(body)).toMatchObject({ status, code, detail: expect.stringMatching(/\p{Script=Han}/u) });
}

/** An app that takes a body within this time. */
function slowApp(seconds: number): Express {
  const app = express();
  app.post('/', (request, response, next) => {
    receiveWithin(request, response, next, seconds);
    express.json()(request, response, next);
  });
  app.post('/', (_, response) => void response.json({}));
  app.use(problemHandler(pino({ enabled: false })));
  return app;
}
const head = (length: number) =>
  `POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`;

describe('a server', () => {
  it('answers a body that does not arrive in time with a problem, and ends the line', async () => {
    const { socket } = await lineTo(slowApp(0.2));
    socket.write(`${head(100)}{"a":`);
    expectProblem(await answerOf(socket), 408, 'too-slow');
  });

  it('takes a body that arrives slowly, but in time', async () => {
    const { socket } = await lineTo(slowApp(2));
    socket.write(`${head(2)}{`);
    await new Promise((resolve) => setTimeout(resolve, 300));
    socket.end('}');
    expect(await answerOf(socket)).toMatch(/^HTTP\/1.1 200 /);
  });

  it.each([
    ['what is no HTTP', 'nonsense\r\n\r\n', 400, 'malformed'],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n', 400, 'malformed'],
    [
      'a length and chunks',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
      'malformed',
    ],
    ['a NUL in a header', 'GET / HTTP/1.1\r\nHost: x\r\nA: \0\r\n\r\n', 400, 'malformed'],
    ['headers of 100 kB', `GET / HTTP/1.1\r\nHost: x\r\nA: ${'x'.repeat(100_000)}\r\n\r\n`, 431, 'headers-too-large'],
    ['an address of 100 kB', `GET /${'x'.repeat(100_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, 431, 'headers-too-large'],
  ])('answers %s with a problem', async (_, request, status, code) => {
    const { socket } = await lineTo(slowApp(1));
    socket.write(request);
    expectProblem(await answerOf(socket), status, code);
  });

  it('answers a request that Node has waited for long enough with a problem', async () => {
    const { socket, far } = await lineTo(slowApp(60));
    const error = Object.assign(new Error('Request timeout'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });
    const answer = answerOf(socket);
    server?.emit('clientError', error, far);
    expectProblem(await answer, 408, 'too-slow');
  });

  it('waits 20 s for headers, and for a whole file at 10 kB a second', async () => {
    await lineTo(slowApp(1));
    expect(server?.headersTimeout).toBe(20_000);
    const bytes = policy.materials.maximumFileMegabytes * 1024 * 1024;
    expect(fileSeconds(policy.materials.maximumFileMegabytes)).toBeGreaterThanOrEqual(bytes / 10_000 + 60);
    expect(server?.requestTimeout).toBeGreaterThanOrEqual(fileSeconds(50) * 1000);
  });
});
