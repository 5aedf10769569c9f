import { dateSchema, line } from '../http/requests.ts';
import { z } from '../http/zod.ts';

/** Body of `PUT /v1/staff/{staffId}/absence`. */
export const absenceSchema = z
  .strictObject({
    from: dateSchema.openapi({ description: 'First day' }),
    until: dateSchema.openapi({ description: 'Last day' }),
    to: line('接替人', 64).openapi({ description: 'Who takes over' }),
  })
  .openapi('Absence');
