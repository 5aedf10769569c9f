import { createHash, randomInt } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { SmsProviderName } from '../policy/notifications/schema.ts';
import { type DispatchRun, openDispatchRun } from '../test/harness/programs/dispatch-run.ts';
import { until } from '../test/harness/until.ts';

const PATIENCE_MS = 240_000;
/** A worker lives for up to this long before it is killed. */
const LIFE_MS = 4_000;
/**
 * Like a provider over the internet, which has taken the notification halfway, whether the worker still lives or not.
 */
const distant = { delayMs: 75, answerDelayMs: 75, times: 1_000_000 };
const cutting = { cut: 'after', every: 3, times: 1_000_000 };

/**
 * Counts how many 短信 are lost or sent twice when the worker is killed (-9) at random moments, and when a provider cuts
 * connections. With the SEED of an earlier run in the environment it kills at the same moments again.
 * @throws Error if one is lost, or if more are sent twice than there were interruptions between dispatch and commit
 */
export async function benchNotifications(): Promise<void> {
  const seed = process.env.SEED ?? String(randomInt(1_000_000));
  await measure('worker killed', (run) => killAgainAndAgain(run, { count: 1_000, kills: 20, seed }));
  await measure('every third connection cut', (run) => cutConnections(run, 'twilio', 1_000));
  await measure('worker killed', (run) => killAgainAndAgain(run, { count: 200, kills: 6, seed }), ['aliyun']);
  await measure('every third connection cut', (run) => cutConnections(run, 'aliyun', 200), ['aliyun']);
}

/** @param sendAll files all cases and leaves the worker running; returns what the report says of it */
async function measure(
  label: string,
  sendAll: (run: DispatchRun) => Promise<string>,
  smsProviders?: SmsProviderName[],
): Promise<void> {
  const run = await openDispatchRun(smsProviders);
  try {
    const began = performance.now();
    const details = await sendAll(run);
    await until('all notifications are dispatched', run.isThrough, PATIENCE_MS);
    const seconds = ((performance.now() - began) / 1000).toFixed(0);
    const { notifications, lost, duplicates, interrupted, takenBy } = await run.figures();
    console.log(
      `${label}${details}: ${notifications} notifications in ${seconds} s, lost ${lost}, duplicates ${duplicates}, ` +
        `interruptions between dispatch and commit ${interrupted}; taken ${JSON.stringify(takenBy)}`,
    );
    if (lost > 0 || duplicates > interrupted) throw new Error('more were lost or sent twice than may be');
  } finally {
    await run.close();
  }
}

/** Files some cases in each life of a worker and kills it at a random moment; the last worker lives on. */
async function killAgainAndAgain(
  run: DispatchRun,
  { count, kills, seed }: { count: number; kills: number; seed: string },
): Promise<string> {
  await run.fault('twilio', distant);
  await run.fault('aliyun', distant);
  const share = Math.floor(count / (kills + 1));
  const lives = Array.from({ length: kills }, (_, index) => Math.floor(random(seed, index) * LIFE_MS));
  for (const ms of lives) {
    await run.startWorker();
    await Promise.all([run.file(share), wait(ms).then(run.killWorker)]);
  }
  await run.startWorker();
  await run.file(count - share * kills);
  return ` ${kills} times (SEED=${seed}: after ${lives.join(', ')} ms)`;
}

async function cutConnections(run: DispatchRun, provider: SmsProviderName, count: number): Promise<string> {
  await run.fault(provider, cutting);
  await run.startWorker();
  await run.file(count);
  await until('all notifications are taken', async () => (await run.figures()).lost === 0, PATIENCE_MS);
  // Without the fault the last notifications needn't wait through one back-off after the other.
  await run.fault(provider);
  return '';
}

/** A number from 0 up to 1, always the same for the same seed and index. */
function random(seed: string, index: number): number {
  return createHash('sha256').update(`${seed} ${index}`).digest().readUInt32BE() / 2 ** 32;
}
