import { benchApplications } from './applications.ts';
import { benchLatency } from './latency.ts';
import { benchNotifications } from './notifications.ts';
import { benchOverload } from './overload.ts';
import { benchPublish } from './publish.ts';
import { benchRotate } from './rotate.ts';
import { benchSignals } from './signals.ts';
import { benchWorklist } from './worklist.ts';

/** `npm run bench -- <name> [options]`; without a name it runs all of them, one after the other. */
const benches: Record<string, (args: string[]) => Promise<void>> = {
  applications: benchApplications,
  latency: benchLatency,
  overload: benchOverload,
  publish: benchPublish,
  rotate: benchRotate,
  signals: benchSignals,
  notifications: benchNotifications,
  worklist: benchWorklist,
};
const [name, ...args] = process.argv.slice(2);
const chosen = name === undefined ? Object.values(benches) : [benches[name]];
for (const bench of chosen) {
  if (!bench) throw new Error(`${name} is no benchmark; there are ${Object.keys(benches).join(', ')}.`);
  await bench(args);
}
process.exit(0);
