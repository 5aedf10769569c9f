import { condition, defineSignal, proxyActivities, setHandler } from '@temporalio/workflow';
import type * as activities from './activities.ts';

export const goOn = defineSignal('goOn');

const { post } = proxyActivities<typeof activities>({ startToCloseTimeout: '10s' });

/**
 * What our cases are compared with, as bare as a case can be: an effect, up to fifteen days of waiting for a signal,
 * and another effect.
 */
export async function bareSample(name: string): Promise<void> {
  let goesOn = false;
  setHandler(goOn, () => {
    goesOn = true;
  });
  await post({ name, step: 'begun' });
  await condition(() => goesOn, '15 days');
  await post({ name, step: 'ended' });
}
