import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type ErrorRequestHandler, Router } from 'express';
import { z } from 'zod';
import { aliyunRouter } from './aliyun.ts';
import type { AliyunAccount } from './aliyun-signature.ts';
import { createFaults, type Faults } from './faults.ts';
import { type InsuranceAccount, insuranceRouter } from './insurance.ts';
import { startMailServer } from './mail.ts';
import { createOutbox } from './outbox.ts';
import { outboxPage } from './page.ts';
import { type TwilioAccount, twilioRouter } from './twilio.ts';

export interface StandInSettings extends TwilioAccount, AliyunAccount, InsuranceAccount {
  /** 0 for any free port, as with `httpPort`. */
  smtpPort: number;
  httpPort: number;
  /** Folder that keeps what was sent across restarts; undefined keeps it in memory only. */
  dataDir?: string;
}

export interface StandIns {
  smtpUrl: string;
  /** Base address of the insurance core's interface; its faults are planned at `/control` below it. */
  insuranceUrl: string;
  /**
   * Origin of Twilio's interface, of `/control` (its faults), `/notifications` (JSON) and the page of what was sent.
   */
  twilioUrl: string;
  /** Origin of Alibaba's interface, whose only path is `/`; its faults are planned at `/aliyun/control`. */
  aliyunUrl: string;
  stop(): Promise<void>;
}

/**
 * Starts the stand-ins on 127.0.0.1: an SMTP server, and an HTTP server with the interfaces of Twilio, Alibaba and the
 * insurance core.
 */
export async function startStandIns(settings: StandInSettings): Promise<StandIns> {
  const outbox = createOutbox(settings.dataDir);
  const faults = createFaults();
  const aliyunFaults = createFaults();
  const insuranceFaults = createFaults();
  const app = express();
  app.use(twilioRouter(settings, outbox, faults));
  app.use(aliyunRouter(settings, outbox, aliyunFaults));
  app.use('/control', faultRouter(faults));
  app.use('/aliyun/control', faultRouter(aliyunFaults));
  app.use('/insurance/control', faultRouter(insuranceFaults));
  app.use('/insurance', insuranceRouter(settings, insuranceFaults, settings.dataDir));
  app.get('/notifications', (_, response) => void response.json({ notifications: outbox.notifications() }));
  app.get('/', (_, response) => void response.send(outboxPage(outbox.notifications())));

  const mail = await startMailServer(settings.smtpPort, outbox);
  const server = createServer(app).listen(settings.httpPort, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    smtpUrl: mail.url,
    twilioUrl: origin,
    aliyunUrl: origin,
    insuranceUrl: `${origin}/insurance`,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await Promise.all([closed, mail.stop()]);
    },
  };
}

/** Plans what goes wrong with the next requests (POST), shows what is left of it (GET), or clears it (DELETE). */
function faultRouter(faults: Faults): Router {
  const router = Router();
  router.post('/', express.json(), (request, response) => {
    try {
      response.json(faults.plan(request.body));
    } catch (error) {
      if (!(error instanceof z.ZodError)) throw error;
      response.status(400).json({ message: z.prettifyError(error) });
    }
  });
  router.get('/', (_, response) => void response.json(faults.planned()));
  router.delete('/', (_, response) => {
    faults.clear();
    response.status(204).end();
  });
  router.use(unreadable);
  return router;
}

const unreadable: ErrorRequestHandler = (error: { status?: number; message: string }, _, response, next) => {
  const { status, message } = error;
  if (status && status < 500) response.status(400).json({ message: `The body can't be read as JSON: ${message}` });
  else next(error);
};
