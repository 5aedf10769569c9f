import { minutesAfter } from '../../domain/dates.ts';
import type { Policy, SmsProviderName } from '../../policy/schema.ts';
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

/** Builds the activity that asks the providers what became of messages. */
export function createReceiptActivities(dependencies: ActivityDependencies): Pick<OutwardActivities, 'askReceipts'> {
  const askAll = async () => {
    const policy = policyInForce(dependencies);
    const due = await attemptsToAsk(dependencies.store, dependencies.now(), PER_RUN);
    while (due.length > 0)
      await Promise.all(due.splice(0, AT_ONCE).map((one) => askOrPutOff(dependencies, policy, one)));
  };
  return { askReceipts: () => beating(askAll) };
}

/** What nobody expected of one doesn't keep the others from being asked for: it is asked for again later. */
async function askOrPutOff(dependencies: ActivityDependencies, policy: Policy, one: AttemptRow): Promise<void> {
  try {
    await ask(dependencies, policy, one);
  } catch (error) {
    dependencies.onError('askReceipts', error);
    const later = minutesAfter(dependencies.now(), policy.messaging.receiptMinutes);
    await askAgainAt(dependencies.store, one, later);
  }
}

/** A receipt that hasn't come yet is asked for again when as much time has passed once more; in the end the message hasn't arrived. */
async function ask(dependencies: ActivityDependencies, policy: Policy, one: AttemptRow): Promise<void> {
  const { store, now } = dependencies;
  const { receiptMinutes, receiptHours } = policy.messaging;
  const provider = dependencies.providers.sms[one.provider as SmsProviderName];
  const found = await lookUp(store, provider, one).catch(noAnswer);
  if (found && found !== 'noAnswer' && found.state !== 'underWay')
    return recordReceipt(store, one, found, workflowNow(now));
  const age = (Date.parse(now()) - Date.parse(one.startedAt)) / 60_000;
  if (age >= receiptHours * 60)
    return recordReceipt(store, one, { state: 'undelivered', failure: 'no receipt' }, workflowNow(now));
  const wait = found === 'noAnswer' ? receiptMinutes : Math.max(age, receiptMinutes);
  const last = minutesAfter(one.startedAt, receiptHours * 60);
  await askAgainAt(store, one, [minutesAfter(now(), wait), last].sort()[0] as string);
}

function noAnswer(error: unknown): 'noAnswer' {
  if (error instanceof ProviderUnavailable) return 'noAnswer';
  throw error;
}
