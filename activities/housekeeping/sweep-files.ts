import { policyInForce } from '../../policy/versions.ts';
import { forgetUnused, lostContents, removeDebris } from '../../store/files/sweep.ts';
import { beating } from '../beating.ts';
import type { SweepActivities, Swept } from '../contract.ts';
import type { ActivityDependencies } from '../dependencies.ts';

const DAY_MS = 86_400_000;
/** Lost contents that are told of in a sweep: after a restore without FILES_DIR it would be all of them. */
const TOLD = 100;

/** Builds what tidies up among the uploaded files. */
export function createFileSweep(dependencies: ActivityDependencies): SweepActivities {
  return { sweepFiles: () => beating(() => sweep(dependencies)) };
}

async function sweep({ store, policies, now, onMended }: ActivityDependencies): Promise<Swept> {
  const at = now();
  const { unusedDays } = policyInForce({ policies, now }).materials.uploads;
  const before = new Date(Date.parse(at) - unusedDays * DAY_MS).toISOString();
  const unused = await forgetUnused(store, before);
  const debris = await removeDebris(store, { before, now: at });
  let lost = 0;
  for await (const { acceptanceNumber } of lostContents(store)) {
    onMended({ workflowId: acceptanceNumber, wrong: 'contentLost', done: null });
    lost += 1;
    if (lost === TOLD) break;
  }
  return { unused, debris, lost };
}
