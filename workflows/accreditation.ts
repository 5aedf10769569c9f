import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  proxyActivities,
  setCurrentDetails,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { AccreditationStart, InsuranceActivities } from '../activities/contract.ts';
import { type AccreditationMilestone, type AccreditationState, nextAccreditationDue } from '../domain/accreditation.ts';
import { accreditationEntryNames } from '../domain/accreditation-timeline.ts';
import { shanghaiInstant } from '../domain/dates.ts';
import {
  type Accreditation,
  addAccreditationChange,
  applyAccreditationEvent,
  byItself,
  openAccreditation,
} from './accreditation-case.ts';
import { registerAccreditationHandlers } from './accreditation-handlers.ts';
import { accreditationDetails, accreditationTimer } from './details.ts';
import { handedOver, handOver } from './hand-over.ts';
import { searchAttributes } from './messages.ts';
import { store } from './store.ts';

/** The core hears of a revocation as soon as it is back. */
const insurance = proxyActivities<InsuranceActivities>({
  startToCloseTimeout: '30s',
  retry: { initialInterval: '2s', backoffCoefficient: 2, maximumInterval: '10m' },
});

/** Messages a run may receive before it continues as new. */
const MESSAGES_PER_RUN = 200;

/**
 * One accreditation (门特认定), as long as the benefit lasts: reminds the person to renew, ends, is renewed, changed or revoked. It lives for
 * years, and each period is a run of its own, so that its history stays short.
 */
export async function accreditation(start: AccreditationStart): Promise<void> {
  const one = openAccreditation(start);
  registerAccreditationHandlers(one);
  // A cancellation from Temporal Web doesn't end it.
  await CancellationScope.nonCancellable(() => run(one));
}

async function run(one: Accreditation): Promise<void> {
  if (one.sequence === 0) {
    const { validFrom, validUntil } = one.state;
    addAccreditationChange(one, one.state, byItself('granted', { validFrom, validUntil }));
  } else {
    one.milestones = await readMilestones(one);
  }
  await recordPending(one);
  while (!one.state.closed) {
    await continueInNextRun(one);
    if (one.state.owesCore) await informCore(one);
    else await messageOrMilestone(one);
    await recordPending(one);
  }
  await handedOver(one.handing);
  await condition(allHandlersFinished);
  await recordPending(one);
}

async function recordPending(one: Accreditation): Promise<void> {
  for (let change = one.pending[0]; change; change = one.pending[0]) {
    const event = accreditationEntryNames[change.entry.kind];
    const input = { accreditationId: one.id, change };
    const recorded = await store.recordAccreditation.executeWithOptions({ summary: `记录:${event}` }, [input]);
    one.pending.shift();
    one.recorded = change.sequence;
    one.milestones = recorded.milestones;
    publish(one, change.state);
    handOver(one.handing, recorded, event);
  }
}

/** Shows the accreditation in Temporal, where the search attributes say what they say of a case. */
function publish(one: Accreditation, { status, validUntil }: AccreditationState): void {
  const { caseStatus, dueOn } = searchAttributes;
  upsertSearchAttributes([
    { key: caseStatus, value: status },
    { key: dueOn, value: validUntil === null ? null : new Date(shanghaiInstant(validUntil, '24:00')) },
  ]);
  setCurrentDetails(accreditationDetails(one.state, one.milestones));
}

/** Tells the core of a revocation; nothing else can happen to a revoked accreditation meanwhile. */
async function informCore(one: Accreditation): Promise<void> {
  await insurance.deregister.executeWithOptions({ summary: '撤销医保备案' }, [{ accreditationId: one.id }]);
  applyAccreditationEvent(one, { name: 'coreInformed' }, byItself('coreInformed'));
}

async function messageOrMilestone(one: Accreditation): Promise<void> {
  const spoken = () => one.pending.length > 0;
  const awake = () => spoken() || canContinue(one);
  const next = one.milestones[0];
  if (!next) return condition(awake);
  const wait = Date.parse(next.at) - Date.now();
  if (wait > 0 && (await condition(awake, wait, { summary: accreditationTimer(next) }))) return;
  // The policy may have moved it.
  one.milestones = await readMilestones(one);
  if (spoken()) return;
  const due = nextAccreditationDue(one.milestones, new Date().toISOString());
  if (due) act(one, due.milestone, due.keys);
}

function readMilestones({ state }: Accreditation): Promise<AccreditationMilestone[]> {
  return store.readMilestones.executeWithOptions({ summary: '查询期限' }, [{ state }]);
}

function act(one: Accreditation, { purpose, value }: AccreditationMilestone, keys: string[]): void {
  one.state = { ...one.state, fired: [...one.state.fired, ...keys] };
  if (purpose === 'remindRenewal') addAccreditationChange(one, one.state, byItself('renewalReminded', { left: value }));
  else if (purpose === 'extend') addAccreditationChange(one, one.state, byItself('extended'));
  else if (purpose === 'end') applyAccreditationEvent(one, { name: 'end' }, byItself('ended'));
  else applyAccreditationEvent(one, { name: 'close' }, byItself('closed'));
}

/** A new period has begun, or this run has grown long; and nothing is under way. */
function canContinue(one: Accreditation): boolean {
  const long = workflowInfo().continueAsNewSuggested || one.messagesReceived >= MESSAGES_PER_RUN;
  return (long || one.state.validFrom !== one.since) && one.handing.underWay === 0;
}

async function continueInNextRun(one: Accreditation): Promise<void> {
  if (!canContinue(one)) return;
  await condition(allHandlersFinished);
  if (one.pending.length > 0) return;
  await continueAsNew<typeof accreditation>({ accreditationId: one.id, state: one.state, sequence: one.sequence });
}
