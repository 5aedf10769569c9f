import { durablePostgres } from '../harness/database/postgres.ts';
import { olderDatabase, olderTemporal } from '../harness/faults/backups.ts';
import { frozenBetween, hangingDatabase, withdrawnAtOnce, workerAway } from '../harness/faults/exact.ts';
import { faults, killWorkersInTurn } from '../harness/faults/faults.ts';
import { floods, withoutWorker } from '../harness/faults/floods.ts';
import { lateAppeal } from '../harness/faults/late-appeal.ts';
import { slips } from '../harness/faults/operators.ts';
import { type Random, seeded } from '../harness/faults/random.ts';
import { brokenRelease } from '../harness/faults/releases.ts';
import { type Outcome, playRound } from '../harness/faults/rounds.ts';
import { type Stack, startStack } from '../harness/faults/stack.ts';
import { inFull, table } from '../harness/faults/table.ts';

/** Two of every course. */
const CASES = 16;

type Part = (stack: Stack, random: Random) => Promise<Outcome | Outcome[]>;

/** By the name under which each can be played alone. */
const parts: Record<string, Part> = {
  withdrawnAtOnce,
  frozenBetween,
  workerKilled: (stack) => workerAway(stack, 'kill'),
  workerFrozen: (stack) => workerAway(stack, 'freeze'),
  hangingDatabase,
  lateAppeal,
  slips: (stack) => slips(stack),
  twoWorkers: (stack, random) => playRound(stack, killWorkersInTurn(8), 2 * CASES, random),
  ...Object.fromEntries(
    faults.map((fault) => [fault.name, (stack: Stack, random: Random) => playRound(stack, fault, CASES, random)]),
  ),
  brokenRelease,
  withoutWorker,
  floods,
  olderDatabase,
  olderTemporal,
};

/**
 * `npm run test:faults [-- <part> …]`: real programs, killed and frozen while people file and decide. Every round has
 * a service of its own, so that what one leaves behind doesn't count for the next. `SEED` repeats a run.
 */
async function main(names: string[]): Promise<number> {
  const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
  const unknown = names.filter((name) => !parts[name]);
  if (unknown.length > 0) {
    console.error(`There is no ${unknown.join(', ')}, but: ${Object.keys(parts).join(', ')}`);
    return 2;
  }
  console.log(`SEED=${seed}`);
  const outcomes: Outcome[] = [];
  for (const name of names.length > 0 ? names : Object.keys(parts)) outcomes.push(...(await playPart(name, seed)));
  console.log(`\n${table(outcomes)}`);
  return outcomes.every(({ findings }) => findings.length === 0) ? 0 : 1;
}

async function playPart(name: string, seed: number): Promise<Outcome[]> {
  const began = Date.now();
  const postgres = await durablePostgres();
  if ('missing' in postgres) throw new Error(postgres.missing);
  const stack = await startStack(postgres);
  try {
    const played = await parts[name]?.(stack, seeded(seed));
    return tell([played ?? []].flat(), began);
  } catch (error) {
    // A fault that can't even be played to its end is one that the service doesn't get over.
    const what = error instanceof Error ? error.message : String(error);
    const stayed: Outcome = {
      fault: name,
      cases: 0,
      findings: [{ kind: 'stuck', about: 'all', what }],
      recoveredMs: undefined,
    };
    return tell([stayed], began);
  } finally {
    await stack.close();
  }
}

function tell(outcomes: Outcome[], began: number): Outcome[] {
  for (const { fault, findings } of outcomes) {
    const verdict = findings.length === 0 ? 'well' : `${findings.length} findings`;
    console.log(`${fault}: ${verdict} (${((Date.now() - began) / 1000).toFixed(0)} s)`);
    if (findings.length > 0) console.log(inFull(findings));
  }
  return outcomes;
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
