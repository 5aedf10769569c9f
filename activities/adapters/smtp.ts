import { createTransport } from 'nodemailer';
import type { MessageProvider } from './provider.ts';
import { MessageRefused, ProviderUnavailable } from './provider.ts';

const TIMEOUT_MS = 10_000;

/**
 * E-mail over SMTP.
 * @param url e.g. smtps://user:password@host
 */
export function createSmtp(url: string, from: string): MessageProvider & { close(): void } {
  const timeouts = { connectionTimeout: TIMEOUT_MS, greetingTimeout: TIMEOUT_MS, socketTimeout: TIMEOUT_MS };
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

/** A 5xx reply to the envelope is about this message (RFC 5321, 4.2.1); all else may pass next time. */
function meaning(error: unknown): Error {
  const { responseCode, code } = error as { responseCode?: number; code?: string };
  const permanent = code === 'EENVELOPE' || (code === 'EMESSAGE' && (responseCode ?? 0) >= 500);
  const reason = `SMTP ${responseCode ?? code ?? 'no answer'}`;
  return permanent && (responseCode ?? 0) >= 500 ? new MessageRefused(reason) : new ProviderUnavailable(reason);
}
