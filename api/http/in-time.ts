import type { NextFunction, Request, Response } from 'express';
import { problems } from './errors.ts';

/** The slowest line on which a file still gets through, in bytes a second. */
const SLOWEST = 10_000;
/** What is added for the connection, and all that is given to what is no file. */
const BODY_SECONDS = 60;
/** So long whoever was answered before they had sent everything may go on sending. */
const LINGER_MS = 30_000;

/** How many seconds a file of this size may take to arrive. */
export function fileSeconds(megabytes: number): number {
  return Math.ceil((megabytes * 1024 * 1024) / SLOWEST) + BODY_SECONDS;
}

/**
 * Gives a body a time to arrive, and answers 408 where it doesn't. Node's own `requestTimeout` is one for all requests,
 * and would let anybody hold a connection as long as the slowest upload takes.
 */
export function receiveWithin(
  request: Request,
  response: Response,
  next: NextFunction,
  seconds: number = BODY_SECONDS,
): void {
  const { 'content-length': length = '0', 'transfer-encoding': encoding } = request.headers;
  if (length === '0' && encoding === undefined) return;
  const timer = setTimeout(() => {
    if (request.complete || response.headersSent) return;
    response.set('Connection', 'close');
    next(problems.tooSlow());
  }, seconds * 1000);
  timer.unref();
  request.once('close', () => clearTimeout(timer));
  response.once('finish', () => {
    if (!request.complete) setTimeout(() => request.complete || request.socket.destroy(), LINGER_MS).unref();
  });
}
