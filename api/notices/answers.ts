import { noticeKinds } from '../../domain/notices.ts';
import type { IssuedNotice } from '../../store/notices/queries.ts';
import { date } from '../http/answers.ts';
import { z } from '../http/zod.ts';

export const noticesAnswer = z.object({
  items: z.array(
    z.object({
      noticeId: z.string(),
      kind: z.enum(noticeKinds),
      title: z.string(),
      documentNumber: z.string().openapi({ description: '文号' }),
      issuedOn: date,
    }),
  ),
});

export function noticesView(issued: IssuedNotice[]): z.infer<typeof noticesAnswer> {
  return {
    items: issued.map(({ id: noticeId, kind, title, documentNumber, issuedOn }) => {
      return { noticeId, kind, title, documentNumber, issuedOn };
    }),
  };
}
