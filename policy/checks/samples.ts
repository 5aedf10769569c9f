import { acceptanceNumber } from '../../domain/cases/acceptance-number.ts';
import type { NotifiedEvent } from '../../domain/notifications/events.ts';
import { maskedPhone } from '../../domain/people/person.ts';
import { materialKinds, refusalReasons } from '../../domain/vocabulary.ts';
import { type Remedy, remediesOf } from '../cases/remedies.ts';
import type { Policy } from '../schema.ts';
import { caseValues, chineseDate, LONGEST_VALUE, listInShort, refusalText, type TextValues } from '../texts.ts';

/**
 * A value for each parameter of a text, about the longest that occurs: a surname of two characters (few are longer,
 * see `surnameOf`), the 31st of December, every material, as many days as there are before the earliest reminder.
 * @param on the event that is told, which decides the remedies
 */
export function sampleValues(policy: Policy, on: NotifiedEvent = 'rejected'): Required<TextValues> {
  const { region } = policy.city;
  const date = '2026-12-31';
  const number = acceptanceNumber(region, 2026, Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8]));
  const refusals = refusalReasons
    .map((refused) => refusalText(policy, refused))
    .map(({ reason, remedy }) => `${reason},${remedy}`);
  return {
    ...caseValues(policy, number, [...materialKinds]),
    surname: '欧阳',
    dueOn: chineseDate(date),
    windowEndsOn: chineseDate(date),
    appealUntil: chineseDate(date),
    previousDueOn: chineseDate('2026-11-30'),
    previousWindowEndsOn: chineseDate('2026-11-30'),
    validFrom: chineseDate(date),
    validUntil: chineseDate(date),
    left: Math.max(...reminders(policy)),
    level: policy.clocks.ladder.length,
    reason: Object.values(policy.rejectionGrounds).join(';'),
    refusals: refusals.toSorted((a, b) => b.length - a.length)[0] ?? '',
    remedies: remediesAfter(policy, on, date)
      .map(({ detail }) => detail)
      .join(';'),
  };
}

/** The ways that remain after what is told; none where nothing was decided against anybody. */
function remediesAfter(policy: Policy, on: NotifiedEvent, date: string): Remedy[] {
  const windows = { windowEndsOn: date, appealUntil: date, today: date };
  if (on === 'rejected') return remediesOf(policy, 'rejected', windows);
  if (on === 'rejectedWithoutAppeal') return remediesOf(policy, 'rejected', { ...windows, appealUntil: null });
  if (on === 'accreditationRevoked') return remediesOf(policy, 'revoked');
  return on === 'refused' ? remediesOf(policy, 'refused') : [];
}

/**
 * The texts under `notifying` in the policy, which stand beside the notifications'. Each has its name there, and values
 * as `sampleValues` gives them.
 */
export interface NotifyingTexts {
  sms: {
    name: string;
    text: { sms: string; aliyun?: string | undefined; app?: string };
    values: Record<string, string | number>;
  }[];
  emails: { name: string; texts: Record<string, string>; values: Record<string, string | number> }[];
}

/** @returns what is checked at start, and what the preview shows */
export function notifyingTexts(policy: Policy): NotifyingTexts {
  const { collected, phoneCode, phoneReplaced, filedOtherwise, actedAtWindow, delivery } = policy.notifying;
  const { briefing, callOverdue, circularMissing } = policy.notifying;
  const { surname, tail, hotline } = sampleValues(policy);
  // Five tails make the longest list that isn't cut short.
  const tails = listInShort(Array(5).fill(tail), LONGEST_VALUE);
  return {
    sms: [
      { name: 'collected', text: collected, values: { surname, count: 5, tails, hotline } },
      { name: 'phoneCode', text: phoneCode, values: { code: '123456', minutes: phoneCode.minutes, tail } },
      { name: 'phoneReplaced', text: phoneReplaced, values: { tail, hotline, phone: maskedPhone('13900139009') } },
      { name: 'filedOtherwise', text: filedOtherwise, values: { tail, hotline } },
      { name: 'actedAtWindow', text: actedAtWindow, values: { tail, hotline } },
    ],
    emails: [
      { name: 'briefing', texts: briefing, values: { count: 99 } },
      { name: 'callOverdue', texts: callOverdue, values: { tail, hours: delivery.callHours } },
      { name: 'circularMissing', texts: circularMissing, values: { year: 2027, count: 99 } },
    ],
  };
}

/** Days left at which somebody is reminded. */
function reminders({ clocks, accreditation }: Policy): number[] {
  const { supplement, verification, resubmission, appeal, reviewerReminders, oneTimeNotice } = clocks;
  return [supplement, verification, resubmission, appeal, accreditation]
    .flatMap(({ reminders: daysLeft }) => daysLeft)
    .concat(reviewerReminders, oneTimeNotice.remindAfter);
}
