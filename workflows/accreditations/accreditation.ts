import {
  ApplicationFailure,
  continueAsNew,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import type { AccreditationStart, Carried } from '../../activities/contract.ts';
import {
  type AccreditationMessageName,
  accreditationMessageNames,
  malformedAccreditationFields,
  understoodMessage,
} from '../../domain/accreditations/messages.ts';
import { type AccreditationMilestone, nextAccreditationDue } from '../../domain/accreditations/milestones.ts';
import type { AccreditationState } from '../../domain/accreditations/state.ts';
import {
  type AccreditationChange,
  type AccreditationEntryDetail,
  type AccreditationEntryKind,
  accreditationEntryNames,
} from '../../domain/accreditations/timeline.ts';
import { type AccreditationEvent, accreditationAfter, hasHeard } from '../../domain/accreditations/transitions.ts';
import { shanghaiDate, shanghaiInstant } from '../../domain/dates.ts';
import type { OutwardChannel } from '../../domain/notifications/delivery.ts';
import type { Via } from '../../domain/vocabulary.ts';
import { carrying, insurance, reads } from '../activities.ts';
import { type CarriedOut, Matter, now } from '../matter.ts';
import {
  type AccreditationProgress,
  accreditationMessages,
  accreditationProgress,
  searchAttributes,
} from '../messages.ts';
import { type Against, registerMessages } from '../receiving.ts';
import { uncancellable } from '../uncancellable.ts';
import { accreditationDetails, accreditationTimer } from './details.ts';

/** What an accreditation carries over when its workflow continues as new. */
export interface CarriedAccreditation extends Carried {
  state: AccreditationState;
  milestones: AccreditationMilestone[];
}

/**
 * One accreditation (门特认定), as long as it waits for something: it reminds the person to renew, ends, is renewed,
 * changed or revoked. It may live for years, so each period is a run of its own, which keeps its history short. An
 * accreditation without an end waits for nothing: its workflow begins with a message, and ends when that is
 * carried out.
 */
export async function accreditation(start: AccreditationStart, carried?: CarriedAccreditation): Promise<void> {
  await uncancellable(() => new Accreditation(start, carried).live());
}

const notRead: Carried = { sequence: 0, requests: [], parcels: [] };

class Accreditation extends Matter<AccreditationChange, AccreditationMilestone> {
  private readonly start: AccreditationStart;
  private known: Omit<CarriedAccreditation, keyof Carried> | undefined;
  /** The period with which this run began: the next one is a run of its own. */
  private since = '';
  /** The insurance core is being told of the revocation. */
  private isInforming = false;

  constructor(start: AccreditationStart, carried?: CarriedAccreditation) {
    super(carried ?? notRead);
    this.start = start;
    this.known = carried && { state: carried.state, milestones: carried.milestones };
  }

  async live(): Promise<void> {
    setHandler(accreditationProgress, () => this.progress());
    registerMessages<AccreditationMessageName>(this, accreditationMessageNames, accreditationMessages);
    if (!this.known) await this.read();
    this.since = this.state.validFrom;
    this.informCore();
    await this.run();
  }

  progress(): AccreditationProgress {
    const { accreditationId } = this.start;
    const { status, validFrom, validUntil, renewal } = this.state;
    const sequence = this.lastSequence;
    return { accreditationId, sequence, status, validFrom, validUntil, renewal: renewal?.acceptanceNumber ?? null };
  }

  // What the main loop asks of an accreditation.

  protected get isOver(): boolean {
    const { closed, validUntil, owesCore } = this.state;
    return closed || (validUntil === null && !owesCore);
  }

  protected get milestones(): AccreditationMilestone[] {
    return this.known?.milestones ?? [];
  }

  protected override get isLong(): boolean {
    return super.isLong || this.state.validFrom !== this.since;
  }

  protected async carryOut(
    changes: AccreditationChange[],
    { busy }: { busy: OutwardChannel[] },
  ): Promise<CarriedOut<AccreditationChange>> {
    const input = { accreditationId: this.start.accreditationId, changes, busy };
    const options = this.optionsFor(changes);
    const { milestones, unsent, coreInformed } = await carrying.carryOutAccreditation.executeWithOptions(options, [
      input,
    ]);
    this.publish(milestones);
    if (coreInformed) this.coreIsInformed();
    if ((changes.at(-1) as AccreditationChange).state.owesCore) this.informCore();
    return { unsent };
  }

  protected async lookAhead(): Promise<void> {
    const { state } = this;
    this.publish(await reads.readMilestones.executeWithOptions({ summary: '查询期限' }, [{ state }]));
  }

  protected reachMilestone(): void {
    const due = nextAccreditationDue(this.milestones, now());
    if (!due) return;
    const { purpose, value } = due.milestone;
    const state = { ...this.state, fired: [...this.state.fired, ...due.keys] };
    if (purpose === 'remindRenewal') this.change(state, byItself('renewalReminded', { left: value }));
    else if (purpose === 'extend') this.change(state, byItself('extended'));
    else this.apply({ name: purpose }, byItself(purpose === 'end' ? 'ended' : 'closed'), state);
  }

  protected summaryOf(next: AccreditationMilestone): string {
    return accreditationTimer(next);
  }

  protected nameOf({ entry }: AccreditationChange): string {
    return accreditationEntryNames[entry.kind];
  }

  protected continueAsNew(carried: Carried): Promise<never> {
    const { start, state, milestones } = this;
    return continueAsNew<typeof accreditation>(start, { ...carried, state, milestones });
  }

  // What receives messages.

  get isReady(): boolean {
    return this.known !== undefined;
  }

  get status(): string {
    return this.state.status;
  }

  malformed(name: AccreditationMessageName, payload: unknown): string[] {
    return malformedAccreditationFields(name, payload);
  }

  /** A signal's sender is only claimed, which is not enough to revoke. */
  against(name: AccreditationMessageName, payload: unknown, via: Via): Against | null {
    if (name === 'revoke' && via === 'signal') return {};
    return accreditationAfter(this.state, understoodMessage(name, payload), today()) ? null : {};
  }

  hasHeard(name: AccreditationMessageName, payload: unknown): boolean {
    return hasHeard(this.state, understoodMessage(name, payload));
  }

  receive(name: AccreditationMessageName, payload: unknown, via: Via, requestId?: string): number {
    const message = understoodMessage(name, payload);
    const { by = 'system', ...detail } = message.payload as { by?: string } & AccreditationEntryDetail;
    const entry = { kind: kinds[name], by, via, detail, ...(requestId ? { requestId } : {}) };
    this.apply(message, entry);
    return this.lastSequence;
  }

  ignore({ by, detail: { message, fields } }: { by: string; detail: { message: string } & Against }): void {
    const detail = { message, ...(fields ? { fields } : {}) };
    this.change(this.state, { kind: 'messageIgnored', by, via: 'signal', detail });
  }

  // How it changes.

  /** @throws ApplicationFailure as long as the state isn't read; a query may come before that */
  private get state(): AccreditationState {
    if (!this.known) throw ApplicationFailure.nonRetryable('The accreditation has not been read yet', 'NotReady');
    return this.known.state;
  }

  private async read(): Promise<void> {
    const { accreditationId } = this.start;
    const reading = reads.readAccreditation.executeWithOptions({ summary: '查询认定' }, [{ accreditationId }]);
    const { state, sequence, milestones, unsent } = await reading;
    this.known = { state, milestones };
    this.resumeAfter(sequence, unsent);
    const { validFrom, validUntil } = state;
    if (sequence === 0) this.change(state, byItself('granted', { validFrom, validUntil }));
    else this.publish(milestones);
  }

  /** Tells the core of a revocation, if it was too slow to hear of it when the revocation was carried out. */
  private informCore(): void {
    if (!this.state.owesCore || this.isInforming) return;
    this.isInforming = true;
    const { accreditationId } = this.start;
    this.goOnBeside(async () => {
      try {
        await insurance.deregister.executeWithOptions({ summary: '撤销医保备案' }, [{ accreditationId }]);
      } finally {
        this.isInforming = false;
      }
      this.coreIsInformed();
    });
  }

  private coreIsInformed(): void {
    if (this.state.owesCore) this.apply({ name: 'coreInformed' }, byItself('coreInformed'));
  }

  /** Nothing changes where an event doesn't fit the state. */
  private apply(event: AccreditationEvent, entry: NewEntry, before = this.state): void {
    const state = accreditationAfter(before, event, today());
    if (state) this.change(state, entry);
  }

  private change(state: AccreditationState, entry: NewEntry): void {
    this.known = { state, milestones: this.milestones };
    this.decide(state, entry);
  }

  /** Shows the accreditation in Temporal. The search attributes mean what they mean for a case. */
  private publish(milestones: AccreditationMilestone[]): void {
    const { state } = this;
    const { caseStatus, dueOn } = searchAttributes;
    const { status, validUntil } = state;
    this.known = { state, milestones };
    upsertSearchAttributes([
      { key: caseStatus, value: status },
      { key: dueOn, value: validUntil === null ? null : new Date(shanghaiInstant(validUntil, '24:00')) },
    ]);
    setCurrentDetails(accreditationDetails(state, milestones));
  }
}

type NewEntry = Omit<AccreditationChange['entry'], 'at'>;

function byItself(kind: AccreditationEntryKind, detail: AccreditationEntryDetail = {}): NewEntry {
  return { kind, by: 'system', via: 'system', detail };
}

const today = () => shanghaiDate(now());

const kinds: Record<AccreditationMessageName, AccreditationEntryKind> = {
  renewalFiled: 'renewalFiled',
  renewalEnded: 'renewalEnded',
  renewed: 'renewed',
  institutionChanged: 'institutionChanged',
  revoke: 'revoked',
};
