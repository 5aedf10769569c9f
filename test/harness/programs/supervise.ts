import { dirname } from 'node:path';
import { Supervisor } from '../../../dev/stack/supervisor.ts';

/** A supervisor in a process of its own, so that it can be killed. */
const supervisor = new Supervisor({
  env: process.env,
  logDir: dirname(process.env.EVENTS ?? ''),
  show: () => {},
  onReady: () => {},
  onGiveUp: () => {},
});
await supervisor.start({ name: 'child', script: 'test/harness/programs/part.ts', args: ['child'] });
process.send?.('ready');
