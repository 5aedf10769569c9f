import { describe, expect, it } from '@jest/globals';
import {
  type DueStep,
  nextDeliveryStep,
  type TakenStep,
  type Undelivered,
} from '../../../domain/notifications/delivery.ts';

const waits = { otherProviderMinutes: 10, callMinutes: 60, callHours: 8 };
const at = (time: string) => `2026-09-30T${time}:00.000Z`;
const failed: Undelivered = {
  failedAt: at('02:00'),
  toApplicant: true,
  otherProvider: true,
  reached: false,
  taken: [],
};
const took = (step: TakenStep['step'], time: string): TakenStep => ({ step, at: at(time) });
const due = (step: DueStep['step'], time: string) => ({ step, at: at(time) });

describe('a 短信 that has failed at 02:00', () => {
  it.each<[when: string, notification: Partial<Undelivered>, next: DueStep | null]>([
    ['', {}, due('otherProvider', '02:10')],
    ['lies in the APP now', { taken: [took('app', '02:00')] }, due('otherProvider', '02:10')],
    ['has no other provider', { otherProvider: false }, due('call', '03:00')],
    [
      'went through the other one',
      { otherProvider: false, taken: [took('otherProvider', '02:12')] },
      due('call', '03:12'),
    ],
    ['could go elsewhere again', { taken: [took('otherProvider', '02:12')] }, due('call', '03:12')],
    ['is to be told by phone', { taken: [took('call', '03:00')], otherProvider: false }, due('callOverdue', '11:00')],
    [
      'was called for in vain',
      { taken: [took('call', '03:00'), took('callOverdue', '11:00')], otherProvider: false },
      null,
    ],
    ['has arrived after all', { reached: true }, null],
    ['has arrived by the other one', { reached: true, taken: [took('otherProvider', '02:12')] }, null],
    ['was for the staff', { toApplicant: false }, due('otherProvider', '02:10')],
    ['was for the staff, twice', { toApplicant: false, otherProvider: false }, null],
    ['was for the staff, and tried', { toApplicant: false, taken: [took('otherProvider', '02:12')] }, null],
  ])('and %s', (_, notification, next) => {
    expect(nextDeliveryStep({ ...failed, ...notification }, waits)).toEqual(next);
  });
});
