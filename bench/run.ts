import { benchPublish } from './publish.ts';
import { benchSignals } from './signals.ts';

/** `npm run bench [-- publish|signals]`: side-by-side figures, as ratios within one run. */
const benches: Record<string, () => Promise<void>> = { publish: benchPublish, signals: benchSignals };
const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(benches);
for (const name of names) {
  const bench = benches[name];
  if (!bench) throw new Error(`${name} is no benchmark; there are ${Object.keys(benches).join(', ')}.`);
  await bench();
}
process.exit(0);
