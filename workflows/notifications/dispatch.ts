import { CancellationScope, isCancellation, proxyActivities, sleep } from '@temporalio/workflow';
import type { OutwardActivities, StoreActivities } from '../../activities/contract.ts';
import { shanghaiMinute } from '../../domain/dates.ts';
import { type OutwardChannel, type Parcel, parcelOf, type Unsent } from '../../domain/notifications/delivery.ts';

/** A notification that was held for its hour, be it over a long holiday, is still tried for so long after that. */
const OPENING_MS = 3_600_000;

const outward = proxyActivities<OutwardActivities>({
  // A provider is asked what it has, and one or two providers are tried, each within 10 s or not at all. If it takes
  // longer, the worker has died.
  startToCloseTimeout: '35s',
  // A provider that is back is noticed within five minutes.
  retry: { initialInterval: '5s', backoffCoefficient: 2, maximumInterval: '5m' },
  // Decisions go first.
  priority: { priorityKey: 5 },
});

const store = proxyActivities<Pick<StoreActivities, 'giveUp'>>({
  startToCloseTimeout: '10s',
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '60s' },
});

/**
 * Dispatches what couldn't leave at once, beside the main loop, so that a slow provider never holds up a decision or a
 * date. Notifications of one channel leave in the order of their events. One channel doesn't wait for another, whose
 * provider may be down, and a result doesn't wait for a notification that is held till the morning.
 * The order has a bound. Where nobody knows what became of a notification, and its provider can't be asked, it holds up
 * those of the same case behind it for up to the policy's `uncertainMinutes`. After that another provider may have it.
 */
export class Dispatch {
  /** In the order of their events. */
  readonly outstanding: Parcel[] = [];
  /** Both stay empty until there is something to dispatch: most cases never have anything. */
  private scope: CancellationScope | undefined;
  private readonly queues: Partial<Record<OutwardChannel, Promise<void>>> = {};
  /** Those that wait for their hour. */
  private readonly held = new Set<Parcel>();

  constructor(parcels: Parcel[]) {
    for (const parcel of parcels) this.begin({ ...parcel });
  }

  add(unsent: Unsent, event: string): void {
    this.begin(parcelOf(unsent, event, new Date().toISOString()));
  }

  /** Channels over which something is on its way. What is sent later waits for it, to keep the order. */
  get busy(): OutwardChannel[] {
    return [...new Set(this.outstanding.filter((parcel) => !this.held.has(parcel)).map(({ channel }) => channel))];
  }

  get isEmpty(): boolean {
    return this.outstanding.length === 0;
  }

  /** Interrupts everything; what is outstanding goes on in the next run. */
  stop(): void {
    this.scope?.cancel();
  }

  private begin(parcel: Parcel): void {
    this.outstanding.push(parcel);
    if (isAhead(parcel.leavesAt)) void this.finish(parcel, () => this.hold(parcel));
    else {
      const { channel } = parcel;
      const before = this.queues[channel] ?? Promise.resolve();
      this.queues[channel] = before.then(() => this.finish(parcel, () => this.leaveOrHold(parcel)));
    }
  }

  /** Carries out what is to be done for a parcel, which is then no longer outstanding. */
  private async finish(parcel: Parcel, work: () => Promise<void>): Promise<void> {
    this.scope ??= new CancellationScope();
    try {
      await this.scope.run(work);
    } catch (error) {
      if (isCancellation(error)) return;
      throw error;
    }
    if (!this.held.has(parcel)) this.outstanding.splice(this.outstanding.indexOf(parcel), 1);
  }

  /** A parcel that turns out to be too early lets those behind it pass. */
  private async leaveOrHold(parcel: Parcel): Promise<void> {
    const again = await leave(parcel.notificationIds, parcel.event, Date.parse(parcel.until));
    if (again === null) return;
    parcel.leavesAt = again;
    this.held.add(parcel);
    void this.finish(parcel, () => this.hold(parcel));
  }

  /** Lets notifications wait for their instant, and again where some of them still may not leave then. */
  private async hold(parcel: Parcel): Promise<void> {
    this.held.add(parcel);
    for (let at: string | null = parcel.leavesAt; at; ) {
      parcel.leavesAt = at;
      const wait = Date.parse(at) - Date.now();
      if (wait > 0) await sleep(wait, { summary: `${shanghaiMinute(at)} 发送:${parcel.event}` });
      at = await leave(
        parcel.notificationIds,
        parcel.event,
        Math.max(Date.parse(parcel.until), Date.now() + OPENING_MS),
      );
    }
    this.held.delete(parcel);
  }
}

/**
 * Dispatches notifications, and gives them up where nobody has taken them in time.
 * @param until when there is no use in sending them any more, in milliseconds since 1970
 * @returns when to come back for those that may not leave yet (instant)
 */
export async function leave(notificationIds: string[], event: string, until: number): Promise<string | null> {
  const scheduleToCloseTimeout = until - Date.now();
  try {
    if (scheduleToCloseTimeout > 0) {
      const options = { summary: `通知:${event}`, scheduleToCloseTimeout };
      return await outward.notify.executeWithOptions(options, [{ notificationIds }]);
    }
  } catch (error) {
    if (isCancellation(error)) throw error;
    // Time is up.
  }
  await store.giveUp.executeWithOptions({ summary: '逾期未送出,放弃' }, [
    { notificationIds, now: new Date().toISOString() },
  ]);
  return null;
}

function isAhead(at: string): boolean {
  return Date.parse(at) > Date.now();
}
