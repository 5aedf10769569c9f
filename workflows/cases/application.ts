import { condition, continueAsNew, setCurrentDetails, setHandler, upsertSearchAttributes } from '@temporalio/workflow';
import type {
  ApplicationStart,
  Carried,
  CarriedCase,
  CaseCarriedOut,
  Registration,
} from '../../activities/contract.ts';
import { awaiting, awaitsEligibility, awaitsRegistration } from '../../domain/cases/awaiting.ts';
import {
  against,
  broughtAbout,
  broughtBy,
  broughtByAssessment,
  broughtByRegistration,
} from '../../domain/cases/happenings.ts';
import {
  type Message,
  type MessageName,
  type Messages,
  malformedFields,
  messageNames,
} from '../../domain/cases/messages.ts';
import { type Milestone, nextDue } from '../../domain/cases/milestones.ts';
import { nothingAhead, type Schedule } from '../../domain/cases/schedule.ts';
import type { ApplicationState } from '../../domain/cases/state.ts';
import type { Change, EntryDetail, EntryKind } from '../../domain/cases/timeline.ts';
import { type CaseEvent, transition } from '../../domain/cases/transitions.ts';
import { shanghaiDate } from '../../domain/dates.ts';
import { entryNames } from '../../domain/names.ts';
import type { OutwardChannel } from '../../domain/notifications/delivery.ts';
import type { RefusalReason, Via } from '../../domain/vocabulary.ts';
import { carrying, insurance, reads } from '../activities.ts';
import { type CarriedOut, Matter, now } from '../matter.ts';
import { messages, type Progress, progress } from '../messages.ts';
import { type Against, registerMessages } from '../receiving.ts';
import { uncancellable } from '../uncancellable.ts';
import { caseDetails, changedAttributes, milestoneSummary } from './details.ts';

/** One application (门特认定申请), from its submission until nothing can happen to it any more. */
export async function application(start: ApplicationStart, carried?: CarriedCase): Promise<void> {
  await uncancellable(() => new Case(start, carried ?? justSubmitted(start)).live());
}

/** What a case carries at its start; Temporal already shows what `applicationOptions` gave it. */
function justSubmitted({ state }: ApplicationStart): CarriedCase {
  const published = { status: state.status, dueAt: null, level: 0 };
  return { sequence: 0, requests: [], parcels: [], timeline: [], schedule: null, published };
}

/** Entries that the query and the Updates answer, the latest ones; the store has all. */
const SHOWN_ENTRIES = 100;

class Case extends Matter<Change, Milestone> {
  private readonly start: ApplicationStart;
  private state: ApplicationState;
  /** Null until something was read or recorded. */
  private schedule: Schedule | null;
  private published: CarriedCase['published'];
  private timeline: Progress['timeline'];
  /** The last state that is in the store, by which the core is asked. */
  private recordedState: ApplicationState;
  /** The insurance core is being asked. */
  private isAsking = false;

  constructor(start: ApplicationStart, carried: CarriedCase) {
    super(carried);
    this.start = start;
    this.state = start.state;
    this.recordedState = start.state;
    this.schedule = carried.schedule;
    this.published = carried.published;
    this.timeline = [...carried.timeline];
  }

  async live(): Promise<void> {
    setHandler(progress, () => this.progress());
    registerMessages<MessageName>(this, messageNames, messages);
    if (this.bringsMore([])) await this.carryOutPending();
    else await this.resume();
    await this.run();
  }

  private async resume(): Promise<void> {
    if (this.schedule === null && !this.hasPending) await this.lookAhead();
    this.askCore();
  }

  /** What the case answers to those who ask. */
  progress(): Progress {
    const { acceptanceNumber } = this.start;
    const { status, round, ledger, escalationLevel, assignee } = this.state;
    const { dueOn, provisional } = this.ahead;
    return {
      acceptanceNumber,
      sequence: this.lastSequence,
      status,
      round,
      acceptedOn: ledger.acceptedOn,
      dueOn,
      provisional,
      escalationLevel,
      assignee,
      awaiting: awaiting(this.state, this.ahead),
      timeline: this.timeline,
    };
  }

  // What the main loop asks of a case.

  protected get isOver(): boolean {
    return this.state.closed;
  }

  protected get milestones(): Milestone[] {
    return this.ahead.milestones;
  }

  /** As a rule the core answers at once: then one activity is enough to accept a case, or to end an approved one. */
  protected override bringsMore(changes: Change[]): boolean {
    if (changes.length === 0) return awaitsEligibility(this.state) && !this.hasPending;
    return awaitsRegistration(this.state) && changes.some(({ entry }) => entry.kind === 'approved');
  }

  protected async carryOut(
    changes: Change[],
    { busy, isLast: asksCore }: { busy: OutwardChannel[]; isLast: boolean },
  ): Promise<CarriedOut<Change>> {
    const { acceptanceNumber } = this.start;
    const state = changes.at(-1)?.state ?? this.state;
    const sequence = changes.at(-1)?.sequence ?? this.lastSequence;
    const input = { acceptanceNumber, sequence, state, changes, busy, asksCore };
    const options = changes.length > 0 ? this.optionsFor(changes) : { summary: '核对参保资格' };
    const { schedule, unsent, followed, refusal } = await carrying.carryOut.executeWithOptions(options, [input]);
    if (followed) this.show(followed);
    this.recordedState = (followed ?? { state }).state;
    this.publish(schedule);
    if (refusal) this.refused(refusal);
    else this.askCore();
    return { unsent, followed };
  }

  protected async lookAhead(): Promise<void> {
    const input = { acceptanceNumber: this.start.acceptanceNumber, state: this.state };
    this.publish(await reads.readSchedule.executeWithOptions({ summary: '查询期限' }, [input]));
  }

  /** The milestone's keys are part of the state from then on, so it can't fire twice in a round. */
  protected reachMilestone(): void {
    const due = nextDue(this.milestones, now());
    if (!due) return;
    this.state = { ...this.state, fired: [...this.state.fired, ...due.keys] };
    const { event, kind, detail } = broughtAbout(due.milestone);
    this.change(event, byItself(kind, detail));
  }

  protected summaryOf(next: Milestone): string {
    return milestoneSummary(next);
  }

  protected nameOf({ entry }: Change): string {
    return entryNames[entry.kind];
  }

  protected continueAsNew(carried: Carried): Promise<never> {
    const { start, state, schedule, published, timeline } = this;
    return continueAsNew<typeof application>({ ...start, state }, { ...carried, schedule, published, timeline });
  }

  // What receives messages.

  /** Only its dates tell whether the time for a resubmission or an appeal is over. */
  get isReady(): boolean {
    return this.schedule !== null || this.state.status !== 'rejected';
  }

  get status(): string {
    return this.state.status;
  }

  malformed(name: MessageName, payload: unknown): string[] {
    return malformedFields(name, payload, this.state.ownKinds);
  }

  against(name: MessageName, payload: unknown, via: Via): Against | null {
    const today = shanghaiDate(now());
    // What is being carried out will most likely leave the case registered, when nothing fits any more, or accepted.
    if (!this.isOpen && awaitsRegistration(this.state)) return {};
    const state = (!this.isOpen && transition(this.state, { name: 'accept' }, today)) || this.state;
    return against(state, this.ahead, { name, payload } as Message, { claimed: via === 'signal', today });
  }

  /**
   * Hearing of the same calendar again (a second publication workflow, a repeated request) changes nothing, nor does
   * giving back what nobody has.
   */
  hasHeard(name: MessageName, payload: unknown): boolean {
    if (name === 'assign') return (payload as Messages['assign']).to === null && this.state.assignee === null;
    return name === 'calendarChanged' && (payload as { version: number }).version === this.state.calendarVersion;
  }

  receive(name: MessageName, payload: unknown, via: Via, requestId?: string): number {
    const { by, event, kind, detail } = broughtBy(this.state, { name, payload } as Message);
    this.change(event, { kind, by, via, detail, ...(requestId ? { requestId } : {}) });
    return this.lastSequence;
  }

  ignore({ by, detail }: Pick<NewEntry, 'by' | 'detail'>): void {
    this.change(undefined, { kind: 'messageIgnored', by, via: 'signal', detail });
  }

  // What it asks the insurance core.

  /** Asks what the case waits for, beside the main loop, so that messages and dates don't wait for the core. */
  private askCore(): void {
    const question = this.questionForCore();
    if (!question || this.isAsking) return;
    this.isAsking = true;
    this.goOnBeside(async () => {
      try {
        await question();
      } finally {
        this.isAsking = false;
      }
      // If the answer came too late to be used, the question is still open.
      this.askCore();
    });
  }

  private questionForCore(): (() => Promise<void>) | undefined {
    const input = { acceptanceNumber: this.start.acceptanceNumber };
    const assess = async () => {
      const { reasons } = await insurance.assess.executeWithOptions({ summary: '核对参保资格' }, [input]);
      this.assessed(reasons);
    };
    const register = async () => {
      this.registered(await insurance.register.executeWithOptions({ summary: '向医保核心系统备案' }, [input]));
    };
    if (awaitsEligibility(this.state)) return assess;
    return awaitsRegistration(this.state) && awaitsRegistration(this.recordedState) ? register : undefined;
  }

  /** A message sent while the core was asked goes first: its sender may know already that it arrived. */
  private refused(refusal: NonNullable<CaseCarriedOut['refusal']>): void {
    this.goOnBeside(async () => {
      await condition(() => this.isOpen && !this.isWaitedFor);
      if ('reasons' in refusal) this.assessed(refusal.reasons);
      else this.registered({ approval: this.lastApproval, ...refusal });
    });
  }

  /** Accepts the application (受理; the clock counts from the submission) or refuses it; not if it was withdrawn. */
  private assessed(reasons: RefusalReason[]): void {
    if (!awaitsEligibility(this.state)) return;
    const { event, kind, detail } = broughtByAssessment(reasons);
    this.change(event, byItself(kind, detail));
  }

  /** A late answer may be about an approval that was registered or taken back meanwhile. Then it changes nothing. */
  private registered({ approval, ...registration }: Registration): void {
    if (!awaitsRegistration(this.state) || approval !== this.lastApproval) return;
    const { event, kind, detail } = broughtByRegistration(registration);
    this.change(event, byItself(kind, detail));
  }

  private get lastApproval(): number {
    return this.timeline.findLast(({ kind }) => kind === 'approved')?.sequence ?? 0;
  }

  // How it changes.

  private get ahead(): Schedule {
    return this.schedule ?? nothingAhead;
  }

  /** @param event what moves the case, unless it doesn't fit the state; without one only the timeline changes */
  private change(event: CaseEvent | undefined, entry: NewEntry): void {
    const state = event ? transition(this.state, event, shanghaiDate(now())) : this.state;
    if (!state) return;
    const sequence = this.decide(state, entry);
    this.show({ sequence, entry: { at: now(), ...entry }, state });
  }

  /** Takes over the state that a change has left, and shows its entry in the timeline. */
  private show({ sequence, entry: { at, kind, by, via }, state }: Change): void {
    if (state.round > this.state.round) this.timeline = [];
    this.state = state;
    this.timeline = [...this.timeline, { sequence, at, kind, by, via }].slice(-SHOWN_ENTRIES);
  }

  /** Shows the case in Temporal: details in words, and the search attributes that have changed. */
  private publish(schedule: Schedule): void {
    const next = { status: this.state.status, dueAt: schedule.dueAt, level: this.state.escalationLevel };
    const changed = changedAttributes(this.published, next);
    if (changed.length > 0) upsertSearchAttributes(changed);
    this.published = next;
    this.schedule = schedule;
    setCurrentDetails(caseDetails(this.start.acceptanceNumber, this.state, schedule));
  }
}

type NewEntry = Omit<Change['entry'], 'at'>;

const byItself = (kind: EntryKind, detail: EntryDetail = {}): NewEntry => ({
  kind,
  by: 'system',
  via: 'system',
  detail,
});
