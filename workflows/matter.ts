import type { Priority } from '@temporalio/common';
import { allHandlersFinished, CancellationScope, condition, workflowInfo } from '@temporalio/workflow';
import type { Carried } from '../activities/contract.ts';
import type { OutwardChannel, Unsent } from '../domain/notifications/delivery.ts';
import type { Via } from '../domain/vocabulary.ts';
import { Dispatch } from './notifications/dispatch.ts';

/** One step of a matter: its entry, and the whole state after it. Numbered from 1 without gaps. */
export interface Step {
  sequence: number;
  entry: { at: string; kind: string; by: string; via: Via; requestId?: string };
  state: { closed: boolean };
}

/** Something that is due at an instant. */
export interface Due {
  at: string;
}

/** What is left to do once steps were carried out. */
export interface CarriedOut<Taken> {
  /** Notifications, by the step that causes them. */
  unsent: Unsent[];
  /** A step that followed by itself, and is recorded. */
  followed?: Taken | undefined;
}

/**
 * Messages a run may receive before it continues as new. Temporal itself ends a run at 2,000 Updates or 10,000
 * Signals.
 */
const MESSAGES_PER_RUN = 500;
/**
 * How many steps are carried out together, and how many characters of them: the activity's input must not become larger
 * than Temporal takes.
 */
const AT_ONCE = 50;
const CHARACTERS_AT_ONCE = 200_000;

/**
 * A matter (事项) that the office keeps until it is closed: the case of an application, or an accreditation. Handlers
 * decide synchronously and enqueue what was decided (`decide`). The main loop (`run`) carries it out by ordinary
 * activities, so that nothing happens that the workflow could forget.
 */
export abstract class Matter<Taken extends Step, Milestone extends Due> {
  /** Of the last step decided. */
  private sequence: number;
  /** Sequence of the last step that is in the store. */
  private recorded: number;
  private readonly pending: Taken[] = [];
  private readonly parcels: Dispatch;
  private readonly requests: string[];
  /** Messages that came in during this run. */
  private received = 0;
  /** Who waits until a step is in the store. */
  private waiting: { sequence: number; resolve: () => void }[] = [];
  private waitingForOpen = 0;
  /** What goes on beside the main loop, once something does, and how much of it. */
  private beside: CancellationScope | undefined;
  private underWay = 0;
  /** What has failed for good beside the main loop. */
  private failure: unknown;

  protected constructor({ sequence, requests, parcels }: Carried) {
    this.sequence = sequence;
    this.recorded = sequence;
    this.requests = [...requests];
    this.parcels = new Dispatch(parcels);
  }

  /** What lies ahead, earliest first, as it was read last. */
  protected abstract get milestones(): Milestone[];
  /** Nothing can happen any more, or nothing is waited for. */
  protected abstract get isOver(): boolean;
  /** Carries steps out by an ordinary activity. @param isLast nothing is decided until that has come to its end */
  protected abstract carryOut(
    steps: Taken[],
    carrying: { busy: OutwardChannel[]; isLast: boolean },
  ): Promise<CarriedOut<Taken>>;
  /**
   * Whether the activity that carries steps out may also record what follows from them. It doesn't, unless a subclass
   * says so.
   */
  protected bringsMore(_steps: Taken[]): boolean {
    return false;
  }
  /** Reads anew what lies ahead: the calendar or the policy may have moved it. */
  protected abstract lookAhead(): Promise<void>;
  /** Acts on the earliest milestone whose time has come. */
  protected abstract reachMilestone(): void;
  /** In words, what a timer waits for, and what a step is. */
  protected abstract summaryOf(milestone: Milestone): string;
  protected abstract nameOf(step: Taken): string;
  /** @throws ContinueAsNew */
  protected abstract continueAsNew(carried: Carried): Promise<never>;

  /**
   * Lives until it is over. To be run in a scope that can't be cancelled: a matter ends by a decision or a date, never
   * by a slip of the hand in Temporal Web.
   */
  protected async run(): Promise<void> {
    for (;;) {
      if (this.failure !== undefined) throw this.failure;
      if (this.pending.length > 0) await this.carryOutPending();
      else if (this.isOver) {
        if (await this.hasEnded()) return;
      } else if (this.isLong) await this.goOnInNewRun();
      else await this.messageOrMilestone();
    }
  }

  /** Adds a step to those that the main loop carries out. @returns its sequence */
  protected decide(state: Taken['state'], entry: Omit<Taken['entry'], 'at'>): number {
    this.sequence += 1;
    this.pending.push({ sequence: this.sequence, entry: { at: now(), ...entry }, state } as Taken);
    if (entry.requestId !== undefined) {
      this.requests.push(entry.requestId);
      if (this.requests.length > MESSAGES_PER_RUN) this.requests.shift();
    }
    return this.sequence;
  }

  /**
   * Goes on from what a matter has read of itself: the last step recorded, and the notifications that an earlier run
   * has left unsent.
   */
  protected resumeAfter(sequence: number, unsent: Unsent[]): void {
    this.sequence = sequence;
    this.recorded = sequence;
    for (const batch of unsent) this.parcels.add(batch, '继续发送');
  }

  /**
   * How steps are carried out: the summary in few words, since Temporal takes no more, and the priority. A step that
   * somebody waits for goes before one that time has brought.
   */
  protected optionsFor(steps: Taken[]): { summary: string; priority: Priority } {
    const last = this.nameOf(steps.at(-1) as Taken);
    const summary = `记录:${steps.length === 1 ? last : `${steps.length} 项,最后为${last}`}`;
    const isAwaited = steps.some(({ entry }) => entry.by !== 'system');
    return { summary, priority: { priorityKey: isAwaited ? 1 : 3 } };
  }

  /**
   * Lets something go on beside the main loop, which doesn't wait for it. The end of the run cancels it. If it fails
   * for good, the run fails too.
   */
  protected goOnBeside(work: () => Promise<void>): void {
    const scope = this.beside ?? new CancellationScope();
    this.beside = scope;
    this.underWay += 1;
    const done = scope.run(work).finally(() => {
      this.underWay -= 1;
    });
    done.catch((error) => {
      if (!scope.consideredCancelled) this.failure = error;
    });
  }

  private interruptBeside(): void {
    this.beside?.cancel();
    this.beside = undefined;
  }

  /** False until it knows its own state. Before that, nothing can be said of a message. */
  abstract readonly isReady: boolean;
  /** False while only what is being carried out knows the next step: then nothing is decided. */
  isOpen = true;

  untilReady(): Promise<void> {
    return CancellationScope.nonCancellable(() => condition(() => this.isReady));
  }

  async untilOpen(): Promise<void> {
    this.waitingForOpen += 1;
    await CancellationScope.nonCancellable(() => condition(() => this.isReady && this.isOpen));
    this.waitingForOpen -= 1;
  }

  /** Messages wait until it is open. */
  protected get isWaitedFor(): boolean {
    return this.waitingForOpen > 0;
  }

  /**
   * Resolves when a step is in the store. A cancellation doesn't end the matter, so it doesn't end this wait either.
   */
  untilRecorded(sequence: number): Promise<void> {
    return new Promise((resolve) => {
      this.waiting.push({ sequence, resolve });
      this.tellWaiting();
    });
  }

  private tellWaiting(): void {
    const isRecorded = ({ sequence }: { sequence: number }) => this.recorded >= sequence;
    for (const { resolve } of this.waiting.filter(isRecorded)) resolve();
    this.waiting = this.waiting.filter((waiter) => !isRecorded(waiter));
  }

  /** Whether an Update was applied before, in an earlier run. */
  knows(requestId: string | undefined): boolean {
    return requestId !== undefined && this.requests.includes(requestId);
  }

  countMessage(): void {
    this.received += 1;
  }

  /** Something was decided that isn't recorded. */
  protected get hasPending(): boolean {
    return this.pending.length > 0;
  }

  /** Of the last step decided. */
  get lastSequence(): number {
    return this.sequence;
  }

  /** Carries out what is pending. There may be nothing, where something follows by itself. */
  protected async carryOutPending(): Promise<void> {
    const steps = this.nextSteps();
    const isLast = steps.length === this.pending.length && this.bringsMore(steps);
    this.isOpen = !isLast;
    const { unsent, followed } = await this.carryOut(steps, { busy: this.parcels.busy, isLast });
    this.isOpen = true;
    this.pending.splice(0, steps.length);
    const done = followed ? [...steps, followed] : steps;
    this.recorded = done.at(-1)?.sequence ?? this.recorded;
    if (followed) this.sequence = followed.sequence;
    this.tellWaiting();
    for (const batch of unsent) {
      const cause = done.find(({ sequence }) => sequence === batch.sequence) as Taken;
      this.parcels.add(batch, this.nameOf(cause));
    }
  }

  /** The first of the pending steps: as many as go into one input, and at least one. */
  private nextSteps(): Taken[] {
    let characters = 0;
    const steps = this.pending.slice(0, AT_ONCE);
    const tooMuch = steps.findIndex((step, index) => {
      characters += JSON.stringify(step).length;
      return index > 0 && characters > CHARACTERS_AT_ONCE;
    });
    return tooMuch < 0 ? steps : steps.slice(0, tooMuch);
  }

  /**
   * Sleeps until the next milestone or message. When the time of a milestone has come, its date is read again
   * before the matter acts, since the calendar or the policy may have moved it. If a message comes in while it
   * reads, the message goes first.
   */
  private async messageOrMilestone(): Promise<void> {
    // A run that has grown long wakes up to go on in a new one, even if nothing that came in changed anything.
    const isAwake = () => this.pending.length > 0 || this.isLong || this.failure !== undefined;
    const next = this.milestones[0];
    if (!next) return condition(isAwake);
    const wait = Date.parse(next.at) - Date.now();
    if (wait > 0 && (await condition(isAwake, wait, { summary: this.summaryOf(next) }))) return;
    await this.lookAhead();
    if (this.pending.length === 0) this.reachMilestone();
  }

  /**
   * Waits until nothing is under way and nobody waits for an answer.
   * @returns false where something was decided meanwhile
   */
  private async hasEnded(): Promise<boolean> {
    this.interruptBeside();
    await condition(() => this.pending.length > 0 || (allHandlersFinished() && this.parcels.isEmpty && !this.underWay));
    return this.pending.length === 0;
  }

  /** Whether this run has become long enough to go on in a new one. */
  protected get isLong(): boolean {
    return workflowInfo().continueAsNewSuggested || this.received >= MESSAGES_PER_RUN;
  }

  /** Goes on in a new run before this one meets Temporal's limits. What goes on beside it is begun again there. */
  private async goOnInNewRun(): Promise<void> {
    this.interruptBeside();
    await condition(() => this.pending.length > 0 || (allHandlersFinished() && !this.underWay));
    if (this.pending.length > 0) return;
    this.parcels.stop();
    const { sequence, requests } = this;
    await this.continueAsNew({ sequence, requests, parcels: this.parcels.outstanding });
  }
}

/** The workflow's clock. */
export function now(): string {
  return new Date().toISOString();
}
