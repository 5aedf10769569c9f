import { createTransport } from 'nodemailer';
import type { MessageProvider } from './provider.ts';
import { MessageRefused, ProviderUnavailable } from './provider.ts';

/** Together less than the 20 s that a hand-over may take. */
const timeouts = { connectionTimeout: 5_000, greetingTimeout: 5_000, socketTimeout: 8_000 };

/**
 * E-mail over SMTP.
 * @param url e.g. smtps://user:password@host
 */
export function createSmtp(url: string, from: string): MessageProvider & { close(): void } {
  const transport = createTransport({ url, pool: true, ...timeouts });
  return {
    async send({ id, address, subject, body }) {
      try {
        // The same id for every try, so that mailboxes which drop repeated ids show it once.
        const sent = await transport.sendMail({ from, to: address, subject, text: body, messageId: `<${id}@mente>` });
        return sent.messageId;
      } catch (error) {
        throw meaning(error);
      }
    },
    close: () => transport.close(),
  };
}

/** A 5xx reply about the message (RFC 5321, 4.2.1), or an address that is none: all else may pass next time. */
function meaning(error: unknown): Error {
  const { responseCode, code } = error as { responseCode?: number; code?: string };
  const reason = `SMTP ${responseCode ?? code ?? 'no answer'}`;
  const aboutMessage = code === 'EENVELOPE' || code === 'EMESSAGE';
  const permanent = aboutMessage && (responseCode === undefined || responseCode >= 500);
  return permanent ? new MessageRefused(reason) : new ProviderUnavailable(reason);
}
