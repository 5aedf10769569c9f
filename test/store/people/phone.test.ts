import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { eq } from 'drizzle-orm';
import type { Attendance } from '../../../domain/cases/attendance.ts';
import {
  actedAtWindowText,
  phoneCodeText,
  phoneReplacedInApp,
  phoneReplacedText,
} from '../../../policy/people/phone-texts.ts';
import { grantAccreditation } from '../../../store/accreditations/grant.ts';
import type { Filing } from '../../../store/cases/filing.ts';
import { proposeForm } from '../../../store/cases/form-versions.ts';
import { openPersonal } from '../../../store/cases/personal.ts';
import { findApplication } from '../../../store/cases/queries.ts';
import { type ApplicationRow, formVersion } from '../../../store/cases/tables.ts';
import { queuedOf } from '../../../store/notifications/known.ts';
import { queuedSealed } from '../../../store/notifications/sealed.ts';
import { markFailed } from '../../../store/notifications/sending.ts';
import { type Confirmation, confirmPhone, issuePhoneCode } from '../../../store/people/phone-codes.ts';
import { describeStore } from '../../harness/database/describe-store.ts';
import { fileOne } from '../../harness/database/store.ts';
import { liNa, newPerson } from '../../harness/people.ts';
import { policy } from '../../harness/policy.ts';

const at = (minute: number, day = 2) => `2026-03-0${day}T02:${String(minute).padStart(2, '0')}:00.000Z`;
const newPhone = '13900139009';
const limits = { ...policy.notifying.phoneCode, perDay: 1000 };

/** Of what is granted, what doesn't matter here. */
const accreditationFields = {
  createdAt: at(0),
  source: 'import' as const,
  diseaseCode: 'M02101',
  insuredType: 'employee' as const,
  tier: null,
  institution: null,
  policyVersion: policy.version,
  registrationNumber: null,
  begunOn: '2026-01-01',
  validFrom: '2026-01-01',
  validUntil: null,
};

/** A new phone (更换手机号), and the notifications about it. */
await describeStore('a new phone', (store) => {
  /** Sends the code 123456 for a case to the new phone. */
  const issue = (acceptanceNumber: string, minute: number) => {
    const text = phoneCodeText(policy, acceptanceNumber, '123456');
    return issuePhoneCode(store, acceptanceNumber, {
      phone: '13900139009',
      code: '123456',
      text,
      limits,
      at: at(minute),
    });
  };
  /** An account of its own for each: it may have so many codes a day. */
  const file = async () => (await fileOne(store, { submittedBy: `applicant-${Math.random()}` })).acceptanceNumber;

  const confirm = async (number: string, minute: number, attendance?: Attendance) => {
    const row = (await findApplication(store, number)) as ApplicationRow;
    const replaced = (of: string) => phoneReplacedText(policy, of);
    const inApp = (of: string, phone: string) => phoneReplacedInApp(policy, of, phone);
    const words = { replaced, inApp, actedAtWindow: (of: string) => actedAtWindowText(policy, of) };
    const given = { code: '123456', by: row.idNumberHash, at: at(minute), tries: limits.tries, ...words, attendance };
    return (await confirmPhone(store, row, given)) as Extract<Confirmation, { phone: string }>;
  };

  describe('a confirmed phone', () => {
    it('is told to every number that it took the place of, once, also when it is confirmed again', async () => {
      const person = newPerson();
      const submittedBy = store.keyring.hash(person.idNumber);
      const phones = ['13800138001', '13800138002', '13800138001', '13800138003', newPhone];
      const diseases = ['M01600', 'M00500', 'M03900', 'M07800', 'M08300'];
      const cases: Filing[] = [];
      for (const [index, phone] of phones.entries()) {
        const personal = { applicant: { ...person, phone }, signature: { name: person.name, signedAt: at(0) } };
        cases.push(await fileOne(store, { submittedBy, diseaseCode: diseases[index] as string, personal }));
      }
      const id = `RD${randomUUID()}`;
      const granted = { ...accreditationFields, id, sourceKey: id, person: { ...person, phone: '13800138004' } };
      await grantAccreditation(store, granted);
      const [own, ...others] = cases.map(({ acceptanceNumber }) => acceptanceNumber) as [string, ...string[]];

      await issue(own, 10);
      const first = await confirm(own, 11);
      expect(first.notificationIds.toSorted()).toEqual(
        ['', '-2', '-3', '-4'].map((suffix) => `${own}-phoneReplaced-1${suffix}`),
      );
      expect(await confirm(own, 12)).toEqual({ ...first, verdict: 'confirmedBefore' });
      const texts = (await queuedOf(store, first.notificationIds)).map(({ outgoing: { address, body } }) => [
        address,
        body,
      ]);
      const inWords = (of: string) => expect.stringContaining(`尾号${of.slice(-6)}`);
      expect(texts.toSorted()).toEqual([
        ['+8613800138001', inWords(own)],
        ['+8613800138002', inWords(others[0] as string)],
        ['+8613800138003', inWords(others[2] as string)],
        ['+8613800138004', inWords(id)],
      ]);
    });
  });

  it('that a clerk changed is noted at the case where that was, although only an accreditation had another', async () => {
    const person = { ...newPerson(), phone: newPhone };
    const personal = { applicant: person, signature: { name: person.name, signedAt: at(0) } };
    const submittedBy = store.keyring.hash(person.idNumber);
    const { acceptanceNumber } = await fileOne(store, { submittedBy, personal });
    const id = `RD${randomUUID()}`;
    const before = { ...person, phone: '13800138004' };
    await grantAccreditation(store, { ...accreditationFields, id, sourceKey: id, person: before });
    await issue(acceptanceNumber, 10);
    const documentSeen = { document: 'residentIdCard', of: 'applicant' } as const;
    const attendance = { by: 'clerk-1', at: at(11), documentSeen };
    await confirm(acceptanceNumber, 11, attendance);
    expect((await findApplication(store, acceptanceNumber))?.attended).toEqual([attendance]);
  });

  it('is not taken back by a correction that was made before it was confirmed, and reaches one that waits', async () => {
    const number = await file();
    const before = (await findApplication(store, number)) as ApplicationRow;
    const correction = { personal: openPersonal(store, before), form: before.form };
    expect(await proposeForm(store, before, randomUUID(), correction)).toBe(true);
    await issue(number, 10);
    await confirm(number, 11);
    expect(await proposeForm(store, before, randomUUID(), correction)).toBe(false);
    const kept = await store.db.select().from(formVersion).where(eq(formVersion.acceptanceNumber, number));
    const phones = kept.map((version) => [version.sequence, openPersonal(store, version).applicant.phone]);
    expect(phones.toSorted()).toEqual([
      [null, newPhone],
      [0, liNa.phone],
      [0, newPhone],
    ]);
  });

  describe('a notification whose dispatch may not have been started', () => {
    const lost = async (before: string, acceptanceNumber: string) =>
      (await queuedSealed(store, before)).filter(({ notificationId }) => notificationId.startsWith(acceptanceNumber));

    it('is found from an instant on, for a day, until it is settled; a code with the end of its time', async () => {
      const number = await file();
      const { notificationId, expiresAt } = await issue(number, 10);
      expect(expiresAt).toBe(at(20));
      const found = [{ notificationId, until: at(20) }];
      expect(await lost(at(10), number)).toEqual([]);
      expect(await lost(at(11), number)).toEqual(found);
      expect(await lost(at(9, 3), number)).toEqual(found);
      expect(await lost(at(10, 3), number)).toEqual([]);
      await markFailed(store, notificationId, 'given up', at(20));
      expect(await lost(at(21), number)).toEqual([]);
    });

    it('is none but the last code of a case', async () => {
      const number = await file();
      await issue(number, 10);
      const { notificationId, expiresAt } = await issue(number, 11);
      expect(await lost(at(12), number)).toEqual([{ notificationId, until: expiresAt }]);
    });

    it('is the one to the former number, too, whose words always say something', async () => {
      const number = await file();
      const code = await issue(number, 10);
      await markFailed(store, code.notificationId, 'given up', at(11));
      const { notificationIds } = await confirm(number, 12);
      expect(await lost(at(13), number)).toEqual(notificationIds.map((notificationId) => ({ notificationId })));
      expect(notificationIds).toHaveLength(1);
    });
  });
});
