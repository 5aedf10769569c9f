import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { z } from 'zod';
import { createFaults } from './faults.ts';
import { startMailServer } from './mail.ts';
import { createOutbox } from './outbox.ts';
import { outboxPage } from './page.ts';
import { type TwilioAccount, twilioRouter } from './twilio.ts';

export interface StandInSettings extends TwilioAccount {
  /** 0 for any free one, as `httpPort`. */
  smtpPort: number;
  httpPort: number;
  /** Where what was sent outlives a restart; undefined keeps it in memory only. */
  dataDir?: string;
}

export interface StandIns {
  smtpUrl: string;
  /** Origin of the Twilio interface, of `/control` (faults), `/messages` (JSON) and of the page of what was sent. */
  twilioUrl: string;
  stop(): Promise<void>;
}

/** Starts the providers' stand-ins on 127.0.0.1: an SMTP server, and an HTTP server that speaks Twilio's interface. */
export async function startStandIns(settings: StandInSettings): Promise<StandIns> {
  const outbox = createOutbox(settings.dataDir);
  const faults = createFaults();
  const app = express();
  app.use(twilioRouter(settings, outbox, faults));
  app.post('/control', express.json(), (request, response) => {
    try {
      response.json(faults.plan(request.body));
    } catch (error) {
      if (!(error instanceof z.ZodError)) throw error;
      response.status(400).json({ message: z.prettifyError(error) });
    }
  });
  app.delete('/control', (_, response) => {
    faults.clear();
    response.status(204).end();
  });
  app.get('/messages', (_, response) => void response.json({ messages: outbox.messages() }));
  app.get('/', (_, response) => void response.send(outboxPage(outbox.messages())));

  const mail = await startMailServer(settings.smtpPort, outbox);
  const server = createServer(app).listen(settings.httpPort, '127.0.0.1');
  await once(server, 'listening');
  return {
    smtpUrl: mail.url,
    twilioUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await Promise.all([closed, mail.stop()]);
    },
  };
}
