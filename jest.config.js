import { readFileSync } from 'node:fs';

const { dependencies, devDependencies } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));
/** Those that all test files share; zod's language is a matter of the file. */
const packages = Object.keys({ ...dependencies, ...devDependencies })
  .filter((name) => !/^(@?jest|@swc|zod$|@asteasolutions)/.test(name))
  .join('|');

/** Jest runs the sources as the ES modules they are; swc only strips the types. */
export default {
  testEnvironment: '<rootDir>/test/harness/run/shared-packages/environment.js',
  testEnvironmentOptions: { globalsCleanup: 'off' },
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  globalSetup: '<rootDir>/test/harness/run/global-setup.js',
  globalTeardown: '<rootDir>/test/harness/run/global-teardown.js',
  testSequencer: '<rootDir>/test/harness/run/sequencer.js',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
    ],
    [`/node_modules/(${packages})/.+\\.[cm]?js$`]: '<rootDir>/test/harness/run/shared-packages/transform.cjs',
  },
  transformIgnorePatterns: [`/node_modules/(?!(${packages})/)`],
  testTimeout: 60_000,
  // In the repository, like all that is fetched or made once: nothing stays in the folder for temporary files.
  cacheDirectory: '<rootDir>/.cache/jest',
  // Much of a file's time is waiting for servers and clocks, so three at once pay off even on two cores.
  maxWorkers: 3,
  // A module that a test file has loaded is never quite given back, and a large heap is slow to tidy.
  workerIdleMemoryLimit: '1GB',
};
