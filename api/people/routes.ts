import { caseStaff } from '../../domain/staff/roles.ts';
import { listAccreditations } from '../../store/accreditations/queries.ts';
import { listApplications } from '../../store/cases/queries.ts';
import type { ApiContext } from '../context.ts';
import { onCase, only } from '../http/access.ts';
import { route } from '../http/route.ts';
import { personAnswer, personView, phoneAnswer, phoneCodeAnswer } from './answers.ts';
import { confirmCode, sendCode } from './change-phone.ts';
import { newPhoneSchema, personLookupSchema, phoneCodeSchema } from './requests.ts';

/** How many applications and accreditations of a person are answered at most; nobody comes near it. */
const limit = 100;

/**
 * Looking up a person who is at the window or on the telephone, by a POST, since an ID number must not stand in a URL.
 * And changing a phone (更换手机号): the new one counts once a code that was sent to it has come back.
 */
export function peopleRoutes(context: ApiContext) {
  const { store } = context;
  return [
    route({
      method: 'post',
      path: '/v1/people/lookup',
      summary: '按身份证号查一个人的申请和认定',
      access: only(...caseStaff),
      audit: { action: 'read', kind: 'person', part: 'lookUp' },
      body: personLookupSchema,
      answers: {
        200: { description: 'Newest first, ended ones too; empty for somebody unknown', schema: personAnswer },
      },
      async handle({ body: { idNumber, reason } }) {
        const applications = await listApplications(store, { idNumber, limit });
        const accreditations = await listAccreditations(store, { idNumber, limit });
        const about = {
          objects: [...applications.map((row) => row.acceptanceNumber), ...accreditations.map(({ id }) => id)],
          people: [store.keyring.hash(idNumber)],
          reason,
        };
        return { status: 200, body: personView(context, applications, accreditations), about };
      },
    }),
    route({
      method: 'post',
      path: '/v1/applications/{acceptanceNumber}/phone',
      summary: '更换手机号:向新号码发送验证码',
      refusals:
        '403 applicants-own, own-case, 409 case-over, 422 invalid (phone unchanged), 429 too-many-codes (Retry-After)',
      access: onCase('actFor'),
      audit: { action: 'change', kind: 'application', part: 'newPhone' },
      body: newPhoneSchema,
      answers: {
        202: {
          description: 'A code is on its way to the new phone; none before it counts any more',
          schema: phoneCodeAnswer,
        },
      },
      handle: async ({ found, body }) => ({ status: 202, body: await sendCode(context, found, body.phone) }),
    }),
    route({
      method: 'post',
      path: '/v1/applications/{acceptanceNumber}/phone/confirm',
      summary: '更换手机号:提交验证码;本人其他在办申请和有效认定的手机号一并更换',
      refusals: '403 applicants-own, own-case, 409 no-code, code-expired or code-used-up, 422 wrong-code (triesLeft)',
      access: onCase('actFor'),
      audit: { action: 'change', kind: 'application', part: 'newPhone' },
      body: phoneCodeSchema,
      answers: { 200: { description: 'The new phone is in force', schema: phoneAnswer } },
      handle: async ({ found, body }) => ({ status: 200, body: await confirmCode(context, found, body.code) }),
    }),
  ];
}
