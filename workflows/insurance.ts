import {
  CancellationScope,
  getExternalWorkflowHandle,
  proxyActivities,
  startChild,
  WorkflowIdReusePolicy,
} from '@temporalio/workflow';
import type { AccreditationStart, InsuranceActivities } from '../activities/contract.ts';
import type { AccreditationMessage } from '../domain/accreditation.ts';
import { awaitsEligibility, awaitsRegistration } from '../domain/application.ts';
import type { EntryDetail, EntryKind } from '../domain/timeline.ts';
import { accreditation } from './accreditation.ts';
import { applyEvent, type Case } from './case.ts';
import { accreditationMessages, accreditationOptions } from './messages.ts';
import { apart, isNew } from './start-once.ts';

/** The insurance core may be down for days; the case waits, and goes on by itself soon after it is back. */
const insurance = proxyActivities<InsuranceActivities>({
  startToCloseTimeout: '60s', // a few questions of 10 s each, and our own store
  retry: { initialInterval: '2s', backoffCoefficient: 2, maximumInterval: '60s' },
});

const byItself = (kind: EntryKind, detail: EntryDetail = {}) =>
  ({ kind, by: 'system', via: 'system', detail }) as const;

/** Accepts an application (受理): the clock counts from the submission. */
export function accept(kase: Case): void {
  applyEvent(kase, { name: 'accept' }, byItself('accepted'));
}

/**
 * Asks the insurance core what the case waits for: eligibility before it is accepted, the registration of an approval. Goes on beside the
 * main loop, so that messages and dates don't wait for the core.
 */
export async function askCore(kase: Case): Promise<void> {
  const question = questionOf(kase);
  if (!question || kase.asking) return;
  kase.asking = true;
  try {
    await question(kase);
  } finally {
    kase.asking = false;
  }
}

function questionOf({ state }: Case) {
  if (awaitsEligibility(state)) return assess;
  return awaitsRegistration(state) ? register : undefined;
}

async function assess(kase: Case): Promise<void> {
  const { acceptanceNumber, type } = kase.start;
  const summary = '核对参保资格';
  const { reasons, accreditation: held } = await insurance.assess.executeWithOptions({ summary }, [
    { acceptanceNumber },
  ]);
  if (kase.state.status !== 'submitted') return; // withdrawn meanwhile
  if (reasons.length > 0) {
    applyEvent(kase, { name: 'refuse', reasons }, byItself('refused', { reasons }));
    return;
  }
  if (held && type === 'renewal') {
    const filedOn = kase.state.ledger.acceptedOn;
    kase.renews = held;
    await tell(held, { name: 'renewalFiled', payload: { acceptanceNumber, filedOn } });
  }
  if (kase.state.status === 'submitted') accept(kase);
}

async function register(kase: Case): Promise<void> {
  const { acceptanceNumber, type } = kase.start;
  const summary = '向医保核心系统备案';
  const registered = await insurance.register.executeWithOptions({ summary }, [{ acceptanceNumber }]);
  if ('reason' in registered) {
    const { reason } = registered;
    applyEvent(kase, { name: 'refuseRegistration' }, byItself('registrationRefused', { reason }));
    return;
  }
  const { validFrom, validUntil, ...start } = registered;
  if (type === 'new') await startAccreditation(start);
  if (type === 'renewal') await tell(start, { name: 'renewed', payload: { acceptanceNumber, validFrom, validUntil } });
  if (type === 'changeInstitution') await tell(start, { name: 'institutionChanged', payload: { acceptanceNumber } });
  const { accreditationId } = start;
  const detail = { accreditationId, validFrom, ...(validUntil ? { validUntil } : {}) };
  applyEvent(kase, { name: 'register' }, byItself('registered', detail));
}

/** An accreditation whose renewal came to nothing goes on to its end. */
export async function tellEndOfRenewal({ renews, state, start: { acceptanceNumber } }: Case): Promise<void> {
  if (renews && state.status !== 'approved')
    await tell(renews, { name: 'renewalEnded', payload: { acceptanceNumber } });
}

/**
 * Signals an accreditation; one that has no workflow (found in the core a moment ago, or ended by an operator) gets it now. One that was
 * revoked meanwhile has nothing to hear any more.
 */
async function tell(start: AccreditationStart, { name, payload }: AccreditationMessage): Promise<void> {
  const handle = getExternalWorkflowHandle(start.accreditationId);
  const send = () => handle.signal(accreditationMessages[name].signal as never, payload as never);
  await send().catch(async () => {
    await startAccreditation(start);
    await send().catch(() => undefined);
  });
}

async function startAccreditation(start: AccreditationStart): Promise<void> {
  // One that has ended stays so: `start` may have been read weeks ago. Only one that an operator ended is begun again.
  const workflowIdReusePolicy = WorkflowIdReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY;
  const options = { ...accreditationOptions(start), ...apart, workflowIdReusePolicy };
  // It goes on by itself: what ends the asking must not end it too.
  await CancellationScope.nonCancellable(() => isNew(startChild(accreditation, { ...options, args: [start] })));
}
