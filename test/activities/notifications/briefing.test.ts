import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { eq, inArray, isNull } from 'drizzle-orm';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { recordRules } from '../../../activities/cases/rules.ts';
import { createActivities } from '../../../activities/index.ts';
import { createSmtp } from '../../../activities/notifications/adapters/smtp.ts';
import { systemClock } from '../../../config/clock.ts';
import type { ApplicationState } from '../../../domain/cases/state.ts';
import type { Change, EntryKind } from '../../../domain/cases/timeline.ts';
import { addDays, isWeekend, shanghaiDate } from '../../../domain/dates.ts';
import { application } from '../../../store/cases/tables.ts';
import { errorCode } from '../../../store/errors.ts';
import { migrateAndSeed } from '../../../store/migrate.ts';
import { notificationsOfCase } from '../../../store/notifications/queries.ts';
import { attempt, notification } from '../../../store/notifications/tables.ts';
import type { Store } from '../../../store/open.ts';
import { saveMembers } from '../../../store/staff/members.ts';
import { staff } from '../../../store/staff/tables.ts';
import { type Cable, layCable } from '../../harness/database/cable.ts';
import { onEachDatabase } from '../../harness/database/each.ts';
import { changesOf, fileOne, openTestStore, recordChange } from '../../harness/database/store.ts';
import { publishTestCalendar } from '../../harness/office/open.ts';
import { policies, seed } from '../../harness/policy.ts';
import { hire } from '../../harness/staff.ts';

await onEachDatabase((url) => {
  let store: Store;
  let server: SMTPServer;
  let cable: Cable;
  let smtp: ReturnType<typeof createSmtp>;
  let activities: ReturnType<typeof createActivities>;
  /** What the server has taken, or seen when it failed. */
  let mails: ParsedMail[];
  /** What the operator reads. */
  let errors: string[];
  let fault: 'cut' | 'busy' | 'refuse' | undefined;

  const today = shanghaiDate(new Date().toISOString());
  /** What is written today goes with the briefing of tomorrow at the latest. */
  const tomorrow = addDays(today, 1);

  const workday = [3, 4, 5].map((days) => addDays(today, days)).find((date) => !isWeekend(date)) as string;

  beforeAll(async () => {
    await migrateAndSeed(url(), seed);
    store = await openTestStore(url());
    await publishTestCalendar(store, new Date().toISOString(), { [addDays(today, 2)]: '节日' });
  });
  afterAll(() => store?.close());

  beforeEach(async () => {
    mails = [];
    errors = [];
    fault = undefined;
    server = new SMTPServer({
      disabledCommands: ['AUTH', 'STARTTLS'],
      closeTimeout: 200,
      onData(stream, _, done) {
        simpleParser(stream).then((mail) => {
          const now = fault;
          fault = undefined;
          if (now === 'busy' || now === 'refuse') {
            return done(Object.assign(new Error(now), { responseCode: now === 'busy' ? 451 : 550 }));
          }
          mails.push(mail);
          return now === 'cut' ? cable.cut() : done();
        }, done);
      },
    });
    server.on('error', () => {});
    await once(server.listen(0, '127.0.0.1'), 'listening');
    cable = await layCable(`smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`);
    smtp = createSmtp(cable.url, '门特认定 <mente@pzh-ybj.example>');
    activities = worker();
  });
  afterEach(async () => {
    smtp.close();
    await cable.close();
    await new Promise<void>((resolve) => server.close(resolve));
  });

  /** The activities of a worker that has just started. */
  function worker(settleMs = 0) {
    return createActivities({
      store,
      policies,
      now: systemClock,
      providers: { sms: {}, email: smtp },
      twilioIsReal: false,
      settleMs,
      workbenchUrl: 'https://workbench.example/{acceptanceNumber}',
      insurance: {} as never,
      onProvider: () => undefined,
      onDivergence: () => undefined,
      onMended: () => undefined,
      onRetained: () => undefined,
      onError: (_, error) => errors.push(errorCode(error)),
    });
  }

  /** A case that who is in charge of it is reminded of; where nobody is, the supervisors are. */
  async function remind(reviewer: string | null) {
    const filed = await fileOne(store);
    const { acceptanceNumber, submittedAt: at } = filed;
    const { accepted, assigned } = changesOf(filed);
    const record = (recorded: Change) =>
      recordChange(store, acceptanceNumber, recorded, recordRules({ policies, now: systemClock }));
    let change: Change = { ...assigned, state: { ...assigned.state, assignee: reviewer } };
    const next = (kind: EntryKind, state: Partial<ApplicationState> = {}, detail = {}) => {
      const entry = { at, kind, by: 'system', via: 'system', detail } as const;
      change = { sequence: change.sequence + 1, entry, state: { ...change.state, ...state } };
      return record(change);
    };
    for (const first of [accepted, change]) await record(first);
    const again = () => next('reviewerReminded', {}, { left: 3 });
    await again();
    return {
      acceptanceNumber,
      again,
      assign: (to: string | null) => next('assigned', { assignee: to }),
      withdraw: () => next('withdrawn', { status: 'withdrawn', closed: true }),
    };
  }

  const send = (recipient: string, { date = tomorrow, by = activities } = {}): Promise<void> =>
    new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') }).run(by.sendBriefing, { recipient, date });
  const linksIn = ({ text }: ParsedMail) => (text ?? '').match(/https:\/\/\S+/g)?.sort();
  const linksTo = (...cases: { acceptanceNumber: string }[]) =>
    cases.map(({ acceptanceNumber }) => `https://workbench.example/${acceptanceNumber}`).sort();
  const statesOf = async (reviewer: string) =>
    (
      await store.db
        .select()
        .from(notification)
        .where(eq(notification.recipient, reviewer))
        .orderBy(notification.createdAt)
    ).map(({ state }) => state);
  const attemptsTo = async (reviewer: string) => {
    const ids = store.db.select({ id: notification.id }).from(notification).where(eq(notification.recipient, reviewer));
    return store.db.select().from(attempt).where(inArray(attempt.notificationId, ids)).orderBy(attempt.number);
  };

  describe('the briefing of one of the staff', () => {
    it('says all in one mail, once', async () => {
      const reviewer = await hire(store);
      const cases = [await remind(reviewer), await remind(reviewer)];
      await send(reviewer);
      await send(reviewer);
      expect(mails).toHaveLength(1);
      expect(mails[0]?.subject).toContain('2项');
      expect(linksIn(mails[0] as ParsedMail)).toEqual(linksTo(...cases));
      expect(await statesOf(reviewer)).toEqual(['dispatched', 'dispatched']);
    });

    it('that may have gone out before the worker died goes again under the same id, and what came since goes in another', async () => {
      const reviewer = await hire(store);
      const before = [await remind(reviewer), await remind(reviewer)];
      fault = 'cut';
      await expect(send(reviewer)).rejects.toMatchObject({ type: 'ProviderUnavailable' });
      expect(await statesOf(reviewer)).toEqual(['queued', 'queued']);
      cable.mend();
      const since = await remind(reviewer);
      const tooSoon = send(reviewer, { by: worker(60_000) });
      await expect(tooSoon).rejects.toMatchObject({ type: 'ProviderUnavailable', nextRetryDelay: expect.any(Number) });
      expect(mails).toHaveLength(1);
      await send(reviewer);
      const [lost, again, another] = mails as [ParsedMail, ParsedMail, ParsedMail];
      expect(mails).toHaveLength(3);
      expect(again.messageId).toBe(lost.messageId);
      expect([again.subject, again.text]).toEqual([lost.subject, lost.text]);
      expect([linksIn(again), linksIn(another)]).toEqual([linksTo(...before), linksTo(since)]);
      expect(another.messageId).not.toBe(again.messageId);
      expect(await statesOf(reviewer)).toEqual(['dispatched', 'dispatched', 'dispatched']);
      await send(reviewer);
      expect(mails).toHaveLength(3);
    });

    it('that nobody took says the next time what is left, and what has come since', async () => {
      const reviewer = await hire(store);
      const cases = [await remind(reviewer), await remind(reviewer), await remind(reviewer)] as const;
      fault = 'busy';
      await expect(send(reviewer)).rejects.toMatchObject({ type: 'ProviderUnavailable' });
      const [tried] = await attemptsTo(reviewer);
      const decided = cases.find(({ acceptanceNumber }) => tried?.notificationId.startsWith(acceptanceNumber));
      await decided?.withdraw();
      const since = await remind(reviewer);
      await send(reviewer);
      expect(mails).toHaveLength(1);
      expect(linksIn(mails[0] as ParsedMail)).toEqual(
        linksTo(...cases.filter((reminded) => reminded !== decided), since),
      );
      expect((await statesOf(reviewer)).sort()).toEqual(['dispatched', 'dispatched', 'dispatched', 'overtaken']);
    });

    it('that nobody took after all does not say later what a newer one has said better', async () => {
      const reviewer = await hire(store);
      const [reminded, other] = [await remind(reviewer), await remind(reviewer)];
      fault = 'cut';
      await expect(send(reviewer)).rejects.toMatchObject({ type: 'ProviderUnavailable' });
      cable.mend();
      await reminded.again();
      // The first goes again, is refused, and so waits; the newer one leaves beside it.
      fault = 'refuse';
      await send(reviewer);
      await store.db.update(attempt).set({ outcome: 'notTaken' }).where(isNull(attempt.outcome));
      await send(reviewer);
      const [, newer, rest] = mails as [ParsedMail, ParsedMail, ParsedMail];
      expect([linksIn(newer), linksIn(rest)]).toEqual([linksTo(reminded), linksTo(other)]);
    });

    it('is not sent to who has been retired', async () => {
      const reviewer = await hire(store);
      await remind(reviewer);
      await store.db.update(staff).set({ active: false }).where(eq(staff.id, reviewer));
      await send(reviewer);
      expect([mails, errors]).toEqual([[], [`${reviewer}: unknown recipient`]]);
    });

    it('is not sent where all was overtaken', async () => {
      const reviewer = await hire(store);
      await (await remind(reviewer)).withdraw();
      await send(reviewer);
      expect(mails).toEqual([]);
      expect(await statesOf(reviewer)).toEqual(['overtaken']);
    });

    it('that is refused, or whose reader has left, is told to the operator, and waits for the next with what is worth telling then', async () => {
      const [refused, left] = [await hire(store), await hire(store)];
      const [first, decided] = [await remind(refused), await remind(refused)];
      const orphaned = await remind(left);
      fault = 'refuse';
      await send(refused);
      await store.db.delete(staff).where(eq(staff.id, left));
      await send(left);
      expect(mails).toEqual([]);
      expect(errors).toEqual([`${refused}: SMTP 550`, `${left}: unknown recipient`]);
      const reminder = async () =>
        (await notificationsOfCase(store, first.acceptanceNumber)).find(({ channel }) => channel === 'email');
      expect(await reminder()).toMatchObject({ state: 'queued', failure: 'SMTP 550' });
      expect(await statesOf(left)).toEqual(['queued']);

      await decided.withdraw();
      await orphaned.assign(refused);
      await send(refused);
      expect(linksIn(mails[0] as ParsedMail)).toEqual(linksTo(first, orphaned));
      expect(await reminder()).toMatchObject({ state: 'dispatched', failure: null });
      expect([(await statesOf(refused)).sort(), await statesOf(left)]).toEqual([
        ['dispatched', 'dispatched', 'overtaken'],
        ['overtaken'],
      ]);
    });
  });

  describe('a case that was handed on before the briefing left', () => {
    const mailed = () =>
      mails.flatMap((mail) => [mail.to].flat().flatMap((to) => [[to?.text, ...(linksIn(mail) ?? [])]]));
    const mailTo = (reader: string, ...cases: { acceptanceNumber: string }[]) => {
      return [`${reader}@pzh-ybj.example`, ...linksTo(...cases)];
    };

    it('is told to who is in charge now, and no more to who was', async () => {
      const [former, present] = [await hire(store), await hire(store)];
      const [kept, handedOn] = [await remind(former), await remind(former)];
      await handedOn.assign(present);
      expect(await activities.findBriefingReaders({ date: workday })).toEqual(
        expect.arrayContaining([former, present]),
      );
      // Whichever is first.
      for (const reader of [former, present, former]) await send(reader);
      expect(mailed()).toEqual([mailTo(former, kept), mailTo(present, handedOn)]);
      expect((await statesOf(former)).sort()).toEqual(['dispatched', 'overtaken']);
      expect(await statesOf(present)).toEqual(['dispatched']);
    });

    it('is told to somebody who was one of several while nobody was in charge, once, and not again where they have been told', async () => {
      const supervisors = [await hire(store, 'supervisor'), await hire(store, 'supervisor')] as const;
      const reviewer = await hire(store);
      const [forReviewer, forSupervisor] = [await remind(null), await remind(null)];
      await forReviewer.assign(reviewer);
      await send(reviewer);
      expect(mailed()).toEqual([mailTo(reviewer, forReviewer)]);
      await send(supervisors[0]);
      await forSupervisor.assign(supervisors[0]);
      for (const supervisor of supervisors) await send(supervisor);
      expect(mailed().slice(1)).toEqual([mailTo(supervisors[0], forSupervisor)]);
    });

    it('goes to who has it by then, or to the supervisors, where its reader has left', async () => {
      const [left, present, supervisor] = [await hire(store), await hire(store), await hire(store, 'supervisor')];
      const [pooled, handedOn] = [await remind(left), await remind(left)];
      const [row] = await store.db.select().from(staff).where(eq(staff.id, left));
      const retired = { ...(row as typeof staff.$inferSelect), active: false };
      await saveMembers(store, [retired], { by: 'admin-1', at: new Date().toISOString() });
      await pooled.assign(null);
      await handedOn.assign(present);
      const readers = await activities.findBriefingReaders({ date: workday });
      expect(readers).toEqual(expect.arrayContaining([present, supervisor]));
      expect(readers).not.toContain(left);
      for (const reader of [left, supervisor, present]) await send(reader);
      expect(mailed()).toEqual([mailTo(supervisor, pooled), mailTo(present, handedOn)]);
      expect(await statesOf(left)).toEqual(['overtaken', 'overtaken']);
    });

    it('goes to the supervisors where it stays with somebody who has left', async () => {
      const [left, supervisor] = [await hire(store), await hire(store, 'supervisor')];
      const kept = await remind(left);
      const [row] = await store.db.select().from(staff).where(eq(staff.id, left));
      const retired = { ...(row as typeof staff.$inferSelect), active: false };
      await saveMembers(store, [retired], { by: 'admin-1', at: new Date().toISOString() });
      const readers = await activities.findBriefingReaders({ date: workday });
      expect([readers.includes(supervisor), readers.includes(left)]).toEqual([true, false]);
      await send(supervisor);
      expect(mailed()).toEqual([mailTo(supervisor, kept)]);
      expect(await statesOf(supervisor)).toEqual(['dispatched']);
    });

    it('is told to who is in charge again where nobody was told meanwhile', async () => {
      const [reviewer, substitute] = [await hire(store), await hire(store)];
      const filed = await remind(reviewer);
      await filed.assign(substitute);
      fault = 'busy';
      await expect(send(substitute)).rejects.toMatchObject({ type: 'ProviderUnavailable' });
      await filed.assign(reviewer);
      for (const reader of [substitute, reviewer]) await send(reader);
      expect(mailed()).toEqual([mailTo(reviewer, filed)]);
    });

    it('goes as it was where it may have gone out, and to who is in charge now besides, each once', async () => {
      const [former, present] = [await hire(store), await hire(store)];
      const cases = [await remind(former), await remind(former)] as const;
      fault = 'cut';
      await expect(send(former)).rejects.toMatchObject({ type: 'ProviderUnavailable' });
      cable.mend();
      for (const filed of cases) await filed.assign(present);
      for (const reader of [present, former, present, former]) await send(reader);
      expect(mailed()).toEqual([mailTo(former, ...cases), mailTo(present, ...cases), mailTo(former, ...cases)]);
      expect(mails[2]?.messageId).toBe(mails[0]?.messageId);
      expect(await statesOf(former)).toEqual(['dispatched', 'dispatched']);
    });

    it('is not told again to anybody where it may have gone out and is over', async () => {
      const reviewer = await hire(store);
      const cases = [await remind(reviewer), await remind(reviewer)];
      fault = 'cut';
      await expect(send(reviewer)).rejects.toMatchObject({ type: 'ProviderUnavailable' });
      cable.mend();
      for (const filed of cases) await filed.withdraw();
      await send(reviewer);
      expect(mails).toHaveLength(1);
      expect(await statesOf(reviewer)).toEqual(['overtaken', 'overtaken']);
    });
  });

  describe('those who get a briefing', () => {
    it('are they for whom something waits, on a working day', async () => {
      const [busy, idle] = [await hire(store), await hire(store)];
      await remind(busy);
      const readers = (date: string) => activities.findBriefingReaders({ date });
      expect(await readers(workday)).toContain(busy);
      expect(await readers(workday)).not.toContain(idle);
      expect(await readers(addDays(today, 2))).toEqual([]);
      await send(busy);
      expect(await readers(workday)).not.toContain(busy);
    });

    it('are not they for whom something came after the hour of the briefing', async () => {
      const reviewer = await hire(store);
      await remind(reviewer);
      await send(reviewer, { date: addDays(today, -1) });
      expect([mails, await statesOf(reviewer)]).toEqual([[], ['queued']]);
    });
  });

  describe('an admin, while the circular for the next year is missing', () => {
    // In years that no other test knows: those up to 2093 have circulars, 2094 has none.
    beforeAll(() => publishTestCalendar(store, '2090-06-01T00:00:00.000Z'));

    it('hears of it in a briefing a week from 1 December on, with the cases that rest on the estimate', async () => {
      const admin = await hire(store, 'admin');
      const [first, second, ended] = [
        await remind('reviewer-1'),
        await remind('reviewer-1'),
        await remind('reviewer-1'),
      ];
      await ended.withdraw();
      await store.db.update(application).set({ provisional: false });
      const estimated = [first, second, ended].map(({ acceptanceNumber }) => acceptanceNumber);
      await store.db
        .update(application)
        .set({ provisional: true })
        .where(inArray(application.acceptanceNumber, estimated));
      const isReader = async (date: string) => (await activities.findBriefingReaders({ date })).includes(admin);

      expect(await isReader('2093-11-30')).toBe(false);
      await send(admin, { date: '2093-11-30' });
      expect(mails).toEqual([]);
      expect(await isReader('2093-12-01')).toBe(true);
      await send(admin, { date: '2093-12-01' });
      expect(mails.map(({ text }) => text)).toEqual([expect.stringContaining('2094年的放假安排')]);
      expect(mails[0]?.text).toContain('现有2件在办申请');
      // Once a week: neither again on that day, nor before the next Monday.
      for (const date of ['2093-12-01', '2093-12-04']) {
        expect(await isReader(date)).toBe(false);
        await send(admin, { date });
      }
      expect(mails).toHaveLength(1);
      expect(await isReader('2093-12-07')).toBe(true);
      await send(admin, { date: '2093-12-07' });
      expect(mails).toHaveLength(2);

      await publishTestCalendar(store, '2091-06-01T00:00:00.000Z');
      expect(await isReader('2093-12-14')).toBe(false);
      await send(admin, { date: '2093-12-14' });
      expect(mails).toHaveLength(2);
    });

    it('hears nothing of it who is no admin', async () => {
      const reviewer = await hire(store);
      expect(await activities.findBriefingReaders({ date: '2094-12-01' })).not.toContain(reviewer);
      await send(reviewer, { date: '2094-12-01' });
      expect(mails).toEqual([]);
    });
  });
});
