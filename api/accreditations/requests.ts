import { accreditationStatuses } from '../../domain/vocabulary.ts';
import { listQuery } from '../http/paging.ts';
import { freeText } from '../http/requests.ts';
import { z } from '../http/zod.ts';

/** Query of `GET /v1/accreditations`. */
export const accreditationsQuery = listQuery.extend({
  status: z.enum(accreditationStatuses, '没有这个状态').optional(),
});

/** Body of `POST /v1/accreditations/{accreditationId}/revoke`. */
export const revocationSchema = z.strictObject({ reason: freeText('撤销的原因') });
