import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Readable } from 'node:stream';
import { SMTPServer } from 'smtp-server';
import type { Outbox } from './outbox.ts';

/**
 * An SMTP server on 127.0.0.1 that puts every mail into the outbox and delivers none.
 * @param port 0 for any free one
 */
export async function startMailServer(port: number, outbox: Outbox): Promise<{ url: string; stop(): Promise<void> }> {
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    // Clients that keep connections open for reuse must not hold up the server's stop.
    closeTimeout: 200,
    onData(stream, session, done) {
      parse(stream).then((mail) => {
        outbox.add({
          kind: 'email',
          id: mail.messageId ?? randomUUID(),
          at: new Date().toISOString(),
          from: mail.from?.text ?? '',
          to: session.envelope.rcptTo.map(({ address }) => address).join(', '),
          subject: mail.subject ?? '',
          body: (mail.text ?? '').trimEnd(),
        });
        done();
      }, done);
    },
  });
  // A client that breaks off does no harm here; a port that can't be had makes `once` below reject.
  server.on('error', () => {});
  await once(server.listen(port, '127.0.0.1'), 'listening');
  const { port: bound } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${bound}`,
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
}

/** The parser takes longer to load than the server, and where nothing is sent to staff nobody needs it. */
async function parse(mail: Readable) {
  const { simpleParser } = await import('mailparser');
  return simpleParser(mail);
}
