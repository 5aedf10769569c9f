import TestSequencer from '@jest/test-sequencer';

/** Minutes of waiting for programs and clocks, in few lines: by the size of the file, Jest would begin them last. */
const patient = [
  /\/faults\//,
  /\/tour\./,
  /\/processes\./,
  /\/killed-worker\./,
  /\/meeting\./,
  /\/outage\./,
  /\/simulate\./,
  /\/rotate-keys\./,
  /\/workflows\/retention\./,
  /\/admin\/erase\./,
  /\/canary\./,
];

/** Jest's order, but what waits longest begins first, while others use the processor. */
export default class PatientFirst extends TestSequencer {
  sort(tests) {
    const isPatient = ({ path }) => patient.some((name) => name.test(path));
    const sorted = super.sort(tests);
    return [...sorted.filter(isPatient), ...sorted.filter((test) => !isPatient(test))];
  }
}
