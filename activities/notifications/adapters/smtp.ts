import { createTransport, type NodemailerError } from 'nodemailer';
import type { NotificationProvider } from './provider.ts';
import { NotificationRefused, ProviderUnavailable } from './provider.ts';

/** Together less than the 20 s that a dispatch may take. */
const timeouts = { connectionTimeout: 5_000, greetingTimeout: 5_000, socketTimeout: 8_000 };

/**
 * E-mail over SMTP.
 * @param url e.g. smtps://user:password@host
 */
export function createSmtp(url: string, from: string): NotificationProvider & { close(): void } {
  const transport = createTransport({ url, pool: true, ...timeouts });
  return {
    async send({ id, address, subject, body }) {
      try {
        // The same id for every try, so that mailboxes which drop repeated ids show it once.
        const sent = await transport.sendMail({ from, to: address, subject, text: body, messageId: `<${id}@mente>` });
        return sent.messageId;
      } catch (error) {
        throw meaning(error as NodemailerError);
      }
    },
    close: () => transport.close(),
  };
}

/**
 * What an error of the SMTP server means. A notification is refused by a permanent reply about it or its recipient (RFC
 * 5321, 4.2.1), or for an address that is none. All else may pass by the next time; so may a sender or an account that
 * isn't allowed, since the operator can mend those.
 */
function meaning(error: NodemailerError): Error {
  const { code, originalCode, command, responseCode, permanent } = error;
  const reason = `SMTP ${responseCode ?? originalCode ?? code ?? 'no answer'}`;
  const aboutNotification = (code === 'EENVELOPE' || code === 'EMESSAGE') && command !== 'MAIL FROM';
  if (aboutNotification && (responseCode === undefined || permanent)) return new NotificationRefused(reason);
  return new ProviderUnavailable(reason, { uncertain: !knownNotTaken(error) });
}

/**
 * Whether the server surely hasn't taken the notification. Where a connection merely ends, nodemailer doesn't say
 * whether that was before or after it had given the server the notification (DATA).
 */
function knownNotTaken({ code = '', syscall, timeoutType, responseCode = 0 }: NodemailerError): boolean {
  const declined = responseCode >= 400;
  const notYetIn = ['EAUTH', 'EDNS', 'ETLS'].includes(code) || syscall === 'connect';
  return declined || notYetIn || (timeoutType !== undefined && timeoutType !== 'SOCKET_TIMEOUT');
}
