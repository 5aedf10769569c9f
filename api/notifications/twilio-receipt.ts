import twilio from 'twilio';
import { z } from 'zod';
import { type Taken, takenByTwilio } from '../../domain/notifications/receipts.ts';

/** A status callback as Twilio sent it. */
export interface StatusCallback {
  /** The header X-Twilio-Signature. */
  signature: string | undefined;
  /** All parameters of the form: the signature also covers those that we don't know. */
  parameters: Record<string, unknown>;
}

/**
 * Whether a callback comes from Twilio: only it and we know the account's token, which signs it.
 * @param url the public address, to the letter, that Twilio was given for its callbacks; behind a proxy the request
 * itself doesn't show it
 */
export function isFromTwilio({ signature, parameters }: StatusCallback, url: string, authToken: string): boolean {
  return twilio.validateRequest(authToken, signature ?? '', url, parameters);
}

/** What of a callback's form is read. */
export const receiptSchema = z.object({
  MessageSid: z.string().min(1).max(100),
  MessageStatus: z.string().min(1).max(100),
  ErrorCode: z.string().max(100).optional(),
});

/**
 * Reads a status callback; ask isFromTwilio first.
 * @returns null where it isn't about what became of a notification
 */
export function receiptOf(parameters: StatusCallback['parameters']): Taken | null {
  const receipt = receiptSchema.safeParse(parameters);
  if (!receipt.success) return null;
  const { MessageSid: sid, MessageStatus: status, ErrorCode: errorCode } = receipt.data;
  return takenByTwilio({ sid, status, errorCode });
}
