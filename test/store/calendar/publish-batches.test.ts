import { afterEach, describe, expect, it } from '@jest/globals';
import { and, eq, like, ne, sql } from 'drizzle-orm';
import { type Arrangement, addWorkingDays } from '../../../domain/calendar/working-days.ts';
import { publishedArrangement } from '../../../policy/calendar/arrangements.ts';
import { finishPublication, publishArrangement } from '../../../store/calendar/publish.ts';
import { readCalendar } from '../../../store/calendar/queries.ts';
import { calendar } from '../../../store/calendar/tables.ts';
import type { Filing } from '../../../store/cases/filing.ts';
import { findApplication } from '../../../store/cases/queries.ts';
import { type ApplicationRow, application } from '../../../store/cases/tables.ts';
import type { Store } from '../../../store/open.ts';
import { describeStore } from '../../harness/database/describe-store.ts';
import { changesOf, fileOne, recordChange, rules } from '../../harness/database/store.ts';
import { policy } from '../../harness/policy.ts';

const { clocks } = policy;
const acceptedOn = '2023-03-01';
const before = publishedArrangement(2023);
/** The year with some days of March off, all of them within the fifteen of these cases. */
const off = (...days: string[]): Arrangement => ({
  ...before,
  daysOff: { ...before.daysOff, ...Object.fromEntries(days.map((day) => [day, '测试'])) },
  circular: `测试${days}`,
});
/** More than a batch. */
const MANY = 1_200;

/** What may come between the batches of a publication: the end of its process, a decision, another publication. */
await describeStore('publishing in batches', (store) => {
  afterEach(async () => {
    await store.db.delete(application).where(like(application.acceptanceNumber, '%-copy-%'));
    await publish(before);
  });

  async function publish(changed: Arrangement, by: Store = store) {
    const { version: basedOn } = await readCalendar(store);
    return publishArrangement(by, changed, { basedOn, enteredBy: 'admin-1', clocks });
  }
  /**
   * The store of a process to which something happens before one of its transactions: 1 brings in force, the batches
   * come after.
   */
  function interrupted(number: number, happens: () => Promise<unknown>): Store {
    let begun = 0;
    const transaction: Store['db']['transaction'] = async (work) => {
      begun += 1;
      if (begun === number) await happens();
      return store.db.transaction(work);
    };
    return { ...store, db: Object.assign(Object.create(store.db), { transaction }) };
  }
  async function killed(): Promise<never> {
    throw new Error('killed');
  }
  async function accepted(): Promise<Filing> {
    const filed = await fileOne(store, { acceptedOn, submittedAt: `${acceptedOn}T02:00:00.000Z` });
    await recordChange(store, filed.acceptanceNumber, changesOf(filed).accepted, rules);
    return filed;
  }
  const row = async ({ acceptanceNumber }: Filing) =>
    (await findApplication(store, acceptanceNumber)) as ApplicationRow;
  const dueNow = async () => addWorkingDays(await readCalendar(store), acceptedOn, 15);

  describe('a publication whose process was killed', () => {
    async function cutOff(): Promise<{ filed: Filing; behind: () => Promise<number> }> {
      const filed = await accepted();
      const copy = sql`jsonb_build_object('acceptance_number', acceptance_number || '-copy-' || copy)`;
      await store.db.execute(sql`
        insert into ${application} select (jsonb_populate_record(application, ${copy})).*
        from ${application}, generate_series(1, ${MANY}) as copy where acceptance_number = ${filed.acceptanceNumber}
      `);
      await expect(publish(off('2023-03-08'), interrupted(3, killed))).rejects.toThrow('killed');
      const due = await dueNow();
      const late = and(like(application.acceptanceNumber, `${filed.acceptanceNumber}%`), ne(application.dueOn, due));
      return { filed, behind: () => store.db.$count(application, late) };
    }

    it('is finished by whoever comes next, once', async () => {
      const { filed, behind } = await cutOff();
      const left = await behind();
      expect(left).toBeGreaterThan(0);
      expect(left).toBeLessThan(MANY);
      await finishPublication(store, clocks);
      expect(await behind()).toBe(0);
      const { version } = await readCalendar(store);
      expect(await row(filed)).toMatchObject({ calendarVersion: version, calendarUnheard: true });
      expect(await store.db.select().from(calendar)).toEqual([{ id: 1, version, recomputed: version }]);
      // Nothing is even looked at.
      expect(await finishPublication(interrupted(1, killed), clocks)).toEqual([]);
    });

    it('is finished by the same request, which answers with all that moved', async () => {
      const { behind } = await cutOff();
      const { affected } = await publish(off('2023-03-08'));
      expect(await behind()).toBe(0);
      expect(affected.filter(({ acceptanceNumber }) => acceptanceNumber.includes('-copy-'))).toHaveLength(MANY);
    });
  });

  it('a decision recorded before its batch goes by the new calendar, and its people hear of the new date', async () => {
    const filed = await accepted();
    const from = await dueNow();
    const record = () => recordChange(store, filed.acceptanceNumber, changesOf(filed).assigned, rules);
    const { version, affected } = await publish(off('2023-03-08'), interrupted(2, record));
    const to = await dueNow();
    expect(to > from).toBe(true);
    expect(affected).toContainEqual(
      expect.objectContaining({ acceptanceNumber: filed.acceptanceNumber, moves: { dueOn: { from, to } } }),
    );
    expect(await row(filed)).toMatchObject({
      sequence: 2,
      assignee: 'reviewer-2',
      dueOn: to,
      announcedDueOn: from,
      calendarVersion: version,
      calendarUnheard: true,
    });
  });

  it('a decision by which its people learn the new date leaves them nothing to hear', async () => {
    const filed = await accepted();
    const { state, entry } = changesOf(filed).assigned;
    const appealed = { sequence: 2, state, entry: { ...entry, kind: 'appealed' } } as const;
    const { affected } = await publish(
      off('2023-03-08'),
      interrupted(2, () => recordChange(store, filed.acceptanceNumber, appealed, rules)),
    );
    const dueOn = await dueNow();
    expect(affected.map(({ acceptanceNumber }) => acceptanceNumber)).not.toContain(filed.acceptanceNumber);
    expect(await row(filed)).toMatchObject({ dueOn, announcedDueOn: dueOn, calendarUnheard: false });
  });

  const hears = ({ acceptanceNumber }: Filing) => expect.objectContaining({ acceptanceNumber });

  it.each([
    ['is through before the older one begins its batches', (newer: Promise<unknown>) => newer],
    ['runs at once with the older one', () => Promise.resolve()],
  ])('a newer publication is never overwritten: it %s', async (_, wait) => {
    const filed = await accepted();
    let newer: ReturnType<typeof publish> | undefined;
    const overtakes = () => {
      newer = publish(off('2023-03-08', '2023-03-09'));
      return wait(newer);
    };
    const first = await publish(off('2023-03-08'), interrupted(2, overtakes));
    const second = await newer;
    const { version } = await readCalendar(store);
    expect([first.version, second?.version]).toEqual([version - 1, version]);
    expect(await row(filed)).toMatchObject({ dueOn: await dueNow(), calendarVersion: version, calendarUnheard: true });
    // Whoever published is told of it.
    for (const publication of [first, second]) expect(publication?.affected).toContainEqual(hears(filed));
    expect(await finishPublication(interrupted(1, killed), clocks)).toEqual([]);
  });

  it('the last to finish does not claim what came in meanwhile', async () => {
    const { version } = await readCalendar(store);
    await publish(off('2023-03-08'));
    await store.db.update(calendar).set({ recomputed: version });
    const newest = interrupted(1, () => store.db.update(calendar).set({ version: version + 2 }));
    await finishPublication(newest, clocks);
    const [{ recomputed } = { recomputed: 0 }] = await store.db.select().from(calendar).where(eq(calendar.id, 1));
    expect(recomputed).toBe(version + 1);
    await finishPublication(store, clocks);
  });
});
