import { setTimeout as wait } from 'node:timers/promises';
import type { Random } from './random.ts';
import type { ProgramName, Stack } from './stack.ts';

/** What is done to the programs while people are at it. Resolves when all run again. */
export interface Fault {
  name: string;
  strike(stack: Stack, random: Random): Promise<void>;
}

/** Killed (-9), and started again after a moment. */
async function killOnce(stack: Stack, random: Random, ...names: ProgramName[]): Promise<void> {
  await Promise.all(names.map((name) => stack.programs[name].kill()));
  await wait(random.between(500, 3_000));
  await Promise.all(names.map((name) => stack.programs[name].start()));
}

/** Those that are given together fall together; and again, when people have just gone on. */
function kill(...names: ProgramName[]): Fault {
  return {
    name: `kill ${names.join(' + ')}`,
    async strike(stack, random) {
      await killOnce(stack, random, ...names);
      await wait(random.between(500, 3_000));
      await killOnce(stack, random, ...names);
    },
  };
}

/** Stopped, longer than anybody waits for an answer, and let go on. */
function freeze(...names: ProgramName[]): Fault {
  return {
    name: `freeze ${names.join(' + ')}`,
    async strike(stack, random) {
      for (const name of names) stack.programs[name].freeze();
      await wait(random.between(6_000, 12_000));
      for (const name of names) stack.programs[name].thaw();
    },
  };
}

/** One stops answering, and is killed in that state: what it held back is gone. */
function freezeThenKill(name: ProgramName): Fault {
  return {
    name: `freeze, then kill ${name}`,
    async strike(stack, random) {
      stack.programs[name].freeze();
      await wait(random.between(1_000, 4_000));
      await killOnce(stack, random, name);
    },
  };
}

/** One after the other, while the ones before have hardly come back. */
function inTurn(...names: ProgramName[]): Fault {
  return {
    name: `kill ${names.join(', then ')}`,
    async strike(stack, random) {
      for (const name of names) await killOnce(stack, random, name);
    },
  };
}

/** Of two workers one is killed every few seconds, now this one, now that one. */
export function killWorkersInTurn(times: number): Fault {
  return {
    name: `kill one of two workers ${times} ×`,
    async strike(stack, random) {
      await stack.second.start();
      for (let time = 0; time < times; time++) {
        const victim = time % 2 === 0 ? stack.worker : stack.second;
        await wait(random.between(2_000, 4_000));
        await victim.kill();
        await victim.start();
      }
      await stack.second.kill();
    },
  };
}

export const nothing: Fault = { name: 'nothing', strike: async () => undefined };
export const killAll = kill('worker', 'api', 'database', 'temporal');

/** For the long run: each by itself, pairs, all. */
export const faults: Fault[] = [
  nothing,
  ...(['worker', 'api', 'database', 'temporal'] as const).flatMap((name) => [kill(name), freeze(name)]),
  freezeThenKill('temporal'),
  freezeThenKill('worker'),
  kill('worker', 'temporal'),
  kill('api', 'database'),
  freeze('database', 'temporal'),
  freeze('worker', 'api'),
  inTurn('temporal', 'worker', 'database', 'api'),
  freeze('worker', 'api', 'database', 'temporal'),
  killAll,
];
