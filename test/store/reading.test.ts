import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { eq } from 'drizzle-orm';
import fc from 'fast-check';
import { grantAccreditation } from '../../store/accreditations/grant.ts';
import { listApplications, type WorklistFilter, worklist } from '../../store/cases/queries.ts';
import { type ApplicationRow, application } from '../../store/cases/tables.ts';
import { inbox } from '../../store/notifications/queries.ts';
import { countUnread, findInInbox, markRead } from '../../store/notifications/read-marks.ts';
import { notification } from '../../store/notifications/tables.ts';
import { describeStore } from '../harness/database/describe-store.ts';
import { fileOne, grant } from '../harness/database/store.ts';
import { filing, newIdNumber } from '../harness/people.ts';

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
const statuses = ['underReview', 'awaitingMaterials', 'rejected'] as const;
/** Rows as a worklist of any size may meet them: few dates, so that many fall on the same one, and standing clocks. */
const rows = fc.sample(
  fc.record({
    dueOn: fc.constantFrom(null, '2026-03-02', '2026-03-03', '2026-03-04'),
    status: fc.constantFrom(...statuses),
    assignee: fc.constantFrom(null, 'reading-1', 'reading-2'),
    escalationLevel: fc.constantFrom(0, 1),
    closed: fc.boolean(),
  }),
  { numRuns: 40, seed: 510_400 },
);

/** Lists, page by page. */
await describeStore('reading', (store) => {
  const mine: string[] = [];
  beforeAll(async () => {
    for (const [index, row] of rows.entries()) {
      // Three at a time were submitted in the same millisecond.
      const submittedAt = new Date(Date.UTC(2026, 0, 1) + Math.floor(index / 3)).toISOString();
      const { acceptanceNumber } = await fileOne(store, { submittedAt, submittedBy: 'reading' });
      await store.db.update(application).set(row).where(eq(application.acceptanceNumber, acceptanceNumber));
      mine.push(acceptanceNumber);
    }
  });

  /** All pages of a list, one after the other. */
  async function pages<After>(
    limit: number,
    page: (after: After | undefined) => Promise<ApplicationRow[]>,
    endOf: (row: ApplicationRow) => After,
  ): Promise<ApplicationRow[]> {
    const shown: ApplicationRow[] = [];
    let after: After | undefined;
    for (;;) {
      const found = await page(after);
      shown.push(...found);
      const last = found.at(-1);
      if (!last || found.length < limit) return shown;
      after = endOf(last);
    }
  }
  const ids = (found: ApplicationRow[]) => found.map(({ acceptanceNumber }) => acceptanceNumber);

  it('the worklist shows each open case once, whatever the size of a page and the filter', async () => {
    const filters = fc.record({
      status: fc.constantFrom(undefined, ...statuses),
      assignee: fc.constantFrom('reading-1', 'reading-2'),
      overdue: fc.constantFrom(undefined, true, false),
    });
    await fc.assert(
      fc.asyncProperty(
        filters,
        fc.integer({ min: 1, max: 7 }),
        async (filter: Omit<WorklistFilter, 'limit'>, limit) => {
          const expected = rows
            .map((row, index) => ({ ...row, id: mine[index] as string, filed: Math.floor(index / 3) }))
            .filter((row) => !row.closed && row.assignee === filter.assignee)
            .filter((row) => (filter.status ? row.status === filter.status : row.status !== 'rejected'))
            .filter((row) => filter.overdue === undefined || row.escalationLevel > 0 === filter.overdue)
            .sort(
              (a, b) => (a.dueOn ?? '9').localeCompare(b.dueOn ?? '9') || a.filed - b.filed || (a.id < b.id ? -1 : 1),
            )
            .map(({ id }) => id);
          const found = await pages(
            limit,
            (after: WorklistFilter['after']) => worklist(store, { ...filter, after, limit }),
            ({ dueOn, submittedAt, acceptanceNumber }) => ({ dueOn, submittedAt, acceptanceNumber }),
          );
          expect(ids(found)).toEqual(expected);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('the inbox shows what there is about cases and accreditations, newest first, each once', async () => {
    const mine = filing(at(0));
    const person = store.keyring.hash(mine.personal.applicant.idNumber);
    // Their own, one that they filed as an agent, and what they were granted.
    const [filed, other] = [await fileOne(store, mine), await fileOne(store, { submittedBy: person })];
    const { applicant } = mine.personal;
    const accreditationId = (await grantAccreditation(store, { ...grant(filed.submittedAt), person: applicant })).id;
    const { acceptanceNumber } = await fileOne(store);
    const about = [filed, other, { accreditationId }, { acceptanceNumber }].flatMap(({ ...which }) => [which, which]);
    const rows = about.map((which, index) => ({
      ...('accreditationId' in which ? which : { acceptanceNumber: which.acceptanceNumber }),
      ...{ id: `inbox-${randomUUID()}`, sequence: 1, purpose: 'accepted' as const, channel: 'app' as const },
      ...{ recipient: 'applicant', recipientKey: 'x', body: `${index}`, leaving: 'anyTime' as const },
      ...{ createdAt: at(index % 2), leavesAt: at(0), state: 'delivered' as const },
    }));
    await store.db.insert(notification).values(rows);
    const all: { id: string; createdAt: string }[] = [];
    for (let size = 2; size === 2; ) {
      const page = await inbox(store, { person, after: all.at(-1), limit: 2 });
      all.push(...page);
      size = page.length;
    }
    expect(all.map(({ id }) => id).sort()).toEqual(
      rows
        .slice(0, 6)
        .map(({ id }) => id)
        .sort(),
    );
    expect(all.map(({ createdAt }) => createdAt)).toEqual([at(1), at(1), at(1), at(0), at(0), at(0)]);
  });

  it('the inbox knows what a person has read, once, beside whoever else reads it', async () => {
    const agent = store.keyring.hash(newIdNumber());
    const mine = filing(at(0), { submittedBy: agent });
    const person = store.keyring.hash(mine.personal.applicant.idNumber);
    const { acceptanceNumber } = await fileOne(store, mine);
    const [first, second] = [`inbox-${randomUUID()}`, `inbox-${randomUUID()}`] as const;
    const words = {
      sequence: 1,
      purpose: 'accepted',
      channel: 'app',
      recipient: 'applicant',
      recipientKey: 'x',
    } as const;
    const lying = { body: '', leaving: 'anyTime', createdAt: at(0), leavesAt: at(0), state: 'delivered' } as const;
    await store.db
      .insert(notification)
      .values([first, second].map((id) => ({ id, acceptanceNumber, ...words, ...lying })));
    const readAt = async (whose: string) =>
      Object.fromEntries((await inbox(store, { person: whose, limit: 9 })).map((entry) => [entry.id, entry.readAt]));

    expect(await Promise.all([1, 2, 3].map((minute) => markRead(store, person, first, at(minute))))).toHaveLength(3);
    const once = (await readAt(person))[first];
    expect(await markRead(store, person, first, at(9))).toBe(once);
    expect([await readAt(person), await readAt(agent)]).toEqual([
      { [first]: once, [second]: null },
      { [first]: null, [second]: null },
    ]);
    expect([await countUnread(store, person), await countUnread(store, agent)]).toEqual([1, 2]);
    expect(await findInInbox(store, store.keyring.hash(newIdNumber()), first)).toBeUndefined();
  });

  describe("a person's applications", () => {
    it.each([1, 2, 3, 4, 50])('come newest first, each once, %d at a time', async (limit) => {
      const found = await pages(
        limit,
        (after: { submittedAt: string; acceptanceNumber: string } | undefined) =>
          listApplications(store, { visibleTo: 'reading', after, limit }),
        ({ submittedAt, acceptanceNumber }) => ({ submittedAt, acceptanceNumber }),
      );
      expect(ids(found).sort()).toEqual([...mine].sort());
      const instants = found.map(({ submittedAt }) => submittedAt);
      expect(instants).toEqual([...instants].sort().reverse());
    });
  });
});
