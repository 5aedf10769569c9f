import { it } from '@jest/globals';
import { describeOnStack, expectWell } from './on-stack.ts';
import { slips } from './operators.ts';

await describeOnStack('what an operator cancels or terminates in Temporal Web by a slip', (stack) => {
  it('goes on, and has its effect', async () => expectWell(...(await slips(stack()))), 300_000);
});
