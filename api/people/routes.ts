import { caseStaff } from '../../domain/staff/roles.ts';
import { policyInForce } from '../../policy/versions.ts';
import type { ApiContext } from '../context.ts';
import { aboutAll, onAttendedCase, only } from '../http/access.ts';
import type { User } from '../http/auth.ts';
import { limiter } from '../http/limits.ts';
import { route } from '../http/route.ts';
import { personAnswer, personView, phoneAnswer, phoneCodeAnswer } from './answers.ts';
import { confirmCode, sendCode } from './change-phone.ts';
import { holdingsOf } from './holdings.ts';
import { newPhoneSchema, personLookupSchema, phoneCodeSchema } from './requests.ts';

/**
 * Looking up a person who is at the window or on the telephone, by a POST, since an ID number must not stand in a URL.
 * And changing a phone (更换手机号): the new one counts once a code that was sent to it has come back.
 */
export function peopleRoutes(context: ApiContext) {
  const { store } = context;
  const { take } = limiter(context);
  async function takeLookup(account: User): Promise<void> {
    const { perHour, perDay } = policyInForce(context).limits.lookups;
    const lookup = { code: 'too-many-lookups', counted: { account } } as const;
    const later = '如确需继续查询,请稍后再试,或请主管安排其他人员。';
    const words = (time: string, most: number) => `每名工作人员${time}最多查询 ${most} 人,${later}`;
    await take({ ...lookup, most: perHour, within: 'hour', detail: words('一小时内', perHour) });
    await take({ ...lookup, most: perDay, within: 'day', detail: words('一天内', perDay) });
  }
  return [
    route({
      method: 'post',
      path: '/v1/people/lookup',
      operationId: 'lookUpPerson',
      summary: '按身份证号查一个人的申请和认定',
      access: only(...caseStaff),
      audit: { action: 'read', kind: 'person', part: 'lookUp' },
      body: personLookupSchema,
      example: { idNumber: '510402198803152122', reason: '来电咨询进度' },
      answers: {
        200: { description: 'Newest first, ended ones too; empty for somebody unknown', schema: personAnswer },
      },
      refusals: ['too-many-lookups'],
      async handle({ body: { idNumber, reason }, user }) {
        await takeLookup(user);
        const idNumberHash = store.keyring.hash(idNumber);
        const held = await holdingsOf(store, idNumberHash);
        const { objects } = aboutAll([...held.applications, ...held.accreditations], user);
        const about = { objects, people: [idNumberHash], reason };
        return { status: 200, body: await personView(context, held), about };
      },
    }),
    route({
      method: 'post',
      path: '/v1/applications/{acceptanceNumber}/phone',
      operationId: 'requestPhoneCode',
      summary: '更换手机号:向新号码发送验证码',
      refusals: ['case-over', 'too-many-codes'],
      access: onAttendedCase,
      audit: { action: 'change', kind: 'application', part: 'newPhone' },
      body: newPhoneSchema,
      answers: {
        202: {
          description: 'A code is on its way to the new phone; none before it counts any more',
          schema: phoneCodeAnswer,
        },
      },
      handle: async ({ found, user, body }) => ({
        status: 202,
        body: await sendCode(context, found, user, body),
      }),
    }),
    route({
      method: 'post',
      path: '/v1/applications/{acceptanceNumber}/phone/confirm',
      operationId: 'confirmPhone',
      summary: '更换手机号:提交验证码;本人其他在办申请和有效认定的手机号一并更换',
      refusals: ['no-code', 'code-expired', 'code-used-up', 'wrong-code'],
      access: onAttendedCase,
      audit: { action: 'change', kind: 'application', part: 'newPhone' },
      body: phoneCodeSchema,
      answers: { 200: { description: 'The new phone is in force', schema: phoneAnswer } },
      handle: async ({ found, user, body }) => ({
        status: 200,
        body: await confirmCode(context, found, user, body),
      }),
    }),
  ];
}
