import { shanghaiDate } from '../../../domain/dates.ts';
import { hire } from '../staff.ts';
import { until } from '../until.ts';
import type { People } from './courses.ts';
import { refused, underReview } from './exact.ts';
import type { Finding } from './finding.ts';
import { type Outcome, settle } from './rounds.ts';
import type { Stack } from './stack.ts';

/** Two minutes are promised. */
const REPAIR_MS = 150_000;

/** A slip of an operator's, made while no worker runs; and what its people have to see all the same. */
interface Slip {
  name: string;
  cases: People[];
  /** @returns what became of it */
  outlive(): Promise<Finding[]>;
}

/**
 * An operator cancels and terminates what should have gone on, before it has done anything: the workflow of an open
 * case, an absence's, and the one that tells the cases of a new calendar. Until all is begun again nobody is told
 * anything false; then it has its effect.
 */
export async function slips(stack: Stack): Promise<Outcome[]> {
  const prepared = await Promise.all([
    terminated(stack),
    absenceEnded(stack, 'cancel'),
    absenceEnded(stack, 'terminate'),
    calendarChangeCancelled(stack),
  ]);
  await stack.worker.kill();
  const made: Slip[] = [];
  for (const slip of prepared) made.push(await slip());
  await stack.worker.start();
  const since = Date.now();
  return Promise.all(
    made.map(async ({ name, cases, outlive }) => {
      const findings = await outlive();
      const outcome = await settle(stack, name, logsOf(cases), since);
      return { ...outcome, findings: [...findings, ...outcome.findings] };
    }),
  );
}

const logsOf = (cases: People[]) => cases.map(({ log }) => log);

/**
 * Messages to a case whose workflow is gone are answered 503 until it is there again; then it can be decided, and the
 * person may finish.
 */
async function terminated(stack: Stack): Promise<() => Promise<Slip>> {
  const cases = await Promise.all([underReview(stack, 'terminated'), underReview(stack, 'terminated')]);
  const [decided, withdrawn] = cases;
  return async () => {
    for (const { log } of cases) await end(stack, log.acceptanceNumber as string, 'terminate');
    return {
      name: 'an open case terminated',
      cases,
      async outlive() {
        await Promise.all([decided.try('approve', {}, 'reviewer-1'), withdrawn.tell('withdraw')]);
        return cases.flatMap(refused);
      },
    };
  };
}

function end(stack: Stack, workflowId: string, how: 'terminate' | 'cancel'): Promise<unknown> {
  return stack.withTemporal((client) => client.workflow.getHandle(workflowId)[how]());
}

/** What somebody absent was in charge of is handed over. */
async function absenceEnded(stack: Stack, how: 'terminate' | 'cancel'): Promise<() => Promise<Slip>> {
  const absent = await hire(stack.store);
  const people = await underReview(stack, `absence, ${how}`);
  await people.decide('assign', { to: absent });
  return async () => {
    const workflowId = await enterAbsence(stack, absent);
    await end(stack, workflowId, how);
    return {
      name: `absence, ${how}`,
      cases: [people],
      outlive: () =>
        inTime(
          'the handover never happened',
          people,
          async () => (await caseOf(stack, people)).assignee === 'reviewer-2',
        ),
    };
  };
}

/** The cases hear of the new calendar. */
async function calendarChangeCancelled(stack: Stack): Promise<() => Promise<Slip>> {
  const people = await underReview(stack, 'calendarChange, cancel');
  return async () => {
    const version = await publish(stack, (await caseOf(stack, people)).due);
    await end(stack, `calendar-change-${version}`, 'cancel');
    return {
      name: 'calendarChange, cancel',
      cases: [people],
      outlive: () => inTime('the case never heard', people, async () => (await caseOf(stack, people)).heard > 0),
    };
  };
}

async function inTime(what: string, { log }: People, holds: () => Promise<boolean>): Promise<Finding[]> {
  return until(what, holds, REPAIR_MS).then(
    () => [],
    () => [{ kind: 'lost', about: log.acceptanceNumber as string, what }],
  );
}

async function caseOf(stack: Stack, { log }: People): Promise<{ assignee: string | null; due: string; heard: number }> {
  const number = log.acceptanceNumber;
  const heard = `select count(*)::int from timeline where acceptance_number = '${number}' and kind = 'calendarChanged'`;
  const columns = `assignee, due_on::text as due, (${heard}) as heard`;
  const text = `select ${columns} from application where acceptance_number = '${number}'`;
  return (await stack.sql(text, stack.databaseUrl))[0];
}

async function enterAbsence(stack: Stack, absent: string): Promise<string> {
  const today = shanghaiDate(new Date().toISOString());
  const body = { from: today, until: today, to: 'reviewer-2' };
  const answer = await asStaff(stack, 'supervisor', `/v1/staff/${absent}/absence`, 'PUT', body);
  return (answer as { absence: { workflowId: string } }).absence.workflowId;
}

/** A day becomes a day off. @returns the calendar's new version */
async function publish(stack: Stack, day: string): Promise<number> {
  const path = `/v1/calendar/${day.slice(0, 4)}`;
  const { daysOff, makeUpDays } = (await asStaff(stack, 'admin', path, 'GET')) as Arrangement;
  const arrangement = { daysOff: { ...daysOff, [day]: '临时放假' }, makeUpDays, circular: '示例〔2026〕1号' };
  await asStaff(stack, 'admin', path, 'PUT', { ...arrangement, acknowledged: true });
  return (await stack.sql('select version from calendar', stack.databaseUrl))[0].version;
}

interface Arrangement {
  daysOff: Record<string, string>;
  makeUpDays: Record<string, string>;
}

async function asStaff(stack: Stack, role: string, path: string, method: string, body?: object): Promise<unknown> {
  const authorization = `Bearer ${await stack.token(role, `${role}-1`)}`;
  const headers = { authorization, 'content-type': 'application/json' };
  const response = await fetch(stack.origin + path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return response.json();
}
