import { randomInt } from 'node:crypto';
import { maskedPhone } from '../../domain/people/person.ts';
import { takesNewPhone } from '../../domain/people/phone-code.ts';
import { phoneCodeText, phoneReplacedInApp, phoneReplacedText } from '../../policy/people/phone-texts.ts';
import type { Policy } from '../../policy/schema.ts';
import { policyInForce } from '../../policy/versions.ts';
import { type ApplicationRow, openPersonal } from '../../store/encryption/personal.ts';
import { hasLasting } from '../../store/people/change-phone.ts';
import { type Confirmation, confirmPhone, issuePhoneCode, TooManyCodes } from '../../store/people/phone-codes.ts';
import { assertActsFor, visibleCase } from '../cases/routes.ts';
import type { ApiContext } from '../context.ts';
import type { Role, User } from '../http/auth.ts';
import { Problem, problems } from '../http/errors.ts';
import { route } from '../http/route.ts';
import { phoneAnswer, phoneCodeAnswer } from '../notifications/answers.ts';
import { newPhoneSchema, phoneCodeSchema } from '../schemas.ts';
import { startHandOver } from '../start.ts';

const roles: readonly Role[] = ['applicant', 'clerk'];

/** A new phone (更换手机号): it counts once a code that was sent to it has come back. */
export function phoneRoutes(context: ApiContext) {
  return [
    route({
      method: 'post',
      path: '/v1/applications/{acceptanceNumber}/phone',
      summary: '更换手机号:向新号码发送验证码',
      refusals: '403 applicants-own, 409 case-over, 422 invalid (phone unchanged), 429 too-many-codes (Retry-After)',
      roles,
      body: newPhoneSchema,
      answers: {
        202: {
          description: 'A code is on its way to the new phone; none before it counts any more',
          schema: phoneCodeAnswer,
        },
      },
      async handle({ params, user, body }) {
        const row = await ownCase(context, params.acceptanceNumber as string, user);
        return { status: 202, body: await sendCode(context, row, body.phone) };
      },
    }),
    route({
      method: 'post',
      path: '/v1/applications/{acceptanceNumber}/phone/confirm',
      summary: '更换手机号:提交验证码;本人其他在办申请和有效认定的手机号一并更换',
      refusals: '403 applicants-own, 409 no-code, code-expired or code-used-up, 422 wrong-code (triesLeft)',
      roles,
      body: phoneCodeSchema,
      answers: { 200: { description: 'The new phone is in force', schema: phoneAnswer } },
      async handle({ params, user, body }) {
        const row = await ownCase(context, params.acceptanceNumber as string, user);
        return { status: 200, body: await confirm(context, row, body.code) };
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

/** Row first, then the workflow that hands it over; where that can't be started the code is asked for again. */
async function sendCode(context: ApiContext, row: ApplicationRow, phone: string) {
  const { store, temporal } = context;
  if (!takesNewPhone(row.state, await hasLasting(store, row))) {
    const detail = '本申请已办结,不能再更换手机号;如有其他在办申请或有效的认定,请在相应的申请中更换。';
    throw new Problem(409, 'case-over', detail);
  }
  if (openPersonal(store, row).applicant.phone === phone) {
    throw problems.invalid([{ field: 'phone', code: 'unchanged', detail: '这就是本申请现在的手机号,不用更换。' }]);
  }
  const policy = policyInForce(context);
  const { acceptanceNumber } = row;
  const code = String(randomInt(1_000_000)).padStart(6, '0');
  const text = phoneCodeText(policy, acceptanceNumber, code);
  const at = context.now();
  const limits = policy.messaging.phoneCode;
  const issued = await issuePhoneCode(store, acceptanceNumber, { phone, code, text, limits, at }).catch((error) => {
    throw error instanceof TooManyCodes ? tooMany(error, policy, at) : error;
  });
  const { messageId, expiresAt } = issued;
  await startHandOver(temporal, { messageId, until: expiresAt });
  return { phone: maskedPhone(phone), expiresAt };
}

/** Answers once the phones before the new one are being told. */
async function confirm(context: ApiContext, row: ApplicationRow, code: string) {
  const policy = policyInForce(context);
  const confirmation = await confirmPhone(context.store, row, {
    code,
    at: context.now(),
    tries: policy.messaging.phoneCode.tries,
    replaced: (number) => phoneReplacedText(policy, number),
    inApp: (number, phone) => phoneReplacedInApp(policy, number, phone),
  });
  if (!('phone' in confirmation)) throw unconfirmed(confirmation);
  await Promise.all(confirmation.messageIds.map((messageId) => startHandOver(context.temporal, { messageId })));
  return { phone: maskedPhone(confirmation.phone), alsoChanged: confirmation.alsoChanged };
}

function tooMany({ of, freeAt }: TooManyCodes, { messaging }: Policy, now: string): Problem {
  const { perHour, perDay, perAccountDay } = messaging.phoneCode;
  const retryAfter = Math.ceil((Date.parse(freeAt) - Date.parse(now)) / 1000);
  const details = {
    case: `每件申请一小时内最多获取 ${perHour} 次验证码,请在 ${Math.ceil(retryAfter / 60)} 分钟后再试。`,
    phone: `每个手机号一天内最多获取 ${perDay} 次验证码,请明天再试。`,
    account: `每个账号一天内最多获取 ${perAccountDay} 次验证码,请明天再试。`,
  };
  return new Problem(429, 'too-many-codes', details[of], { retryAfter });
}

/** Why no code counts, and what to do. */
const withoutCode = {
  none: ['no-code', '没有待确认的验证码,请先填写新手机号,获取验证码。'],
  expired: ['code-expired', '验证码已过期,请重新获取。'],
  usedUp: ['code-used-up', '验证码输错次数过多,已失效,请重新获取。'],
} as const;

function unconfirmed(confirmation: Exclude<Confirmation, { phone: string }>): Problem {
  if (confirmation.verdict !== 'wrong') {
    const [code, detail] = withoutCode[confirmation.verdict];
    return new Problem(409, code, detail);
  }
  const { triesLeft } = confirmation;
  const then = triesLeft > 0 ? `请用最近一次收到的验证码,还可再试 ${triesLeft} 次` : '次数已用完,请重新获取';
  const detail = `验证码不正确,${then}。`;
  return new Problem(422, 'wrong-code', detail, { triesLeft, errors: [{ field: 'code', code: 'wrong', detail }] });
}
