import { inArray } from 'drizzle-orm';
import type { OutboxNotification } from '../../../dev/stand-ins/outbox.ts';
import { accreditation } from '../../../store/accreditations/tables.ts';
import { type ApplicationRow, application, timeline } from '../../../store/cases/tables.ts';
import { notification } from '../../../store/notifications/tables.ts';
import type { CaseLog, Sending } from './courses.ts';
import type { Finding } from './finding.ts';
import type { Registered, Stack } from './stack.ts';
import { type Execution, executionOf, failedWorkflows, troublesOf } from './workflows.ts';

type Entry = typeof timeline.$inferSelect;
type NotificationRow = typeof notification.$inferSelect;
type AccreditationRow = typeof accreditation.$inferSelect;

/** Everything that is known of a case, from all sides. */
interface Evidence {
  log: CaseLog;
  row: ApplicationRow | undefined;
  entries: Entry[];
  notifications: NotificationRow[];
  accreditations: AccreditationRow[];
  execution: Execution;
  sent: OutboxNotification[];
  registered: Registered[];
}

type Said = [Finding['kind'], string];

/** What the people of a case are told by 短信, by the change that it tells of. */
const sentBySms = ['accepted', 'materialsRequested', 'rejected', 'appealed', 'registered'];

/**
 * What to leave out of the question: after a restored backup what was acknowledged since may be gone, and nothing else
 * may be wrong.
 */
export interface Leniency {
  restored?: boolean;
}

/**
 * The one oracle: row = workflow = what was acknowledged, each effect once, each 短信 once, registered once, and nothing
 * that stands still.
 * @returns what is wrong, nothing where all is well
 */
export async function examine(stack: Stack, logs: CaseLog[], leniency: Leniency = {}): Promise<Finding[]> {
  const all = await gather(stack, logs);
  // A workflow whose row is gone with the restored database can only fail.
  const orphans = leniency.restored ? all.flatMap(({ log, row }) => (row ? [] : (log.acceptanceNumber as string))) : [];
  const failed = (await failedWorkflows(stack)).filter(
    ({ about }) => !orphans.some((orphan) => about.endsWith(orphan)),
  );
  return [...all.flatMap((evidence) => judge(evidence, leniency)), ...failed];
}

async function gather(stack: Stack, logs: CaseLog[]): Promise<Evidence[]> {
  const numbers = logs.flatMap(({ acceptanceNumber }) => acceptanceNumber ?? []);
  const { db } = stack.store;
  if (numbers.length === 0) return [];
  const rows = await db.select().from(application).where(inArray(application.acceptanceNumber, numbers));
  const entries = await db.select().from(timeline).where(inArray(timeline.acceptanceNumber, numbers));
  const notifications = await db.select().from(notification).where(inArray(notification.acceptanceNumber, numbers));
  const accreditations = await db.select().from(accreditation).where(inArray(accreditation.sourceKey, numbers));
  const executions = await stack.withTemporal(async (client) => {
    const all = await Promise.all(numbers.map(async (number) => [number, await executionOf(client, number)] as const));
    return new Map(all);
  });
  const sent = await stack.sent();
  const registrations = stack.registrations().filter(({ kind }) => kind === 'registered');
  return logs.flatMap((log) => {
    const number = log.acceptanceNumber;
    if (!number) return [];
    const ofCase = (row: { acceptanceNumber: string | null }) => row.acceptanceNumber === number;
    return {
      log,
      row: rows.find(ofCase),
      entries: entries.filter(ofCase).sort((a, b) => a.sequence - b.sequence),
      notifications: notifications.filter(ofCase),
      accreditations: accreditations.filter(({ sourceKey }) => sourceKey === number),
      execution: executions.get(number) as Execution,
      sent,
      registered: registrations.filter(({ idNumber }) => idNumber === log.idNumber),
    };
  });
}

function judge(evidence: Evidence, { restored = false }: Leniency): Finding[] {
  const { log, row } = evidence;
  const about = log.acceptanceNumber as string;
  const finding = (kind: Finding['kind'], what: string): Finding => ({ kind, about, what: `(${log.course}) ${what}` });
  if (!row) return restored ? [] : [finding('lost', 'was filed, and has no row')];
  const answers = log.unexpected.map((what): Said => ['answer', what]);
  const ended: Said[] = log.ended ? [['stuck', `its people gave up: ${log.ended}`]] : [];
  const acknowledged = restored
    ? []
    : [...ofStatus(log, row), ...ofEffects(evidence), ...ofRegistration(evidence, row), ...answers, ...ended];
  // What has ended needs no workflow any more; a restored Temporal may not have it, or an older one that is then
  // terminated.
  const over = restored && row.closed;
  const present = [
    ...(over ? [] : ofWorkflow(evidence, row)),
    ...ofTimeline(evidence, row),
    ...ofNotifications(evidence),
  ];
  return [...acknowledged, ...present].map(([kind, what]) => finding(kind, what));
}

/**
 * The last message that was acknowledged says what the status is; one of which its sender never heard may have changed
 * it since.
 */
function ofStatus({ sendings }: CaseLog, row: ApplicationRow): Said[] {
  const unanswered = sendings.filter(({ outcome }) => outcome === 'unanswered');
  const stuck = unanswered.map(({ name, code }): Said => {
    return ['stuck', `${name} was never answered (last: ${code ?? 'no connection'}), the status is ${row.status}`];
  });
  const last = acknowledged(sendings)
    .filter(({ leadsTo }) => leadsTo)
    .at(-1);
  const possible = [last?.leadsTo, ...unanswered.map(({ leadsTo }) => leadsTo)];
  if (!last || possible.includes(row.status)) return stuck;
  return [...stuck, ['lost', `${last.name} was answered ${last.outcome}, and the row says ${row.status}`]];
}

const acknowledged = (sendings: Sending[]) =>
  sendings.filter(({ outcome }) => outcome === 'done' || outcome === 'accepted');

/** What was acknowledged is in the timeline, once; what was refused isn't. */
function ofEffects({ log, entries }: Evidence): Said[] {
  const kinds = new Map(log.sendings.map(({ kind, by }) => [`${kind} ${by}`, { kind, by }]));
  return [...kinds.values()].flatMap(({ kind, by }): Said[] => {
    const same = log.sendings.filter((sending) => sending.kind === kind && sending.by === by);
    const least = acknowledged(same).length;
    const most = least + same.filter(({ outcome }) => outcome === 'unanswered' || outcome === 'givenUp').length;
    const found = entries.filter((entry) => entry.kind === kind && entry.by === by).length;
    if (found < least) return [['lost', `${kind}: acknowledged ${least} ×, ${found} × in the timeline`]];
    if (found > most) return [['doubled', `${kind}: acknowledged ${least} ×, ${found} × in the timeline`]];
    return [];
  });
}

/** The row shows what the workflow is at, and the workflow runs as long as the row is open. */
function ofWorkflow({ execution, entries }: Evidence, row: ApplicationRow): Said[] {
  if (!execution.found) return [['lost', `the row is ${row.status}, and there is no workflow`]];
  const { state, caseStatus, progress } = execution;
  const wrong: Said[] = troublesOf(execution).map((what) => ['stuck', what]);
  if (state !== 'RUNNING' && state !== 'COMPLETED') return [['lost', `the workflow is ${state}`], ...wrong];
  const closed = state === 'COMPLETED';
  if (row.closed !== closed) {
    wrong.push([closed ? 'lost' : 'stuck', `the row is ${row.status}, closed: ${row.closed}; the workflow ${state}`]);
  }
  if (caseStatus !== row.status) wrong.push(['lost', `the row is ${row.status}, the CaseStatus ${caseStatus}`]);
  if (closed) return wrong;
  if (!progress) return [...wrong, ['stuck', 'the workflow answers no query']];
  if (progress.status !== row.status) wrong.push(['lost', `the row is ${row.status}, the workflow ${progress.status}`]);
  const shown = progress.timeline.at(-1);
  const last = entries.at(-1);
  if (shown && shown.sequence !== last?.sequence) {
    wrong.push(['lost', `the workflow is at change ${shown.sequence}, the timeline at ${last?.sequence}`]);
  }
  return wrong;
}

/** An approval is registered once, and nothing else is. */
function ofRegistration({ entries, registered, accreditations }: Evidence, row: ApplicationRow): Said[] {
  const expected = row.status === 'approved' ? 1 : 0;
  const count = (found: number, what: string): Said[] => {
    if (found === expected) return [];
    return [[found < expected ? 'lost' : 'doubled', `${row.status}, and ${found} × ${what}`]];
  };
  return [
    ...count(registered.length, 'registered with the core'),
    ...count(accreditations.length, 'an accreditation'),
    ...count(entries.filter(({ kind }) => kind === 'registered').length, 'registered in the timeline'),
  ];
}

/** Numbered without gaps from the submission, which is 0, and what happens once to every case happened once. */
function ofTimeline({ entries }: Evidence, row: ApplicationRow): Said[] {
  const wrong: Said[] = [];
  if (entries.some(({ sequence }, index) => sequence !== index) || row.sequence !== entries.length - 1) {
    wrong.push(['lost', `the row is at ${row.sequence}, the timeline has ${entries.map(({ sequence }) => sequence)}`]);
  }
  const accepted = entries.filter(({ kind }) => kind === 'accepted').length;
  if (accepted > 1) wrong.push(['doubled', `accepted ${accepted} ×`]);
  return wrong;
}

/** What tells of a change is there, and the provider has it once, unless something newer made it pointless. */
function ofNotifications({ notifications, entries, sent }: Evidence): Said[] {
  const sms = notifications.filter(({ channel, recipient }) => channel === 'sms' && recipient === 'applicant');
  const missing = entries
    .filter(({ kind, sequence }) => sentBySms.includes(kind) && !sms.some((text) => text.sequence === sequence))
    .map(({ kind }): Said => ['lost', `${kind}, and no 短信 tells of it`]);
  return [...missing, ...sms.flatMap((text) => ofNotification(text, sent))];
}

function ofNotification(
  { id, purpose, state, carriedBy, leavesAt }: NotificationRow,
  sent: OutboxNotification[],
): Said[] {
  const times = sent.filter(
    (received) => received.kind === 'sms' && received.provider === 'aliyun' && received.outId === id,
  ).length;
  if (times > 1) return [['doubled', `the 短信 ${purpose} was sent ${times} ×`]];
  if (state === 'queued' && leavesAt < new Date().toISOString()) return [['stuck', `the 短信 ${purpose} is queued`]];
  if (state === 'failed') return [['lost', `the 短信 ${purpose} has failed`]];
  if ((state === 'dispatched' || state === 'delivered') && carriedBy === null && times === 0) {
    return [['lost', `the 短信 ${purpose} counts as ${state}, and the provider hasn't got it`]];
  }
  return [];
}
