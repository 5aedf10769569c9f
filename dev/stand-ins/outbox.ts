import { openJsonLines } from './json-lines.ts';

interface Sent {
  id: string;
  /** Instant at which it was accepted, ISO. */
  at: string;
  from: string;
  to: string;
  body: string;
}

interface Sms extends Sent {
  kind: 'sms';
}
interface TwilioSms extends Sms {
  provider: 'twilio';
}
interface AliyunSms extends Sms {
  provider: 'aliyun';
  /** The id that the sender gave it. */
  outId: string;
  templateCode: string;
}
interface Mail extends Sent {
  kind: 'email';
  subject: string;
}

export type OutboxMessage = TwilioSms | AliyunSms | Mail;

/** A 短信 that one provider has taken. */
export type SmsOf<Provider extends 'twilio' | 'aliyun'> = Extract<OutboxMessage, { provider: Provider }>;

/** Everything that the stand-ins have accepted. */
export interface Outbox {
  add(message: OutboxMessage): void;
  /** Newest first. */
  messages(): OutboxMessage[];
  /** What one provider of 短信 has taken, newest first. */
  smsOf<Provider extends 'twilio' | 'aliyun'>(provider: Provider): SmsOf<Provider>[];
}

/** @param dataDir where `outbox.jsonl` keeps the messages across restarts; undefined keeps them in memory only */
export function createOutbox(dataDir: string | undefined): Outbox {
  const kept = openJsonLines<OutboxMessage>(dataDir, 'outbox.jsonl');
  const messages = kept.entries;
  return {
    add(message) {
      messages.push(message);
      kept.append(message);
    },
    messages: () => messages.toReversed(),
    smsOf: <Provider extends 'twilio' | 'aliyun'>(provider: Provider) =>
      messages
        .toReversed()
        .filter((message): message is SmsOf<Provider> => message.kind === 'sms' && message.provider === provider),
  };
}
