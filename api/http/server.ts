import { createServer, type Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Express } from 'express';
import { MOST_FILE_MEGABYTES } from '../../policy/schema.ts';
import { type Problem, problemBody, problems } from './errors.ts';
import { fileSeconds } from './in-time.ts';

/** Who hasn't said within this time what they want, isn't a browser on a bad line. */
const HEADERS_MS = 20_000;

/**
 * A server whose every answer is a problem document or the app's, also where a request isn't HTTP or doesn't come to an
 * end. Bodies have their own time (`receiveWithin`); this one's is for the largest that any policy allows.
 */
export function serverOf(app: Express): Server {
  const server = createServer({
    headersTimeout: HEADERS_MS,
    // Longer than proxies keep a line to us, so that none sends a request while we close it.
    keepAliveTimeout: 65_000,
    requestTimeout: (fileSeconds(MOST_FILE_MEGABYTES) + 60) * 1000,
    connectionsCheckingInterval: 5_000,
  });
  server.on('request', app);
  // Node would answer what it doesn't know with a bare 417.
  server.on('checkExpectation', app);
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => refuse(socket as Socket, problemFor(error)));
  return server;
}

function problemFor({ code }: NodeJS.ErrnoException): Problem {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return problems.tooSlow();
  if (code === 'HPE_HEADER_OVERFLOW') return problems.headersTooLarge();
  return problems.malformed();
}

/** Writes an answer by hand: where a request can't be read, there is no response to write it with. */
function refuse(socket: Socket & { _httpMessage?: { headersSent: boolean } }, problem: Problem): void {
  if (!socket.writable || socket._httpMessage?.headersSent) {
    socket.destroy();
    return;
  }
  const body = Buffer.from(JSON.stringify(problemBody(problem)));
  const head = [
    `HTTP/1.1 ${problem.status} ${problem.code}`,
    'Content-Type: application/problem+json; charset=utf-8',
    `Content-Length: ${body.length}`,
    'Cache-Control: no-store',
    'Connection: close',
  ];
  socket.end(Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]));
}
