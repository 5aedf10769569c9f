import { createRequire } from 'node:module';
import { TestEnvironment } from 'jest-environment-node';

const require = createRequire(import.meta.url);

/** What packages and tests must mean the same by: `instanceof` tells realms apart. */
const builtIns = [
  ...['Error', 'AggregateError', 'EvalError', 'RangeError', 'ReferenceError', 'SyntaxError', 'TypeError', 'URIError'],
  ...['Date', 'Map', 'Promise', 'Set', 'WeakMap', 'WeakSet'],
];

/** A test file's globals: those of Node, and `requireShared`, by which packages are found (see transform.cjs). */
export default class SharingEnvironment extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    for (const name of builtIns) this.global[name] = globalThis[name];
    this.global.requireShared = require;
    // Workers in a test's own process run workflows in its thread, since one of their own loads half a second each.
    // It is set after the tests' copy of the environment has been made: the programs that they start run as they do.
    process.env.TEMPORAL_DEBUG = '1';
  }
}
