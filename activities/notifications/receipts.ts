import { minutesAfter } from '../../domain/dates.ts';
import type { SmsProviderName } from '../../policy/notifications/schema.ts';
import type { Policy } from '../../policy/schema.ts';
import { policyInForce } from '../../policy/versions.ts';
import { askAgainAt, attemptsToAsk, recordReceipt } from '../../store/notifications/receipts.ts';
import type { AttemptRow } from '../../store/notifications/tables.ts';
import { beating } from '../beating.ts';
import { workflowNow } from '../clock.ts';
import type { OutwardActivities } from '../contract.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { ProviderUnavailable } from './adapters/provider.ts';
import { lookUp } from './send.ts';

/** Asked in a run, and at once. */
const PER_RUN = 200;
const AT_ONCE = 10;

/** Builds the activity that asks the providers what became of notifications. */
export function createReceiptActivities(dependencies: ActivityDependencies): Pick<OutwardActivities, 'askReceipts'> {
  const askAll = async () => {
    const policy = policyInForce(dependencies);
    const due = await attemptsToAsk(dependencies.store, dependencies.now(), PER_RUN);
    while (due.length > 0)
      await Promise.all(due.splice(0, AT_ONCE).map((attempt) => askOrPutOff(dependencies, policy, attempt)));
  };
  return { askReceipts: () => beating(askAll) };
}

/**
 * An unexpected failure of one attempt doesn't keep the others from being asked for; this one is asked for again later.
 */
async function askOrPutOff(dependencies: ActivityDependencies, policy: Policy, attempt: AttemptRow): Promise<void> {
  try {
    await ask(dependencies, policy, attempt);
  } catch (error) {
    dependencies.onError('askReceipts', error);
    const askAt = minutesAfter(dependencies.now(), policy.notifying.receiptMinutes);
    await askAgainAt(dependencies.store, attempt, askAt);
  }
}

/**
 * Asks for one receipt. Where it hasn't come yet, the next question follows once as much time has passed again; in the
 * end the notification counts as undelivered.
 */
async function ask(dependencies: ActivityDependencies, policy: Policy, attempt: AttemptRow): Promise<void> {
  const { store, now } = dependencies;
  const { receiptMinutes, receiptHours } = policy.notifying;
  const provider = dependencies.providers.sms[attempt.provider as SmsProviderName];
  const answer = await lookUp(store, provider, attempt).catch(noAnswer);
  if (answer && answer !== 'noAnswer' && answer.state !== 'underWay')
    return recordReceipt(store, attempt, answer, workflowNow(now));
  const age = (Date.parse(now()) - Date.parse(attempt.startedAt)) / 60_000;
  if (age >= receiptHours * 60)
    return recordReceipt(store, attempt, { state: 'undelivered', failure: 'no receipt' }, workflowNow(now));
  const wait = answer === 'noAnswer' ? receiptMinutes : Math.max(age, receiptMinutes);
  const last = minutesAfter(attempt.startedAt, receiptHours * 60);
  await askAgainAt(store, attempt, [minutesAfter(now(), wait), last].sort()[0] as string);
}

function noAnswer(error: unknown): 'noAnswer' {
  if (error instanceof ProviderUnavailable) return 'noAnswer';
  throw error;
}
