import { freeText } from '../http/requests.ts';
import { z } from '../http/zod.ts';

/** Body of `POST /v1/calls/{id}/record`. */
export const callRecordSchema = z.strictObject({
  outcome: z.enum(['reached', 'notReached', 'wrongNumber'], '结果应为 reached、notReached 或 wrongNumber'),
  note: freeText('备注').optional(),
});
