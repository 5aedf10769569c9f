import type { NotifiedEvent } from './events.ts';
import type { Leaving } from './sending-hours.ts';

/** A 短信 in words, and as 阿里云 knows it: by a template and what is put in; null where the policy names none. */
export interface SmsText {
  body: string;
  template: { code: string; parameters: Record<string, string> } | null;
}

/** A notification as it is worded, before it is written down: what it tells, to whom, over which channel. */
export interface NotificationDraft {
  purpose: NotifiedEvent | 'callOverdue';
  channel: 'sms' | 'email' | 'app';
  /** `applicant`, or a staff id. */
  recipient: string;
  subject?: string;
  body: string;
  /** When it leaves; an APP notification lies in the inbox at once. */
  leaving: Leaving | 'briefing';
  /** Of a 短信: what fills its template, and the template's code at 阿里云, if the policy gives one. */
  parameters?: Record<string, string>;
  templateCode?: string | undefined;
}
