import { listAccreditations } from '../../store/accreditations/queries.ts';
import { listApplications } from '../../store/cases/queries.ts';
import type { ApplicationRow } from '../../store/cases/tables.ts';
import { actors, assertActsFor, visibleCase } from '../cases/access.ts';
import type { ApiContext } from '../context.ts';
import { caseStaff, type User } from '../http/auth.ts';
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
      roles: caseStaff,
      body: personLookupSchema,
      answers: {
        200: { description: 'Newest first, ended ones too; empty for somebody unknown', schema: personAnswer },
      },
      async handle({ body: { idNumber } }) {
        const applications = await listApplications(store, { idNumber, limit });
        const accreditations = await listAccreditations(store, { idNumberHash: store.keyring.hash(idNumber), limit });
        return { status: 200, body: personView(context, applications, accreditations) };
      },
    }),
    route({
      method: 'post',
      path: '/v1/applications/{acceptanceNumber}/phone',
      summary: '更换手机号:向新号码发送验证码',
      refusals:
        '403 applicants-own or at-window, 409 case-over, 422 invalid (phone unchanged), 429 too-many-codes (Retry-After)',
      roles: actors,
      body: newPhoneSchema,
      answers: {
        202: {
          description: 'A code is on its way to the new phone; none before it counts any more',
          schema: phoneCodeAnswer,
        },
      },
      async handle({ params, user, body }) {
        const row = await ownCase(context, params.acceptanceNumber as string, user);
        return { status: 202, body: await sendCode(context, row, user, body.phone) };
      },
    }),
    route({
      method: 'post',
      path: '/v1/applications/{acceptanceNumber}/phone/confirm',
      summary: '更换手机号:提交验证码;本人其他在办申请和有效认定的手机号一并更换',
      refusals:
        '403 applicants-own or at-window, 409 no-code, code-expired or code-used-up, 422 wrong-code (triesLeft)',
      roles: actors,
      body: phoneCodeSchema,
      answers: { 200: { description: 'The new phone is in force', schema: phoneAnswer } },
      async handle({ params, user, body }) {
        const row = await ownCase(context, params.acceptanceNumber as string, user);
        return { status: 200, body: await confirmCode(context, row, user, body.code) };
      },
    }),
  ];
}

/** @throws Problem 404 or 403 */
async function ownCase(context: ApiContext, acceptanceNumber: string, user: User): Promise<ApplicationRow> {
  const row = await visibleCase(context, acceptanceNumber, user);
  assertActsFor(row, user);
  return row;
}
