import { expect, it } from '@jest/globals';
import { eq } from 'drizzle-orm';
import { grantAccreditation } from '../../../store/accreditations/grant.ts';
import { fileApplication } from '../../../store/cases/filing.ts';
import { application } from '../../../store/cases/tables.ts';
import { call, notification } from '../../../store/notifications/tables.ts';
import { eraseCase } from '../../../store/retention/erase-case.ts';
import { beginErasure, finishErasure, StillOpen } from '../../../store/retention/erasures.ts';
import { holdsOn, liftHold, NothingToHold, setHold, UnderHold } from '../../../store/retention/holds.ts';
import { dropCalls, dropSent } from '../../../store/retention/old-rows.ts';
import { BeingErased } from '../../../store/retention/person-lock.ts';
import { erasure, legalHold } from '../../../store/retention/tables.ts';
import { takeOutCase } from '../../../store/retention/take-out.ts';
import { describeStore } from '../../harness/database/describe-store.ts';
import { fileOne, grant } from '../../harness/database/store.ts';
import { filing } from '../../harness/people.ts';

await describeStore('erasures and holds', (store) => {
  const at = '2026-11-27T02:00:00.000Z';
  const act = { by: 'admin-1', reason: '本人申请', at };
  const close = (acceptanceNumber: string) =>
    store.db.update(application).set({ closed: true }).where(eq(application.acceptanceNumber, acceptanceNumber));
  const hashOf = (filed: { personal: { applicant: { idNumber: string } } }) =>
    store.keyring.hash(filed.personal.applicant.idNumber);

  it('of an erasure and a filing at the same time one wins, and both know which', async () => {
    const won = { erasure: 0, filing: 0 };
    for (let round = 0; round < 15; round += 1) {
      const filed = filing(at);
      const erase = () => beginErasure(store, hashOf(filed), act);
      const file = () => fileApplication(store, filed);
      // Both come first in turn.
      const [first, second] = round % 2 === 0 ? [erase(), file()] : [file(), erase()];
      const outcomes = await Promise.allSettled<object | null>([first, second]);
      const [begun, written] = round % 2 === 0 ? outcomes : outcomes.toReversed();
      const winners = outcomes.filter(({ status }) => status === 'fulfilled');
      expect(winners).toHaveLength(1);
      if (begun?.status === 'fulfilled') {
        won.erasure += 1;
        expect((written as PromiseRejectedResult).reason).toBeInstanceOf(BeingErased);
        await finishErasure(store, begun.value as never, at);
      } else {
        won.filing += 1;
        expect((begun as PromiseRejectedResult).reason).toBeInstanceOf(StillOpen);
      }
    }
    expect(won.erasure + won.filing).toBe(15);
  });

  it('an erasure that was begun goes on, and a second one is the same', async () => {
    const filed = await fileOne(store);
    await close(filed.acceptanceNumber);
    const [first, second] = [
      await beginErasure(store, hashOf(filed), act),
      await beginErasure(store, hashOf(filed), { ...act, by: 'somebody else' }),
    ];
    expect(second).toEqual(first);
    await finishErasure(store, first, at);
    const [row] = await store.db.select().from(erasure).where(eq(erasure.id, first.id));
    expect(row).toMatchObject({ idNumberHash: null, by: 'admin-1', reason: act.reason, finishedAt: at });
  });

  it('only what is closed and taken out is erased, and once', async () => {
    const filed = await fileOne(store);
    const { acceptanceNumber } = filed;
    expect(await takeOutCase(store, acceptanceNumber, at)).toBeUndefined();
    await close(acceptanceNumber);
    expect(await eraseCase(store, acceptanceNumber)).toBe(false);
    expect(await takeOutCase(store, acceptanceNumber, at)).toEqual([]);
    await expect(setHold(store, { acceptanceNumber }, act)).rejects.toThrow(NothingToHold);
    expect([await eraseCase(store, acceptanceNumber), await eraseCase(store, acceptanceNumber)]).toEqual([true, false]);
    expect(await takeOutCase(store, acceptanceNumber, at)).toBeUndefined();
  });

  it('a hold says why, is there once, and goes with the person once it was lifted', async () => {
    const filed = await fileOne(store);
    const [held, { acceptanceNumber }] = [{ idNumberHash: hashOf(filed) }, filed];
    await close(acceptanceNumber);
    expect(await Promise.all([1, 2, 3].map(() => setHold(store, held, act)))).toContain(true);
    expect(await store.db.$count(legalHold, eq(legalHold.idNumberHash, held.idNumberHash))).toBe(1);
    expect(await holdsOn(store, held.idNumberHash)).toMatchObject([{ acceptanceNumber: null, reason: '本人申请' }]);
    await expect(takeOutCase(store, acceptanceNumber, at)).rejects.toThrow(UnderHold);
    await expect(beginErasure(store, held.idNumberHash, act)).rejects.toThrow(UnderHold);
    expect([await liftHold(store, held, act), await liftHold(store, held, act)]).toEqual([true, false]);
    await finishErasure(store, await beginErasure(store, held.idNumberHash, act), at);
    expect(await store.db.$count(legalHold, eq(legalHold.idNumberHash, held.idNumberHash))).toBe(0);
    await expect(setHold(store, { acceptanceNumber: 'unknown' }, act)).rejects.toThrow(NothingToHold);
  });

  it('a hold on a case also keeps what was told of the accreditations of its person', async () => {
    const filed = await fileOne(store);
    const { acceptanceNumber } = filed;
    const { id } = await grantAccreditation(store, { ...grant(at), person: filed.personal.applicant });
    const row = { id: `${id}-1`, sequence: 1, purpose: 'renewed', recipient: 'applicant', recipientKey: 'x' } as const;
    const sent = { channel: 'sms', body: '短信', createdAt: at, leaving: 'anyTime', leavesAt: at } as const;
    const settled = { state: 'delivered', settledAt: at } as const;
    await store.db.insert(notification).values({ ...row, ...sent, ...settled, accreditationId: id });
    await store.db.insert(call).values({ notificationId: row.id, createdAt: at, doneAt: at });
    await setHold(store, { acceptanceNumber }, act);
    const later = '2026-11-27T02:00:00.001Z';
    expect([await dropCalls(store, later, 10), await dropSent(store, later, 10)]).toEqual([0, 0]);
    await liftHold(store, { acceptanceNumber }, act);
    expect([await dropCalls(store, later, 10), await dropSent(store, later, 10)]).toEqual([1, 1]);
  });
});
