import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { eq } from 'drizzle-orm';
import { type Grant, grantAccreditation } from '../../../store/accreditations/grant.ts';
import { accreditation } from '../../../store/accreditations/tables.ts';
import {
  eventAgainst,
  keepEvent,
  peopleWithUnsettled,
  type RevokeOnce,
  settleEvents,
} from '../../../store/insurance/events.ts';
import { coreEvent } from '../../../store/insurance/tables.ts';
import { describeStore } from '../../harness/database/describe-store.ts';
import { grant } from '../../harness/database/store.ts';
import { newPerson } from '../../harness/people.ts';

const at = '2026-03-02T02:00:00.000Z';
const now = { today: '2026-03-02', at };

/** Who is told of, and what follows, with the order in which it does. */
await describeStore('what the insurance core tells', (store) => {
  function somebody() {
    const person = newPerson();
    const hash = store.keyring.hash(person.idNumber);
    const revoked: [id: string, cause: string][] = [];
    const mark: RevokeOnce = async ({ id }, { cause }) => {
      revoked.push([id, cause]);
      await store.db.update(accreditation).set({ status: 'revoked' }).where(eq(accreditation.id, id));
      return 'done';
    };
    return {
      hash,
      revoked,
      mark,
      holds: async (begunOn: string, changes: Partial<Grant> = {}) =>
        (await grantAccreditation(store, { ...grant(at), person, begunOn, ...changes })).id,
      hears: (happenedOn: string, changes: { eventId?: string; kind?: 'deceased' | 'movedAway'; at?: string } = {}) => {
        const { eventId = randomUUID(), kind = 'movedAway' } = changes;
        return keepEvent(store, { idNumber: person.idNumber, eventId, kind, happenedOn }, changes.at ?? at);
      },
      settle: (revoke: RevokeOnce = mark, when = now) => settleEvents(store, hash, when, revoke),
      isUnsettled: async (today = now.today) =>
        (await peopleWithUnsettled(store, { today, before: '2027-01-01T00:00:00Z', limit: 1_000 })).includes(hash),
      standing: (filedOn: string) => eventAgainst(store, hash, { filedOn, today: now.today }),
    };
  }

  it('touches what had begun by the day, and nothing that began later', async () => {
    const person = somebody();
    const before = [await person.holds('2024-12-31'), await person.holds('2025-01-01')];
    await person.holds('2025-01-02');
    await person.hears('2025-01-01');
    await person.settle();
    expect(person.revoked.map(([id]) => id).toSorted()).toEqual(before.toSorted());
    expect(await person.isUnsettled()).toBe(false);
    await person.settle();
    expect(person.revoked).toHaveLength(2);
  });

  it('is done in the order in which it happened, however late it is told', async () => {
    const person = somebody();
    const [old, young] = [await person.holds('2024-01-01'), await person.holds('2026-01-01')];
    await person.hears('2026-02-01', { kind: 'deceased' });
    await person.hears('2025-06-01');
    await person.settle();
    expect(person.revoked).toEqual([
      [old, 'movedAway'],
      [young, 'deceased'],
    ]);
    await person.hears('2024-06-01');
    await person.settle();
    expect(person.revoked).toHaveLength(2);
  });

  it('waits for its day where that is to come', async () => {
    const person = somebody();
    const id = await person.holds('2026-03-05');
    await person.hears('2026-03-09');
    await person.settle();
    expect([person.revoked, await person.isUnsettled(), await person.standing('2026-03-01')]).toEqual([
      [],
      false,
      undefined,
    ]);
    expect(await person.isUnsettled('2026-03-09')).toBe(true);
    await person.settle(person.mark, { ...now, today: '2026-03-09' });
    expect(person.revoked).toEqual([[id, 'movedAway']]);
  });

  it('is kept once: again the same, and never something else under the same id', async () => {
    const [person, another, eventId] = [somebody(), somebody(), randomUUID()];
    const kept = await Promise.all(Array.from({ length: 20 }, () => person.hears('2026-03-01', { eventId })));
    expect(kept).toEqual(Array(20).fill(true));
    expect(await person.hears('2026-02-28', { eventId })).toBe(false);
    expect(await person.hears('2026-03-01', { eventId, kind: 'deceased' })).toBe(false);
    expect(await another.hears('2026-03-01', { eventId })).toBe(false);
    const rows = await store.db.select().from(coreEvent).where(eq(coreEvent.eventId, eventId));
    expect(rows).toEqual([expect.objectContaining({ happenedOn: '2026-03-01', kind: 'movedAway', receivedAt: at })]);
    expect(JSON.stringify(rows)).not.toMatch(/\d{17}[\dX]/);
  });

  it('of many at once under one id keeps one, and refuses the others', async () => {
    const [person, eventId] = [somebody(), randomUUID()];
    const days = Array.from({ length: 20 }, (_, index) => `2026-02-0${1 + (index % 4)}`);
    const kept = await Promise.all(days.map((day) => person.hears(day, { eventId })));
    const [row] = await store.db.select().from(coreEvent).where(eq(coreEvent.eventId, eventId));
    expect(days.filter((_, index) => kept[index])).toEqual(Array(5).fill(row?.happenedOn));
  });

  it('stays to be done where a part of it fails or is not recorded yet; the other parts are done', async () => {
    const person = somebody();
    const [first, second] = [await person.holds('2024-01-01'), await person.holds('2024-01-01')].toSorted();
    await person.hears('2026-03-01');
    const failing: RevokeOnce = async (row, ...rest) => {
      if (row.id === first) throw new Error('Temporal is down');
      return person.mark(row, ...rest);
    };
    await expect(person.settle(failing)).rejects.toThrow('Temporal is down');
    expect([person.revoked, await person.isUnsettled()]).toEqual([[[second, 'movedAway']], true]);
    await person.settle(async () => 'accepted');
    expect(await person.isUnsettled()).toBe(true);
    await person.settle();
    expect([person.revoked.map(([id]) => id), await person.isUnsettled()]).toEqual([[second, first], false]);
  });

  it('has the same id for every try, which tells nothing of it', async () => {
    const [person, ids, eventId] = [somebody(), [] as string[], '510402198803152122-1'];
    await person.holds('2024-01-01');
    await person.hears('2026-03-01', { eventId });
    for (let tries = 2; tries > 0; tries -= 1) {
      await person.settle(async (_, __, requestId) => {
        ids.push(requestId);
        return 'accepted';
      });
    }
    expect(ids).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/), ids[0]]);
  });

  it('is looked at again once something is granted that it touches, also in the middle of being settled', async () => {
    const person = somebody();
    await person.hears('2026-03-01');
    await person.settle();
    await person.holds('2026-03-02');
    expect(await person.isUnsettled()).toBe(false);
    const first = await person.holds('2026-03-01');
    expect(await person.isUnsettled()).toBe(true);
    let second = '';
    await person.settle(async (...asked) => {
      second = await person.holds('2025-01-01');
      return person.mark(...asked);
    });
    expect(await person.isUnsettled()).toBe(true);
    await person.settle();
    expect(person.revoked.map(([id]) => id)).toEqual([first, second]);
    expect(await person.isUnsettled()).toBe(false);
  });

  it('reaches what is granted at the same moment', async () => {
    for (let round = 0; round < 20; round += 1) {
      const person = somebody();
      const telling = async () => {
        await person.hears('2026-03-01');
        await person.settle();
      };
      const [id] = await Promise.all([person.holds('2026-01-01'), telling()]);
      if (await person.isUnsettled()) await person.settle();
      expect(person.revoked).toEqual([[id, 'movedAway']]);
    }
  });

  it('stands against what was filed by the day, and not against what was filed later', async () => {
    const person = somebody();
    await person.hears('2026-02-10', { kind: 'deceased' });
    await person.hears('2026-02-01');
    expect(await Promise.all(['2026-01-31', '2026-02-01', '2026-02-02', '2026-02-11'].map(person.standing))).toEqual([
      'movedAway',
      'movedAway',
      'deceased',
      undefined,
    ]);
    expect(await somebody().standing('2026-01-01')).toBeUndefined();
  });
});
