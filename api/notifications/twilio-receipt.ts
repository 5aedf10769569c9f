import twilio from 'twilio';
import { z } from 'zod';
import { type Taken, takenByTwilio } from '../../domain/notifications/receipts.ts';

/** A status callback of Twilio's, as it came in. */
export interface StatusCallback {
  /** The header X-Twilio-Signature. */
  signature: string | undefined;
  /** All of the form's parameters: the signature covers also those that we don't know. */
  parameters: Record<string, unknown>;
}

/**
 * Whether whoever sent it knows the account's token.
 * @param url the public address that Twilio was given for its callbacks, to the letter: behind a proxy the request
 * doesn't show it
 */
export function isFromTwilio({ signature, parameters }: StatusCallback, url: string, authToken: string): boolean {
  return twilio.validateRequest(authToken, signature ?? '', url, parameters);
}

const receiptSchema = z.object({
  MessageSid: z.string().min(1),
  MessageStatus: z.string().min(1),
  ErrorCode: z.string().optional(),
});

/**
 * What a status callback says; ask isFromTwilio first.
 * @returns null where it isn't about what became of a message
 */
export function receiptOf(parameters: StatusCallback['parameters']): Taken | null {
  const receipt = receiptSchema.safeParse(parameters);
  if (!receipt.success) return null;
  const { MessageSid: sid, MessageStatus: status, ErrorCode: errorCode } = receipt.data;
  return takenByTwilio({ sid, status, errorCode });
}
