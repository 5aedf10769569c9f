import { setTimeout as wait } from 'node:timers/promises';
import { type CaseLog, courses, play } from './courses.ts';
import type { Fault } from './faults.ts';
import type { Finding } from './finding.ts';
import { examine, type Leniency } from './oracle.ts';
import type { Random } from './random.ts';
import type { Stack } from './stack.ts';

/** A row of the table. */
export interface Outcome {
  fault: string;
  cases: number;
  findings: Finding[];
  /** From the end of the fault until nothing was wrong any more; undefined where something stayed. */
  recoveredMs: number | undefined;
}

export interface Patience {
  /** How long things may take to come right. */
  limitMs: number;
  /** Findings that haven't changed for so long stay. */
  stableMs: number;
}

const PAUSE_MS = 1_000;
const usual: Patience = { limitMs: 240_000, stableMs: 75_000 };

/** People file and decide so many cases, one fault strikes while they do, and the oracle says what came of it. */
export async function playRound(stack: Stack, fault: Fault, cases: number, random: Random): Promise<Outcome> {
  const names = Object.keys(courses);
  const order = random.shuffled(Array.from({ length: cases }, (_, index) => names[index % names.length] as string));
  const diedBefore = deathsOf(stack).length;
  const playing = order.map(async (course) => {
    await wait(random.between(0, 4_000));
    return play(stack, course);
  });
  const striking = wait(random.between(500, 3_500)).then(() => fault.strike(stack, random).then(() => Date.now()));
  const [endedAt, ...logs] = await Promise.all([striking, ...playing]);
  const outcome = await settle(stack, fault.name, logs, endedAt);
  outcome.findings.push(...unfiled(logs), ...deathsOf(stack).slice(diedBefore));
  return outcome;
}

/** Asks the oracle until nothing is wrong, or nothing changes any more. @param since end of the fault */
export async function settle(
  stack: Stack,
  fault: string,
  logs: CaseLog[],
  since: number,
  { limitMs, stableMs, ...leniency }: Partial<Patience> & Leniency = {},
): Promise<Outcome> {
  const end = Date.now() + (limitMs ?? usual.limitMs);
  let findings: Finding[] = [];
  let changedAt = Date.now();
  for (;;) {
    const found = await examine(stack, logs, leniency).catch(notNow);
    if (JSON.stringify(found) !== JSON.stringify(findings)) changedAt = Date.now();
    findings = found;
    // What a client was told doesn't come right any more.
    const rest = findings.filter(({ kind }) => kind !== 'answer');
    if (rest.length === 0) return { fault, cases: logs.length, findings, recoveredMs: Date.now() - since };
    if (Date.now() > end || Date.now() - changedAt > (stableMs ?? usual.stableMs)) break;
    await wait(PAUSE_MS);
  }
  return { fault, cases: logs.length, findings, recoveredMs: undefined };
}

/** The oracle itself needs Temporal and the database. */
function notNow(error: Error): Finding[] {
  return [{ kind: 'stuck', about: 'all', what: `nobody can be asked: ${error.message.split('\n')[0]}` }];
}

function unfiled(logs: CaseLog[]): Finding[] {
  const without = logs.filter(({ acceptanceNumber }) => !acceptanceNumber);
  return without.map(({ course, ended }) => ({
    kind: 'stuck',
    about: 'filing',
    what: `(${course}) ${ended}`,
  }));
}

/** The api outlives everything but a kill; a worker may end where Temporal is gone, and is started again. */
function deathsOf({ api }: Stack): Finding[] {
  return api.deaths.map((how) => ({ kind: 'answer', about: 'api', what: `ended by itself: ${how}` }));
}
