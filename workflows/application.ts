import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  isCancellation,
  setCurrentDetails,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import type { ApplicationStart } from '../activities/contract.ts';
import { awaitsEligibility, type CaseEvent } from '../domain/application.ts';
import { type Milestone, nextDue, type Purpose } from '../domain/milestones.ts';
import { entryNames } from '../domain/names.ts';
import type { EntryDetail, EntryKind } from '../domain/timeline.ts';
import { addChange, applyEvent, type CarriedCase, type Case, isLong, now, openCase } from './case.ts';
import { caseDetails, milestoneSummary } from './details.ts';
import { handedOver, handOver } from './hand-over.ts';
import { registerHandlers } from './handlers.ts';
import { accept, askCore, tellEndOfRenewal } from './insurance.ts';
import { searchAttributes } from './messages.ts';
import { store } from './store.ts';

/**
 * One application (门特认定申请), from its submission until nothing can happen to it any more.
 * A cancellation from Temporal Web doesn't end it: an application ends by a decision, a withdrawal or a date, never by a slip.
 */
export async function application(start: ApplicationStart, carried?: CarriedCase): Promise<void> {
  const kase = openCase(start, carried);
  // Cases begun before eligibility was checked are accepted before the first message is looked at.
  if (kase.state.status === 'submitted' && !awaitsEligibility(kase.state)) accept(kase);
  registerHandlers(kase);
  await CancellationScope.nonCancellable(() => run(kase));
}

async function run(kase: Case): Promise<void> {
  const core = new CancellationScope();
  const ask = () => void core.run(() => askCore(kase)).catch(unlessCancelled);
  ask();
  if (kase.pending.length === 0) await refreshSchedule(kase); // continued as new
  await recordPending(kase);
  while (!kase.state.closed) {
    await continueWhenLong(kase);
    await messageOrMilestone(kase);
    await recordPending(kase);
    ask();
  }
  core.cancel(); // withdrawn before it answered
  await tellEndOfRenewal(kase);
  await handedOver(kase.handing);
  await condition(allHandlersFinished);
  await recordPending(kase); // what was still noted while the last messages left
}

function unlessCancelled(error: unknown): void {
  if (!isCancellation(error)) throw error;
}

/** Writes what was decided, in order, and passes its messages on. Decisions that come in meanwhile are written too. */
async function recordPending(kase: Case): Promise<void> {
  for (let change = kase.pending[0]; change; change = kase.pending[0]) {
    const { acceptanceNumber } = kase.start;
    const summary = `记录:${entryNames[change.entry.kind]}`;
    const { schedule, ...queued } = await store.record.executeWithOptions({ summary }, [{ acceptanceNumber, change }]);
    kase.pending.shift();
    kase.recorded = change.sequence;
    publish(kase, schedule);
    handOver(kase.handing, queued, entryNames[change.entry.kind]);
  }
}

/** Shows the case in Temporal: details in words, and the search attributes that have changed. */
function publish(kase: Case, schedule: Case['schedule']): void {
  const { caseStatus, dueOn, escalationLevel } = searchAttributes;
  const shown = kase.published;
  const next = { status: kase.state.status, dueAt: schedule.dueAt, level: kase.state.escalationLevel };
  const dueAt = next.dueAt === null ? null : new Date(next.dueAt);
  const changes = [
    ...(shown.status === next.status ? [] : [{ key: caseStatus, value: next.status }]),
    ...(shown.dueAt === next.dueAt ? [] : [{ key: dueOn, value: dueAt }]),
    ...(shown.level === next.level ? [] : [{ key: escalationLevel, value: next.level }]),
  ];
  if (changes.length > 0) upsertSearchAttributes(changes);
  kase.published = next;
  kase.schedule = schedule;
  setCurrentDetails(caseDetails(kase));
}

/**
 * Sleeps until the next milestone or message. A milestone whose time has come asks again before it acts, since the calendar or
 * the policy may have moved it; and if a message comes in while it asks, the message goes first.
 */
async function messageOrMilestone(kase: Case): Promise<void> {
  const spoken = () => kase.pending.length > 0;
  // A run that has grown long wakes up to go on in a new one, even if nothing that came in changed the case.
  const awake = () => spoken() || canContinue(kase);
  const next = kase.schedule.milestones[0];
  if (!next) return condition(awake);
  const wait = Date.parse(next.at) - Date.now();
  if (wait > 0 && (await condition(awake, wait, { summary: milestoneSummary(next) }))) return;
  await refreshSchedule(kase);
  if (spoken()) return;
  const due = nextDue(kase.schedule.milestones, now());
  if (due) act(kase, due.milestone, due.keys);
}

async function refreshSchedule(kase: Case): Promise<void> {
  const { acceptanceNumber } = kase.start;
  const options = { summary: '查询期限' };
  publish(kase, await store.readSchedule.executeWithOptions(options, [{ acceptanceNumber, state: kase.state }]));
}

const reminders: Partial<Record<Purpose, EntryKind>> = {
  remindNotice: 'noticeReminded',
  remindReviewer: 'reviewerReminded',
  remindSupplement: 'supplementReminded',
  remindVerification: 'verificationReminded',
  remindResubmission: 'resubmissionReminded',
  remindAppeal: 'appealReminded',
};

/** What a milestone does to the case. Its key is part of the state from then on, so it can't fire twice in a round. */
function act(kase: Case, { purpose, value }: Milestone, keys: string[]): void {
  kase.state = { ...kase.state, fired: [...kase.state.fired, ...keys] };
  const entry = (kind: EntryKind, detail: EntryDetail) => ({ kind, by: 'system', via: 'system' as const, detail });
  const byItself = (event: CaseEvent, kind: EntryKind, detail: EntryDetail = {}) =>
    applyEvent(kase, event, entry(kind, detail));
  const reminder = reminders[purpose];
  if (reminder) addChange(kase, kase.state, entry(reminder, { left: value }));
  else if (purpose === 'escalate') byItself({ name: 'escalate', level: value }, 'escalated', { level: value });
  else if (purpose === 'tellDelay') addChange(kase, kase.state, entry('eligibilityDelayed', {}));
  else if (purpose === 'lapse') byItself({ name: 'lapse' }, 'lapsed');
  else if (purpose === 'missVerification') byItself({ name: 'missVerification' }, 'verificationMissed');
  else byItself({ name: 'close' }, 'closed');
}

/** This run has grown long, and nothing is under way. */
function canContinue(kase: Case): boolean {
  return isLong(kase) && kase.handing.underWay === 0;
}

/** Goes on in a new run before this one meets Temporal's limits. */
async function continueWhenLong(kase: Case): Promise<void> {
  if (!canContinue(kase)) return;
  await condition(allHandlersFinished);
  if (kase.pending.length > 0) return;
  const { start, state, sequence, timeline, published, renews } = kase;
  await continueAsNew<typeof application>({ ...start, state }, { sequence, timeline, published, renews });
}
