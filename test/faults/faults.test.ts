import { it } from '@jest/globals';
import { frozenBetween, hangingDatabase, withdrawnAtOnce } from '../harness/faults/exact.ts';
import { killAll } from '../harness/faults/faults.ts';
import { describeOnStack, expectWell } from '../harness/faults/on-stack.ts';
import { seeded } from '../harness/faults/random.ts';
import { playRound } from '../harness/faults/rounds.ts';

const LIMIT_MS = 300_000;

/** The short form; `npm run test:faults` plays every fault, on many cases. */
await describeOnStack('an acknowledged decision outlives', (stack) => {
  it('a withdrawal in the same breath as the filing', async () => expectWell(await withdrawnAtOnce(stack())), LIMIT_MS);

  it(
    'a Temporal that stands still from before it is recorded until after, and is killed',
    async () => expectWell(await frozenBetween(stack())),
    LIMIT_MS,
  );

  it('a database that hangs, and so do the probes', async () => expectWell(await hangingDatabase(stack())), LIMIT_MS);

  it(
    'a kill -9 of everything, in every course that a case can take',
    async () => expectWell(await playRound(stack(), killAll, 8, seeded(1))),
    LIMIT_MS,
  );
});
