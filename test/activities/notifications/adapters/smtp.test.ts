import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { NotificationRefused, ProviderUnavailable } from '../../../../activities/notifications/adapters/provider.ts';
import { createSmtp } from '../../../../activities/notifications/adapters/smtp.ts';
import { certificate } from '../../../harness/certificate.ts';

const mail = {
  id: 'notification-1',
  channel: 'email' as const,
  address: 'director@example.org',
  subject: '超时升级',
  body: '第 2 级：请处理',
  template: null,
};

const closings: (() => void)[] = [];
afterEach(() => {
  for (const close of closings.splice(0).reverse()) close();
});

/** The adapter, with the login that the server knows unless another is given. */
function smtp(port: number, { scheme = 'smtps', password = 'secret', trust = true } = {}) {
  const trusted = trust ? `?tls.ca=${encodeURIComponent(certificate.cert)}` : '';
  const url = `${scheme}://mente:${password}@127.0.0.1:${port}${trusted}`;
  const adapter = createSmtp(url, '门特认定 <mente@example.org>');
  closings.push(() => adapter.close());
  return adapter;
}

/** A server with login over TLS. */
async function mailServer(options: SMTPServerOptions = {}) {
  const received: { secure: boolean; user: string | undefined; mail: Awaited<ReturnType<typeof simpleParser>> }[] = [];
  const server = new SMTPServer({
    ...certificate,
    secure: true,
    closeTimeout: 200,
    onAuth({ username, password }, _, done) {
      const isKnown = username === 'mente' && password === 'secret';
      done(isKnown ? null : new Error('Invalid login'), { user: username ?? '' });
    },
    onData(stream, { secure, user }, done) {
      simpleParser(stream).then((mail) => {
        received.push({ secure, user, mail });
        done();
      }, done);
    },
    ...options,
  });
  server.on('error', () => {});
  await once(server.listen(0, '127.0.0.1'), 'listening');
  closings.push(() => server.close());
  return { port: (server.server.address() as AddressInfo).port, received };
}

/** A server that greets, answers each command as the script says, and hangs up at one that the script doesn't have. */
async function scripted(script: Record<string, string>, greeting = '220 mail') {
  const connections: string[][] = [];
  const server = createServer((socket: Socket) => {
    const commands: string[] = [];
    connections.push(commands);
    socket.on('error', () => {});
    socket.write(`${greeting}\r\n`);
    socket.on('data', (data) => {
      for (const line of data.toString().split('\r\n')) {
        const command = line === '.' ? '.' : (line.match(/^(EHLO|AUTH|MAIL|RCPT|DATA|QUIT|RSET)\b/)?.[0] ?? '');
        if (!command) continue;
        commands.push(command);
        const reply = script[command];
        if (reply === undefined) return void socket.destroy();
        socket.write(`${reply}\r\n`);
      }
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closings.push(() => server.close());
  return { port: (server.address() as AddressInfo).port, connections };
}

const login = { EHLO: '250-mail\r\n250 AUTH PLAIN', AUTH: '235 welcome' };
const envelope = { ...login, MAIL: '250 ok', RCPT: '250 ok', RSET: '250 ok' };

async function expectUnavailable(sending: Promise<unknown>, reason: string, certainty: 'certain' | 'uncertain') {
  const error = await sending.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ProviderUnavailable);
  expect(error).toMatchObject({ message: reason, uncertain: certainty === 'uncertain' });
}

describe('over TLS, with login', () => {
  it('hands a mail over once', async () => {
    const { port, received } = await mailServer();
    expect(await smtp(port).send(mail)).toBe('<notification-1@mente>');
    expect(received).toHaveLength(1);
    expect(received[0]).toMatchObject({
      secure: true,
      user: 'mente',
      mail: {
        messageId: '<notification-1@mente>',
        from: { value: [{ address: 'mente@example.org', name: '门特认定' }] },
        to: { value: [{ address: mail.address }] },
        subject: mail.subject,
        text: mail.body,
      },
    });
  });

  it('upgrades a plain connection first', async () => {
    const { port, received } = await mailServer({ secure: false });
    await smtp(port, { scheme: 'smtp' }).send(mail);
    expect(received).toMatchObject([{ secure: true, user: 'mente' }]);
  });

  it('takes the wrong password for something that may pass', async () => {
    const { port, received } = await mailServer();
    await expectUnavailable(smtp(port, { password: 'wrong' }).send(mail), 'SMTP 535', 'certain');
    expect(received).toEqual([]);
  });

  it("tells nothing to a server that isn't known", async () => {
    let logins = 0;
    const { port } = await mailServer({ onAuth: () => void logins++ });
    const error = await smtp(port, { trust: false })
      .send(mail)
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ProviderUnavailable);
    expect(logins).toBe(0);
  });
});

describe('what a server answers', () => {
  it.each<[string, Record<string, string>, number]>([
    ['no such mailbox', { ...envelope, RCPT: '550 no such user director@example.org' }, 550],
    ['content', { ...envelope, DATA: '354 go on', '.': '554 looks like spam' }, 554],
  ])('refuses the mail for good: %s', async (_, script, code) => {
    const { port } = await scripted(script);
    await expect(smtp(port, { scheme: 'smtp' }).send(mail)).rejects.toEqual(new NotificationRefused(`SMTP ${code}`));
  });

  it.each<[string, Record<string, string>, number]>([
    ['mailbox full', { ...envelope, RCPT: '451 try again later' }, 451],
    ['out of space', { ...envelope, DATA: '354 go on', '.': '452 try again later' }, 452],
    ['login missing', { ...envelope, MAIL: '530 authentication required' }, 530],
    ['sender unknown', { ...envelope, MAIL: '550 we know no mente@example.org' }, 550],
    ['shutting down', { ...login, MAIL: '421 bye' }, 421],
  ])('may pass, and the mail was not taken: %s', async (_, script, code) => {
    const { port } = await scripted(script);
    await expectUnavailable(smtp(port, { scheme: 'smtp' }).send(mail), `SMTP ${code}`, 'certain');
  });

  it('refuses an address that is none', async () => {
    const { port } = await scripted(envelope);
    const nobody = smtp(port, { scheme: 'smtp' }).send({ ...mail, address: 'nobody' });
    await expect(nobody).rejects.toEqual(new NotificationRefused('SMTP EENVELOPE'));
  });
});

describe('a connection that ends', () => {
  it('after the mail was given to the server may have left it there; it is not sent again by itself', async () => {
    const { port, connections } = await scripted({ ...envelope, DATA: '354 go on' });
    await expectUnavailable(smtp(port, { scheme: 'smtp' }).send(mail), 'SMTP ECONNECTION', 'uncertain');
    expect(connections).toEqual([['EHLO', 'AUTH', 'MAIL', 'RCPT', 'DATA', '.']]);
  });

  it('is taken for one that may have had the mail where nodemailer does not tell', async () => {
    const { port } = await scripted(login);
    await expectUnavailable(smtp(port, { scheme: 'smtp' }).send(mail), 'SMTP ECONNECTION', 'uncertain');
  });

  it('or never begins had none', async () => {
    await expectUnavailable(smtp(1).send(mail), 'SMTP ECONNREFUSED', 'certain');
    const { port } = await scripted({}, '554 not today');
    await expectUnavailable(smtp(port, { scheme: 'smtp' }).send(mail), 'SMTP 554', 'certain');
  });
});
