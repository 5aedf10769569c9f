/** A further way to reach somebody whose 短信 didn't arrive, in this order; the last tells the supervisors that nobody has called. */
export const deliverySteps = ['app', 'otherProvider', 'call', 'callOverdue'] as const;
export type DeliveryStep = (typeof deliverySteps)[number];

/** A step that was taken. */
export interface TakenStep {
  step: DeliveryStep;
  /** Instant. */
  at: string;
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
  /** The same lies in the APP inbox already. */
  inApp: boolean;
  /** Another provider may take it. */
  otherProvider: boolean;
  /** It has arrived after all, or somebody has called. */
  reached: boolean;
  taken: TakenStep[];
}

/**
 * The next way to try, and when; null when there is nothing more to do. Staff who get no 短信 have their e-mail: for them the other
 * provider is the last way.
 */
export function nextDeliveryStep(message: Undelivered, waits: DeliveryWaits): TakenStep | null {
  if (message.reached) return null;
  const done = (step: DeliveryStep) => message.taken.find((one) => one.step === step);
  const after = (since: string, minutes: number) => new Date(Date.parse(since) + minutes * 60_000).toISOString();
  const { failedAt, toApplicant, inApp, otherProvider } = message;
  if (toApplicant && !inApp && !done('app')) return { step: 'app', at: failedAt };
  if (otherProvider && !done('otherProvider')) {
    return { step: 'otherProvider', at: after(failedAt, waits.otherProviderMinutes) };
  }
  if (!toApplicant) return null;
  const called = done('call');
  if (!called) return { step: 'call', at: after(done('otherProvider')?.at ?? failedAt, waits.callMinutes) };
  return done('callOverdue') ? null : { step: 'callOverdue', at: after(called.at, waits.callHours * 60) };
}
