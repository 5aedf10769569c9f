/** An account at all stand-ins, for the simulation, the tests and the benchmarks: nobody else reaches theirs. */
export const account = {
  accountSid: `AC${'0'.repeat(32)}`,
  authToken: 'secret',
  accessKeyId: 'LTAI0',
  accessKeySecret: 'secret',
  insuranceToken: 'token',
};
