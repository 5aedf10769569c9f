import { expect, it } from '@jest/globals';
import type { Change, EntryKind } from '../../../domain/cases/timeline.ts';
import type { Filing } from '../../../store/cases/filing.ts';
import { notificationsOfCase } from '../../../store/notifications/queries.ts';
import { describeStore } from '../../harness/database/describe-store.ts';
import { changesOf, fileOne, recordChange, rules } from '../../harness/database/store.ts';
import { newIdNumber, newPhone } from '../../harness/people.ts';

const name = '李娜';
const how = { ...rules, causedPerDay: 2 };
const morning = '2026-03-02T02:00:00.000Z';

/** How many 短信 an account causes to one phone in a day. */
await describeStore('短信 that an account causes', (store) => {
  function file(phone: string, overrides: Partial<Filing> = {}): Promise<Filing> {
    const applicant = { name, phone, idNumber: newIdNumber() };
    const signature = { name, signedAt: morning };
    return fileOne(store, { submittedAt: morning, submittedBy: 'a', personal: { applicant, signature }, ...overrides });
  }

  /** Records one change of the case. @returns the channels over which the applicant is told of it */
  async function told(filed: Filing, kind: EntryKind, purpose = kind, sequence = 1): Promise<string[]> {
    const entry = { at: filed.submittedAt, kind, by: 'system', via: 'system', detail: {} } as const;
    const change: Change = { sequence, entry, state: changesOf(filed).accepted.state };
    const draft = {
      purpose: purpose as 'accepted',
      leaving: 'sendingHours',
      recipient: 'applicant',
      body: kind,
    } as const;
    await recordChange(store, filed.acceptanceNumber, change, {
      ...how,
      notifications: () => [
        { ...draft, channel: 'sms' },
        { ...draft, channel: 'app' },
      ],
    });
    const rows = await notificationsOfCase(store, filed.acceptanceNumber);
    return rows
      .filter((row) => row.sequence === sequence)
      .map(({ channel }) => channel)
      .sort();
  }

  it('to a phone end for the day, and stay in the APP inbox; those of another account, phone or day do not', async () => {
    const phone = newPhone();
    for (const channels of [['app', 'sms'], ['app', 'sms'], ['app'], ['app']]) {
      expect(await told(await file(phone), 'accepted')).toEqual(channels);
    }
    expect(await told(await file(phone), 'eligibilityDelayed')).toEqual(['app']);
    expect(await told(await file(phone), 'appealed')).toEqual(['app']);
    expect(await told(await file(newPhone()), 'accepted')).toEqual(['app', 'sms']);
    expect(await told(await file(phone, { submittedBy: 'b' }), 'accepted')).toEqual(['app', 'sms']);
    const tomorrow = '2026-03-03T02:00:00.000Z';
    expect(await told(await file(phone, { submittedAt: tomorrow }), 'accepted')).toEqual(['app', 'sms']);
  });

  it('count where they told of a refusal, which itself always goes, as all results do', async () => {
    const phone = newPhone();
    for (let n = 0; n < 3; n++) expect(await told(await file(phone), 'refused')).toEqual(['app', 'sms']);
    expect(await told(await file(phone), 'accepted')).toEqual(['app']);
    for (const kind of ['approved', 'rejected', 'materialsRequested', 'lapsed'] as const) {
      expect(await told(await file(phone), kind)).toEqual(['app', 'sms']);
    }
  });

  it('do not end where a clerk files at the window', async () => {
    const phone = newPhone();
    for (let n = 0; n < 4; n++)
      expect(await told(await file(phone, { channel: 'window' }), 'accepted')).toEqual(['app', 'sms']);
  });
});
