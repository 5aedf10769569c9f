import validator from 'validator';
import type { NoticeKind } from '../../domain/notices.ts';
import { policyInForce } from '../../policy/versions.ts';
import { findNotice, noticesAbout } from '../../store/notices/queries.ts';
import type { About } from '../../store/notifications/about.ts';
import { isTold, toldElsewhere } from '../cases/told.ts';
import type { ApiContext } from '../context.ts';
import { type Access, onAccreditation, onCase } from '../http/access.ts';
import type { User } from '../http/auth.ts';
import { Problem, problems } from '../http/errors.ts';
import { route } from '../http/route.ts';
import { noticesAnswer, noticesView } from './answers.ts';
import { noticePage } from './page.ts';

/** The notices (告知书) of a case and of an accreditation: the list, and each as a page to print. */
export function noticeRoutes(context: ApiContext) {
  return [
    ...routesUnder(context, '/v1/applications/{acceptanceNumber}/notices', onCase('see'), {
      about: ({ acceptanceNumber }) => ({ acceptanceNumber }),
      // They tell of the applicant's insurance.
      isTold: (row, user, kind) => (kind !== 'refusal' && kind !== 'approval') || isTold(context, row, user),
    }),
    ...routesUnder(context, '/v1/accreditations/{accreditationId}/notices', onAccreditation('see'), {
      about: ({ id }) => ({ accreditationId: id }),
      isTold: () => true,
    }),
  ];
}

/** Of what a path names: what its notices are about, and who is told what they say. */
interface Noticed<Found> {
  about(found: Found): About;
  isTold(found: Found, user: User, kind: NoticeKind): boolean;
}

function routesUnder<Found>(
  context: ApiContext,
  path: string,
  access: Access<Found>,
  { about, isTold }: Noticed<Found>,
) {
  const { store } = context;
  return [
    route({
      method: 'get',
      path,
      summary: '告知书、通知书、决定书及文号',
      access,
      audit: { action: 'read', kind: 'notice', part: 'notices' },
      answers: { 200: { description: 'In the order in which they were issued', schema: noticesAnswer } },
      handle: async ({ found }) => ({ status: 200, body: noticesView(await noticesAbout(store, about(found))) }),
    }),
    route({
      method: 'get',
      path: `${path}/{noticeId}`,
      summary: '打印告知书(A4 网页)',
      access,
      audit: { action: 'read', kind: 'notice', part: 'content' },
      answers: { 200: { description: 'The notice as it was issued', types: ['text/html'] } },
      refusals: '403 told-to-applicant (an agent, of what tells how a grown-up is insured)',
      async handle({ params, found, user }) {
        const { noticeId = '' } = params;
        const notice = validator.isUUID(noticeId) ? await findNotice(store, about(found), noticeId) : undefined;
        if (!notice) throw problems.notFound();
        if (!isTold(found, user, notice.kind)) {
          const what = notice.kind === 'approval' ? '决定书写明申请人的参保类型和待遇' : undefined;
          throw new Problem(403, 'told-to-applicant', `${toldElsewhere(policyInForce(context), what)}。`);
        }
        // It quotes what people wrote, so it is shown, never run, and isn't kept in shared caches.
        const headers = {
          'Cache-Control': 'private, no-store',
          'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
        };
        return { status: 200, content: { type: 'html', data: noticePage(notice) }, headers };
      },
    }),
  ];
}
