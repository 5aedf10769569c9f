import validator from 'validator';
import { findNotice, noticesAbout } from '../../store/notices/queries.ts';
import type { About } from '../../store/notifications/about.ts';
import { visibleAccreditation } from '../accreditations/access.ts';
import { visibleCase } from '../cases/access.ts';
import type { ApiContext } from '../context.ts';
import { readers, type User } from '../http/auth.ts';
import { problems } from '../http/errors.ts';
import { route } from '../http/route.ts';
import { noticesAnswer, noticesView } from './answers.ts';
import { noticePage } from './page.ts';

/** The notices (告知书) of a case and of an accreditation: the list, and each as a page to print. */
export function noticeRoutes(context: ApiContext) {
  return [
    ...routesUnder(context, '/v1/applications/{acceptanceNumber}/notices', async (params, user) => {
      const { acceptanceNumber } = await visibleCase(context, params.acceptanceNumber as string, user);
      return { acceptanceNumber };
    }),
    ...routesUnder(context, '/v1/accreditations/{accreditationId}/notices', async (params, user) => {
      const { id } = await visibleAccreditation(context, params.accreditationId as string, user);
      return { accreditationId: id };
    }),
  ];
}

/** @param visible finds what the path names; throws Problem 404 where this user may not see it */
function routesUnder(
  { store }: ApiContext,
  path: string,
  visible: (params: Record<string, string>, user: User) => Promise<About>,
) {
  return [
    route({
      method: 'get',
      path,
      summary: '告知书、通知书、决定书及文号',
      roles: readers,
      answers: { 200: { description: 'In the order in which they were issued', schema: noticesAnswer } },
      async handle({ params, user }) {
        return { status: 200, body: noticesView(await noticesAbout(store, await visible(params, user))) };
      },
    }),
    route({
      method: 'get',
      path: `${path}/{noticeId}`,
      summary: '打印告知书(A4 网页)',
      roles: readers,
      answers: { 200: { description: 'The notice as it was issued', types: ['text/html'] } },
      async handle({ params, user, response }) {
        const { noticeId = '' } = params;
        const subject = await visible(params, user);
        const notice = validator.isUUID(noticeId) ? await findNotice(store, subject, noticeId) : undefined;
        if (!notice) throw problems.notFound();
        // It quotes what people wrote, so it is shown, never run, and isn't kept in shared caches.
        response.set({
          'Cache-Control': 'private, no-store',
          'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
        });
        response.type('html').send(noticePage(notice));
        return undefined;
      },
    }),
  ];
}
