import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type DispatchRun, openDispatchRun } from '../../harness/programs/dispatch-run.ts';
import { until } from '../../harness/until.ts';

let run: DispatchRun;
beforeAll(async () => {
  run = await openDispatchRun();
});
afterAll(() => run?.close());

/** `npm run bench -- notifications` does it on a larger scale, and at random moments. */
describe('notifications whose worker is killed (-9) as it dispatches them', () => {
  it('are all sent, and none twice: what was taken before it could write that down is found there', async () => {
    await run.fault('twilio', { answerDelayMs: 1_000, times: 1_000 });
    for (let kills = 0; kills < 3; kills += 1) {
      await run.startWorker();
      await run.file(15);
      await until('one is taken, and the worker does not know it', run.isBetween);
      await run.killWorker();
    }
    await run.startWorker();
    await run.file(15);
    // What a dead worker had begun is given to the next one after 35 s.
    await until('all are dispatched', run.isThrough, 90_000);
    const { notifications, lost, duplicates, interrupted } = await run.figures();
    expect({ notifications, lost, duplicates }).toEqual({ notifications: 60, lost: 0, duplicates: 0 });
    expect(interrupted).toBeGreaterThan(0);
  }, 150_000);
});
