/** Jest runs the sources as the ES modules they are; swc only strips the types. */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  globalSetup: '<rootDir>/test/harness/run/global-setup.js',
  globalTeardown: '<rootDir>/test/harness/run/global-teardown.js',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
    ],
  },
  testTimeout: 60_000,
  // Most of a file's time is waiting for servers, so two at once pay off even on two cores.
  maxWorkers: 2,
};
