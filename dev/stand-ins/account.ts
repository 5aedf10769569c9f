/** The account at all stand-ins for simulation, tests and benchmarks. Not a secret: nobody else reaches these. */
export const account = {
  accountSid: `AC${'0'.repeat(32)}`,
  authToken: 'secret',
  accessKeyId: 'LTAI0',
  accessKeySecret: 'secret',
  insuranceToken: 'token',
};
