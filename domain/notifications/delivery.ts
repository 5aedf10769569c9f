import { minutesAfter } from '../dates.ts';

/** Channels whose notifications a provider has to take; an APP notification is there once it is recorded. */
export const outwardChannels = ['sms', 'email'] as const;
export type OutwardChannel = (typeof outwardChannels)[number];

/**
 * Notifications of one change over one channel that nobody has dispatched yet. Those that wait for a briefing aren't
 * among them.
 */
export interface Unsent {
  channel: OutwardChannel;
  notificationIds: string[];
  /** The change's sequence. */
  sequence: number;
  /** When the first of them may leave (instant). */
  leavesAt: string;
}

/** Notifications of one change over one channel, on their way to their provider. */
export interface Parcel {
  channel: OutwardChannel;
  notificationIds: string[];
  /** What they are about, in words. */
  event: string;
  /** Instant before which they may not leave. */
  leavesAt: string;
  /** Instant after which there is no use in sending them any more. */
  until: string;
}

/**
 * Providers may be down for hours. Three days after a notification could have left first, there is no use in sending it
 * any more, and it is given up. The case that it is about goes on without it.
 */
export const WORTH_TRYING_MS = 3 * 86_400_000;

/** @param now instant */
export function parcelOf({ channel, notificationIds, leavesAt }: Unsent, event: string, now: string): Parcel {
  const from = Math.max(Date.parse(now), Date.parse(leavesAt));
  return { channel, notificationIds, event, leavesAt, until: new Date(from + WORTH_TRYING_MS).toISOString() };
}

/**
 * The further ways to reach somebody whose 短信 didn't arrive, in the order in which they are tried. The last one tells
 * the supervisors that nobody has called.
 */
export const deliverySteps = ['app', 'otherProvider', 'call', 'callOverdue'] as const;
export type DeliveryStep = (typeof deliverySteps)[number];

/** A step that was taken. The APP inbox is the first, at once where the notification wasn't there already. */
export interface TakenStep {
  step: DeliveryStep;
  /** Instant. */
  at: string;
}

/** A step that is taken in its time. */
export interface DueStep extends TakenStep {
  step: Exclude<DeliveryStep, 'app'>;
}

/** How long each step waits for the one before, from the policy. */
export interface DeliveryWaits {
  /** Minutes from the failure to the other provider. */
  otherProviderMinutes: number;
  /** Minutes from there to the call. */
  callMinutes: number;
  /** Hours that the office has for the call. */
  callHours: number;
}

export interface Undelivered {
  /** Instant at which the 短信 failed. */
  failedAt: string;
  toApplicant: boolean;
  /** Another provider may take it. */
  otherProvider: boolean;
  /** It has arrived after all, or somebody has called. */
  reached: boolean;
  taken: TakenStep[];
}

/**
 * The next way to try, and when; null when there is nothing more to do. For staff the other provider is the last way,
 * since they also have their e-mail.
 */
export function nextDeliveryStep(notification: Undelivered, waits: DeliveryWaits): DueStep | null {
  const { failedAt, toApplicant, otherProvider, reached, taken } = notification;
  const takenAt = (way: DeliveryStep) => taken.find(({ step }) => step === way)?.at;
  if (reached) return null;
  const sentAgainAt = takenAt('otherProvider');
  if (otherProvider && !sentAgainAt)
    return { step: 'otherProvider', at: minutesAfter(failedAt, waits.otherProviderMinutes) };
  if (!toApplicant) return null;
  const calledFor = takenAt('call');
  if (!calledFor) return { step: 'call', at: minutesAfter(sentAgainAt ?? failedAt, waits.callMinutes) };
  return takenAt('callOverdue') ? null : { step: 'callOverdue', at: minutesAfter(calledFor, waits.callHours * 60) };
}
