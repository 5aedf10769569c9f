import { randomInt } from 'node:crypto';
import { isReviewedBy } from '../../domain/cases/access.ts';
import type { DocumentSeen } from '../../domain/cases/attendance.ts';
import { takesNewPhone } from '../../domain/people/phone-code.ts';
import {
  actedAtWindowText,
  phoneCodeText,
  phoneReplacedInApp,
  phoneReplacedText,
} from '../../policy/people/phone-texts.ts';
import type { Policy } from '../../policy/schema.ts';
import { policyInForce } from '../../policy/versions.ts';
import { openPersonal } from '../../store/cases/personal.ts';
import type { ApplicationRow } from '../../store/cases/tables.ts';
import { phonesOfLasting, statesReached } from '../../store/people/change-phone.ts';
import { type Confirmation, confirmPhone, issuePhoneCode, TooManyCodes } from '../../store/people/phone-codes.ts';
import { attending } from '../cases/attendance.ts';
import type { ApiContext } from '../context.ts';
import type { User } from '../http/auth.ts';
import { Problem, problems, secondsUntil } from '../http/errors.ts';
import type { z } from '../http/zod.ts';
import { startDispatch } from '../notifications/start.ts';
import { type phoneAnswer, type phoneCodeAnswer, phoneCodeView, phoneView } from './answers.ts';
import type { newPhoneSchema, phoneCodeSchema } from './requests.ts';

/**
 * Sends a code to a new phone. Row first, then the workflow that dispatches it; where that can't be started the code is
 * asked for again.
 * @throws Problem 409, 422 or 429
 */
export async function sendCode(
  context: ApiContext,
  row: ApplicationRow,
  user: User,
  { phone, documentSeen }: z.infer<typeof newPhoneSchema>,
): Promise<z.infer<typeof phoneCodeAnswer>> {
  const { store, temporal } = context;
  const { by } = await attendingOnAll(context, row, user, documentSeen, context.now());
  const lasting = await phonesOfLasting(store, row, by);
  if (!takesNewPhone(row.state, lasting.length > 0)) {
    const detail = '本申请已办结,不能再更换手机号;如有其他在办申请或有效的认定,请在相应的申请中更换。';
    throw new Problem(409, 'case-over', detail);
  }
  if ([openPersonal(store, row).applicant.phone, ...lasting].every((known) => known === phone)) {
    throw problems.invalid([{ field: 'phone', code: 'unchanged', detail: '这就是本申请现在的手机号,不用更换。' }]);
  }
  const policy = policyInForce(context);
  const { acceptanceNumber } = row;
  const code = String(randomInt(1_000_000)).padStart(6, '0');
  const text = phoneCodeText(policy, acceptanceNumber, code);
  const at = context.now();
  const limits = policy.notifying.phoneCode;
  const issued = await issuePhoneCode(store, acceptanceNumber, { phone, code, text, limits, at }).catch((error) => {
    throw error instanceof TooManyCodes ? tooMany(error, policy, at) : error;
  });
  const { notificationId, expiresAt } = issued;
  await startDispatch(temporal, { notificationId, until: expiresAt });
  return phoneCodeView(phone, expiresAt);
}

/**
 * A new phone comes into force. Answers once the phones before the new one are being told.
 * @throws Problem 409, or 422 for a wrong code
 */
export async function confirmCode(
  context: ApiContext,
  row: ApplicationRow,
  user: User,
  { code, documentSeen }: z.infer<typeof phoneCodeSchema>,
): Promise<z.infer<typeof phoneAnswer>> {
  const policy = policyInForce(context);
  const at = context.now();
  const confirmation = await confirmPhone(context.store, row, {
    code,
    ...(await attendingOnAll(context, row, user, documentSeen, at)),
    at,
    tries: policy.notifying.phoneCode.tries,
    replaced: (number) => phoneReplacedText(policy, number),
    actedAtWindow: (number) => actedAtWindowText(policy, number),
    inApp: (number, phone) => phoneReplacedInApp(policy, number, phone),
  });
  if (!('phone' in confirmation)) throw unconfirmed(confirmation);
  await Promise.all(
    confirmation.notificationIds.map((notificationId) => startDispatch(context.temporal, { notificationId })),
  );
  return phoneView(confirmation.phone, confirmation.alsoChanged);
}

/**
 * As `attending`. A new phone reaches the person's other cases too, on which a clerk attends by that.
 * @throws Problem 403 where the clerk reviews one of them; 422
 */
async function attendingOnAll(
  { store }: ApiContext,
  row: ApplicationRow,
  user: User,
  documentSeen: DocumentSeen | undefined,
  at: string,
): Promise<ReturnType<typeof attending>> {
  const acting = attending(row, user, documentSeen, at);
  const states = acting.attendance ? await statesReached(store, row, acting.by) : [];
  if (states.some((state) => isReviewedBy(user, state))) throw problems.ownCase();
  return acting;
}

function tooMany({ of, freeAt }: TooManyCodes, { notifying }: Policy, now: string): Problem {
  const { perHour, perDay, perAccountDay } = notifying.phoneCode;
  const details = {
    case: `每件申请一小时内最多获取 ${perHour} 次验证码,请在 ${Math.ceil(secondsUntil(freeAt, now) / 60)} 分钟后再试。`,
    phone: `每个手机号一天内最多获取 ${perDay} 次验证码,请明天再试。`,
    account: `每个账号一天内最多获取 ${perAccountDay} 次验证码,请明天再试。`,
  };
  return problems.tooManyUntil('too-many-codes', details[of], { until: freeAt, now });
}

/** Problems where there is no code to confirm: their code, and what to do. */
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
  const advice = triesLeft > 0 ? `请用最近一次收到的验证码,还可再试 ${triesLeft} 次` : '次数已用完,请重新获取';
  const detail = `验证码不正确,${advice}。`;
  return new Problem(422, 'wrong-code', detail, { triesLeft, errors: [{ field: 'code', code: 'wrong', detail }] });
}
