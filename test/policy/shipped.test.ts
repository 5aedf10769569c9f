import { describe, expect, it } from '@jest/globals';
import { smsLength } from '../../domain/notifications/sms-length.ts';
import { LONGEST_SURNAME } from '../../domain/people/surname.ts';
import { sampleValues } from '../../policy/checks/samples.ts';
import { fill } from '../../policy/texts.ts';
import { policy } from '../harness/policy.ts';

describe('the shipped policy', () => {
  it('has the clocks of the guide and of the design', () => {
    expect(policy.clocks).toMatchObject({
      workingDays: 15,
      closesAt: '17:00',
      reviewerReminders: [5, 3, 1],
      ladder: [
        { afterWorkingDays: 0, notify: 'supervisor' },
        { afterWorkingDays: 1, notify: 'director' },
        { afterWorkingDays: 3, notify: 'director' },
      ],
      supplementStopsClock: true,
    });
    expect(policy.materials).toMatchObject({ minimumHospitalLevel: 2, recordMonths: 6 });
    expect(policy.city).toEqual({ name: '攀枝花市', region: '510400', hotline: '0812-3323000' });
  });

  it.each([
    ['M03900', '高血压', false],
    ['M01600', '糖尿病', false],
    ['M00500', '恶性肿瘤', false],
    ['M07800', '慢性肾功能衰竭(非透析)', false],
    ['M07803', '血液透析', true],
    ['M08300', '器官移植抗排异', true],
  ])('has %s %s, photo: %s', (code, name, photo) => {
    expect(policy.catalogue.find((disease) => disease.code === code)).toMatchObject({ code, name, photo });
  });

  it.each([
    ['employee', 800, [85, 85]],
    ['resident', 500, [53, 68]],
  ] as const)('pays an insured %s from %d yuan, at %j percent', (type, deductible, ratio) => {
    expect(policy.benefit[type]).toMatchObject({ deductible, ratio });
  });

  it('has room in every 短信 for the longest form of address', () => {
    const values = { ...sampleValues(policy), surname: 'x'.repeat(LONGEST_SURNAME) };
    const parts = policy.notifications.map(({ sms = '' }) => smsLength(fill(sms, values)).parts);
    expect(Math.max(...parts)).toBeLessThanOrEqual(policy.texts.maximumSmsParts);
  });

  it('has somebody in every role that is told of a case', () => {
    const roles = policy.staff.flatMap((member) => member.roles);
    expect(roles).toEqual(expect.arrayContaining(['clerk', 'reviewer', 'supervisor', 'director']));
  });
});
