import { isSender } from '../../domain/checks.ts';
import { listQuery } from '../http/paging.ts';
import { atMost, MOST_STAFF_ID, acceptanceNumberSchema as number } from '../http/requests.ts';
import { z } from '../http/zod.ts';
import { personLookupSchema } from '../people/requests.ts';

/** Query of `GET /v1/audit`. */
export const auditQuery = listQuery.extend({
  case: number.optional().openapi({ description: 'Acceptance number: what was read and changed of this case' }),
  personOf: number.optional().openapi({ description: "Acceptance number: all that is this case's applicant's" }),
  by: z
    .string()
    .max(...atMost(MOST_STAFF_ID, '编号有误'))
    .refine(isSender, '编号有误')
    .optional()
    .openapi({ description: 'Id of a member of staff' }),
});

/** Body of `POST /v1/audit/search`: by an ID number, which must not stand in a URL. */
export const auditSearchSchema = personLookupSchema.extend(listQuery.shape);
