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

export type OutboxNotification = TwilioSms | AliyunSms | Mail;

/** A 短信 that one provider has taken. */
export type SmsOf<Provider extends 'twilio' | 'aliyun'> = Extract<OutboxNotification, { provider: Provider }>;

/** Everything that the stand-ins have accepted. */
export interface Outbox {
  add(notification: OutboxNotification): void;
  /** Newest first. */
  notifications(): OutboxNotification[];
  /** What one provider of 短信 has taken, newest first. */
  smsOf<Provider extends 'twilio' | 'aliyun'>(provider: Provider): SmsOf<Provider>[];
}

/** @param dataDir where `outbox.jsonl` keeps the notifications across restarts; undefined keeps them in memory only */
export function createOutbox(dataDir: string | undefined): Outbox {
  const kept = openJsonLines<OutboxNotification>(dataDir, 'outbox.jsonl');
  const notifications = kept.entries;
  return {
    add(notification) {
      notifications.push(notification);
      kept.append(notification);
    },
    notifications: () => notifications.toReversed(),
    smsOf: <Provider extends 'twilio' | 'aliyun'>(provider: Provider) =>
      notifications
        .toReversed()
        .filter(
          (notification): notification is SmsOf<Provider> =>
            notification.kind === 'sms' && notification.provider === provider,
        ),
  };
}
