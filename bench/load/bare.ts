import { randomUUID } from 'node:crypto';
import { bareSample, goOn } from '../bare/workflows.ts';
import type { Bench } from './surroundings.ts';
import type { System } from './system.ts';

/** The bare sample, started and signalled by a client of Temporal. */
export function bareSystem({ client, sink }: Bench): System<string> {
  return {
    worker: 'bare',
    prepare: async (count) => Array.from({ length: count }, () => `bare-${randomUUID()}`),
    async begin(name) {
      await client.workflow.start(bareSample, { workflowId: name, taskQueue: 'bare', args: [name] });
      await sink.got({ name, step: 'begun' });
    },
    async decide(name) {
      await client.workflow.getHandle(name).signal(goOn);
      await sink.got({ name, step: 'ended' });
    },
    ended: (name) => sink.got({ name, step: 'ended' }),
    async isIdle() {
      return (await client.workflow.count("WorkflowType = 'bareSample' AND ExecutionStatus = 'Running'")).count === 0;
    },
    async check(names) {
      const counts = names.flatMap((name) => [
        sink.times({ name, step: 'begun' }),
        sink.times({ name, step: 'ended' }),
      ]);
      if (counts.some((count) => count !== 1)) throw new Error('the bare sample: a post was lost, or came twice');
    },
    executions: (name) => [name],
  };
}
