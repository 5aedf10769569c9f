import validator from 'validator';
import { findNotice, noticesOfCase } from '../../store/notices.ts';
import { noticesAnswer } from '../answers.ts';
import { caseStaff } from '../auth.ts';
import type { ApiContext } from '../context.ts';
import { problems } from '../errors.ts';
import { noticePage } from '../notice-page.ts';
import { route } from '../route.ts';
import { visibleCase } from './applications.ts';

const readers = ['applicant', ...caseStaff] as const;

/** The notices (告知书) of a case: the list, and each as a page to print. */
export function noticeRoutes(context: ApiContext) {
  const { store } = context;
  return [
    route({
      method: 'get',
      path: '/v1/applications/{acceptanceNumber}/notices',
      summary: '告知书、通知书及文号',
      roles: readers,
      answers: { 200: { description: 'In the order in which they were issued', schema: noticesAnswer } },
      async handle({ params, user }) {
        const { acceptanceNumber } = await visibleCase(context, params.acceptanceNumber as string, user);
        const items = (await noticesOfCase(store, acceptanceNumber)).map(
          ({ id: noticeId, kind, title, documentNumber, issuedOn }) => {
            return { noticeId, kind, title, documentNumber, issuedOn };
          },
        );
        return { status: 200, body: { items } };
      },
    }),
    route({
      method: 'get',
      path: '/v1/applications/{acceptanceNumber}/notices/{noticeId}',
      summary: '打印告知书(A4 网页)',
      roles: readers,
      answers: { 200: { description: 'The notice as it was issued, as text/html' } },
      async handle({ params: { acceptanceNumber, noticeId = '' }, user, response }) {
        const row = await visibleCase(context, acceptanceNumber as string, user);
        const found = validator.isUUID(noticeId) ? await findNotice(store, row.acceptanceNumber, noticeId) : undefined;
        if (!found) throw problems.notFound();
        // It quotes what people wrote: shown, never run, and kept in no shared cache.
        response.set({
          'Cache-Control': 'private, no-store',
          'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
        });
        response.type('html').send(noticePage(found));
        return undefined;
      },
    }),
  ];
}
