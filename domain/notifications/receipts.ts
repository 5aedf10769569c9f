/** What has become of a notification that a provider took. */
export const receiptStates = ['underWay', 'delivered', 'undelivered'] as const;
export type ReceiptState = (typeof receiptStates)[number];

/** What a provider says of a notification that it took, when asked or by itself in a delivery receipt (回执). */
export interface Taken {
  providerId: string;
  state: ReceiptState;
  /** The provider's code for why it wasn't delivered. */
  failure?: string | undefined;
}

/**
 * Twilio's status of a notification as one of ours. A status that isn't known to be final (`sent`, or one that is new
 * to us) counts as under way.
 * @see https://www.twilio.com/docs/messaging/api/message-resource#message-status-values
 */
export function takenByTwilio(notification: {
  sid: string;
  status: string;
  errorCode?: string | number | null | undefined;
}): Taken {
  const { sid: providerId, status, errorCode } = notification;
  if (status === 'delivered' || status === 'read') return { providerId, state: 'delivered' };
  if (!['undelivered', 'failed', 'canceled'].includes(status)) return { providerId, state: 'underWay' };
  return { providerId, state: 'undelivered', failure: errorCode ? String(errorCode) : undefined };
}
