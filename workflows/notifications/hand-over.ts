import { CancellationScope, isCancellation, proxyActivities, sleep } from '@temporalio/workflow';
import type { OutwardActivities, StoreActivities } from '../../activities/contract.ts';
import { shanghaiMinute } from '../../domain/dates.ts';
import { type OutwardChannel, type Parcel, parcelOf, type Unsent } from '../../domain/notifications/delivery.ts';

/** One that was held till then, be it over a long holiday, is tried for so long all the same. */
const OPENING_MS = 3_600_000;

const outward = proxyActivities<OutwardActivities>({
  // A provider is asked what it has, and one or two are tried, each within 10 s or not at all; longer, and the worker has died.
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
 * Hands over what couldn't leave at once, beside the main loop: a slow provider never holds up a decision or a date. Messages of one channel leave in
 * the order of their events; one channel doesn't wait for another, whose provider may be down, and a result doesn't wait for what is held till the
 * morning. The bound of that order: one of which nobody knows what came, and whose provider can't be asked, holds up those of the same case behind it
 * for up to the policy's `uncertainMinutes`, until another provider may have it.
 */
export class HandOver {
  /** In the order of their events. */
  readonly outstanding: Parcel[] = [];
  /** Both once there is something to hand over: most cases never have any. */
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

  /** Channels over which something is on its way, which goes first. */
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

  /** One that turns out to be too early lets those behind it pass. */
  private async leaveOrHold(parcel: Parcel): Promise<void> {
    const again = await leave(parcel.messageIds, parcel.event, Date.parse(parcel.until));
    if (again === null) return;
    parcel.leavesAt = again;
    this.held.add(parcel);
    void this.finish(parcel, () => this.hold(parcel));
  }

  /** Lets messages wait for their instant, and for the next one where that is too early for some of them still. */
  private async hold(parcel: Parcel): Promise<void> {
    this.held.add(parcel);
    for (let at: string | null = parcel.leavesAt; at; ) {
      parcel.leavesAt = at;
      const wait = Date.parse(at) - Date.now();
      if (wait > 0) await sleep(wait, { summary: `${shanghaiMinute(at)} 发送:${parcel.event}` });
      at = await leave(parcel.messageIds, parcel.event, Math.max(Date.parse(parcel.until), Date.now() + OPENING_MS));
    }
    this.held.delete(parcel);
  }
}

/**
 * Hands messages over, and gives them up where nobody has taken them in time.
 * @param until when they say nothing any more, in milliseconds since 1970
 * @returns when to come back for those that may not leave yet (instant)
 */
export async function leave(messageIds: string[], event: string, until: number): Promise<string | null> {
  const scheduleToCloseTimeout = until - Date.now();
  try {
    if (scheduleToCloseTimeout > 0) {
      const options = { summary: `通知:${event}`, scheduleToCloseTimeout };
      return await outward.notify.executeWithOptions(options, [{ messageIds }]);
    }
  } catch (error) {
    if (isCancellation(error)) throw error;
    // Time is up.
  }
  await store.giveUp.executeWithOptions({ summary: '逾期未送出,放弃' }, [
    { messageIds, now: new Date().toISOString() },
  ]);
  return null;
}

function isAhead(at: string): boolean {
  return Date.parse(at) > Date.now();
}
