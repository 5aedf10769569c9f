import { it } from '@jest/globals';
import { describeOnStack, expectWell } from '../harness/faults/on-stack.ts';
import { slips } from '../harness/faults/operators.ts';

await describeOnStack('what an operator cancels or terminates in Temporal Web by a slip', (stack) => {
  it('goes on, and has its effect', async () => expectWell(...(await slips(stack()))), 300_000);
});
