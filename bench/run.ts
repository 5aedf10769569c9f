import { benchMessages } from './messages.ts';
import { benchPublish } from './publish.ts';
import { benchSignals } from './signals.ts';

/** `npm run bench [-- publish|signals|messages]`: side-by-side figures, as ratios within one run; and what becomes of messages when all goes wrong. */
const benches: Record<string, () => Promise<void>> = {
  publish: benchPublish,
  signals: benchSignals,
  messages: benchMessages,
};
const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(benches);
for (const name of names) {
  const bench = benches[name];
  if (!bench) throw new Error(`${name} is no benchmark; there are ${Object.keys(benches).join(', ')}.`);
  await bench();
}
process.exit(0);
