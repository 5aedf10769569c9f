import { openPerson } from '../../store/accreditations/personal.ts';
import { listAccreditations } from '../../store/accreditations/queries.ts';
import { listApplications } from '../../store/cases/queries.ts';
import { accreditationSummary } from '../accreditations/views.ts';
import { personAnswer } from '../answers.ts';
import { worklistItem } from '../cases/views.ts';
import type { ApiContext } from '../context.ts';
import { caseStaff } from '../http/auth.ts';
import { route } from '../http/route.ts';
import { personLookupSchema } from '../schemas.ts';

/** As many as are answered of each; nobody comes near it. */
const limit = 100;

/** `POST /v1/people/lookup`: a person at the window or on the telephone. A POST, since an ID number must not stand in a URL. */
export function peopleRoutes(context: ApiContext) {
  const { store, policies } = context;
  return [
    route({
      method: 'post',
      path: '/v1/people/lookup',
      summary: '按身份证号查一个人的申请和认定',
      roles: caseStaff,
      body: personLookupSchema,
      answers: {
        200: { description: 'Newest first, ended ones too; empty for somebody unknown', schema: personAnswer },
      },
      async handle({ body: { idNumber } }) {
        const applications = await listApplications(store, { idNumber, limit });
        const accreditations = await listAccreditations(store, { idNumber, limit });
        return {
          status: 200,
          body: {
            applications: applications.map((row) => worklistItem(store, policies, row)),
            accreditations: accreditations.map((row) => {
              return { ...accreditationSummary(context, row), applicantName: openPerson(store, row).name };
            }),
          },
        };
      },
    }),
  ];
}
