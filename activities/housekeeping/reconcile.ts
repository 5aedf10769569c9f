import { getClient } from '@temporalio/activity';
import { WorkflowIdReusePolicy } from '@temporalio/client';
import { shanghaiDate } from '../../domain/dates.ts';
import { policyInForce } from '../../policy/versions.ts';
import { finishPublication, unheardCases } from '../../store/calendar/publish.ts';
import {
  countToKeep,
  dueReceipts,
  type KeptRow,
  type KeptType,
  keptRows,
  leftBehind,
  rowsToKeep,
} from '../../store/housekeeping/kept-rows.ts';
import { peopleWithUnsettled, settleEvents } from '../../store/insurance/events.ts';
import { forgetCounts } from '../../store/limits/counting.ts';
import { undeliveredNotifications } from '../../store/notifications/delivery.ts';
import { queuedSealed } from '../../store/notifications/sealed.ts';
import { absencesToHandOver } from '../../store/staff/absences.ts';
import { departAgain } from '../../store/staff/departures.ts';
import {
  absenceOptions,
  calendarChangeOptions,
  deliveryOptions,
  dispatchNotificationOptions,
} from '../../workflows/messages.ts';
import { beating } from '../beating.ts';
import { lostBefore } from '../clock.ts';
import type { HousekeepingActivities, Reconciled, Walk } from '../contract.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { revokeOnEvent } from '../insurance/events.ts';
import { compare } from './compare.ts';
import { begin, countRunning, endedLately, findExecution, runningAlike } from './executions.ts';
import type { Keeping } from './keeping.ts';
import { mend } from './mend.ts';
import { countSome } from './some-at-once.ts';

/** Rows that are compared at once with what Temporal lists. */
const SLICE = 500;
/** Slices in a pass; a single one where the counts agree, since counts don't tell everything. */
const SLICES = 20;
/** The next pass goes on where one has walked for so long. */
const WALK_MS = 40_000;
/** What was ended from outside is listed for so long; what that leaves out is found by the walk. */
const ENDED_LATELY_MS = 2 * 3_600_000;
/** 短信 that a pass takes up. */
const DELIVERIES = 100;
/** People whom a pass does for what the insurance core has told of them. */
const EVENTS = 100;

/** One pass: with what, and when it began (instant). */
interface Pass extends Keeping, Pick<ActivityDependencies, 'onMended' | 'onError'> {
  began: string;
}

/** Builds what housekeeping does. */
export function createHousekeeping(dependencies: ActivityDependencies): HousekeepingActivities {
  const { store, policies, now, onMended, onError } = dependencies;
  const newPass = (): Pass => {
    return { client: getClient(), store, policies, now, onMended, onError, began: now() };
  };
  async function goThrough(walk: Walk): Promise<Reconciled> {
    const pass = newPass();
    const at = { ...walk };
    let mended = 0;
    const steps = [
      () => mendEnded(pass),
      () => walkOn(pass, 'application', at),
      () => walkOn(pass, 'accreditation', at),
      () => beginAbsences(pass),
      () => beginDepartures(pass),
      () => tellOfCalendar(pass),
      () => beginDispatching(pass),
      () => dispatchLeftBehind(pass),
      () => forgetCounts(store, pass.began).then(() => 0),
      () => settleCoreEvents(pass),
    ];
    // Where one fails (visibility may be down, or lists may be), the others can still be taken.
    for (const step of steps) mended += await step().catch((error) => failed(pass, error));
    return { mended, walk: at, due: await dueReceipts(store, pass.began) };
  }

  async function beginDeliveries(): Promise<number> {
    const pass = newPass();
    return each(pass, await undeliveredNotifications(store, DELIVERIES), (id) => beginDelivery(pass, id, 'failed'));
  }

  return {
    reconcile: ({ walk }) => beating(() => goThrough(walk)),
    beginDeliveries: () => beating(beginDeliveries),
  };
}

function failed({ onError }: Pass, error: unknown): number {
  onError('reconcile', error);
  return 0;
}

/** What somebody or something has ended of late. */
async function mendEnded(pass: Pass): Promise<number> {
  const since = new Date(Date.parse(pass.began) - ENDED_LATELY_MS).toISOString();
  const ended = await endedLately(pass.client, ['application', 'accreditation', 'delivery'], since);
  let mended = 0;
  for (const type of ['application', 'accreditation'] as const) {
    mended += await mendRows(pass, type, await keptRows(pass.store, type, ended[type]));
  }
  return mended + (await each(pass, ended.delivery, (id) => beginDelivery(pass, id, 'ended')));
}

/**
 * Goes on comparing rows with workflows: through up to 10,000 of them where there are not as many workflows as there
 * should be, else through 500.
 * @param walk how far it has come; is changed
 */
async function walkOn(pass: Pass, type: KeptType, walk: Walk): Promise<number> {
  const { client, store, began } = pass;
  const until = performance.now() + WALK_MS;
  const agree = (await countToKeep(store, type)) === (await countRunning(client, type));
  let mended = 0;
  for (let slices = agree ? 1 : SLICES; slices > 0 && performance.now() < until; slices -= 1) {
    const rows = await rowsToKeep(store, type, { before: lostBefore(began), after: walk[type], limit: SLICE });
    mended += await mendRows(pass, type, rows);
    walk[type] = rows.length < SLICE ? null : (rows.at(-1) as KeptRow).id;
    if (walk[type] === null) break;
  }
  return mended;
}

/** Looks closely at the rows whose workflow doesn't seem to run, or to say the same, and mends what is apart. */
async function mendRows(pass: Pass, type: KeptType, rows: KeptRow[]): Promise<number> {
  const living = rows.filter((row) => row.living);
  const alike = await runningAlike(pass.client, living);
  const suspects = living.filter(({ id }) => !alike.has(id)).map(({ id }) => id);
  return each(pass, suspects, async (id) => {
    const difference = await compare(pass.client, pass.store, type, id);
    if (!difference) return false;
    // Only a person may throw away what a workflow has done: `npm run admin -- check --repair`.
    const done = await mend(pass, type, difference, { replaces: false, sends: true });
    const { apart, row, lastChange } = difference;
    if (done === null && apart !== 'rowAhead') return false; // Somebody else was faster.
    const how = apart === 'ended' ? difference.execution.how : undefined;
    const sequences = lastChange && { row: row?.sequence, workflow: lastChange.sequence };
    pass.onMended({ workflowId: id, wrong: apart, how, ...sequences, done });
    return done !== null;
  });
}

/** Absences whose cases should have been handed over, or will have to be. */
async function beginAbsences(pass: Pass): Promise<number> {
  const { client, store, began } = pass;
  const toHandOver = () => absencesToHandOver(store, shanghaiDate(began), lostBefore(began));
  return each(pass, await toHandOver(), async (absenceId) => {
    const options = absenceOptions({ absenceId });
    const { state, how } = await findExecution(client, options.workflowId);
    if (state === 'running') return false;
    // Only now: it records what became of the cases before it ends.
    if (!(await toHandOver()).includes(absenceId)) return false;
    return beginOne(pass, 'absence', { ...options, ...again, args: [{ absenceId }] }, how);
  });
}

/** Those of people who have left, or review nothing any more, and have got a case since theirs were handed over. */
async function beginDepartures(pass: Pass): Promise<number> {
  return each(pass, await departAgain(pass.store, pass.now()), (absenceId) => {
    return beginOne(pass, 'absence', { ...absenceOptions({ absenceId }), args: [{ absenceId }] }, 'stranded');
  });
}

/** So long after its end a `calendarChange` isn't begun again: its cases are about to record what they heard. */
const HEARING_MS = 120_000;

/** Tells the cases that haven't heard of a published calendar; a publication that was cut off is finished first. */
async function tellOfCalendar(pass: Pass): Promise<number> {
  await finishPublication(pass.store, policyInForce(pass).clocks);
  const { version, next } = await unheardCases(pass.store, null, 1);
  if (!next) return 0;
  return each(pass, [calendarChangeOptions(version)], async (options) => {
    const { state, how, closedAt } = await findExecution(pass.client, options.workflowId);
    if (state === 'running') return false;
    if (state === 'completed' && Date.parse(closedAt ?? pass.began) > Date.parse(pass.now()) - HEARING_MS) return false;
    return beginOne(pass, 'calendarChange', { ...options, ...again, args: [{ version }] }, how);
  });
}

/** One that has ended by itself is begun again, too. */
const again = { workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE };
/** One that has ended by itself has done what can be done. */
const unlessDone = { workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY };

/** Notifications about a new phone that nobody has dispatched. */
async function beginDispatching(pass: Pass): Promise<number> {
  return each(pass, await queuedSealed(pass.store, lostBefore(pass.began)), (start) => {
    const options = { ...dispatchNotificationOptions(start), ...unlessDone, args: [start] };
    return beginOne(pass, 'dispatchNotification', options, 'queued');
  });
}

/**
 * Notifications of what is closed and whose workflow is gone: it was restored from a backup, or an operator ended it.
 */
async function dispatchLeftBehind(pass: Pass): Promise<number> {
  const { client, store, began } = pass;
  return each(pass, await leftBehind(store, lostBefore(began), SLICE), async ({ notificationId, about }) => {
    const { state, how } = await findExecution(client, about);
    if (state === 'running') return false;
    const start = { notificationId };
    return beginOne(
      pass,
      'dispatchNotification',
      { ...dispatchNotificationOptions(start), ...unlessDone, args: [start] },
      how,
    );
  });
}

/** What the insurance core has told, and nothing or not everything followed from yet. */
async function settleCoreEvents(pass: Pass): Promise<number> {
  const { client, store, began, onMended } = pass;
  const today = shanghaiDate(began);
  const unsettled = await peopleWithUnsettled(store, { today, before: lostBefore(began), limit: EVENTS });
  return each(pass, unsettled, async (idNumberHash) => {
    let revoked = 0;
    const revoke = revokeOnEvent(client, store, (workflowId) => {
      revoked += 1;
      onMended({ workflowId, wrong: 'coreEvent', done: 'revoked' });
    });
    await settleEvents(store, idNumberHash, { today, at: pass.now() }, revoke);
    return revoked > 0;
  });
}

function beginDelivery(pass: Pass, notificationId: string, how: string): Promise<boolean> {
  const options = { ...deliveryOptions({ notificationId }), ...unlessDone, args: [{ notificationId }] };
  return beginOne(pass, 'delivery', options, how);
}

/** @param how what was found */
async function beginOne(
  { client, onMended }: Pass,
  type: string,
  options: Parameters<typeof begin>[2],
  how: string,
): Promise<boolean> {
  const begun = await begin(client, type, options);
  if (begun) onMended({ workflowId: options.workflowId, wrong: 'noWorkflow', how, done: 'begun' });
  return begun;
}

/**
 * Does the work for each item. A failure is reported and left to the next pass.
 * @returns for how many items the work mended something
 */
function each<Item>(pass: Pass, items: Item[], work: (item: Item) => Promise<boolean>): Promise<number> {
  return countSome(items, work, (error) => failed(pass, error));
}
