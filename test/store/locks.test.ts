import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from '@temporalio/client';
import { asc, eq, sql } from 'drizzle-orm';
import { pino } from 'pino';
import { createApp } from '../../api/app.ts';
import type { Inspector } from '../../api/files/content/inspect.ts';
import type { NotificationDraft } from '../../domain/notifications/drafts.ts';
import { createAuditWriter } from '../../store/audit/append.ts';
import { readCalendar } from '../../store/calendar/queries.ts';
import { calendar } from '../../store/calendar/tables.ts';
import { lockApplication } from '../../store/cases/lock.ts';
import { findApplication, readSchedule } from '../../store/cases/queries.ts';
import { type ApplicationRow, application } from '../../store/cases/tables.ts';
import { wantFiles } from '../../store/files/hand-in.ts';
import { file } from '../../store/files/tables.ts';
import { saveFile } from '../../store/files/uploads.ts';
import { migrateAndSeed } from '../../store/migrate.ts';
import { composeBriefing, keepForNextBriefing } from '../../store/notifications/briefing.ts';
import { followNotification, takeStep } from '../../store/notifications/delivery.ts';
import { findNotification, type KnownNotification } from '../../store/notifications/known.ts';
import { recordReceipt } from '../../store/notifications/receipts.ts';
import { beginAttempt, markFailed, markTaken } from '../../store/notifications/sending.ts';
import { notification } from '../../store/notifications/tables.ts';
import type { Store } from '../../store/open.ts';
import { openPostgresDatabase } from '../harness/database/any.ts';
import { changesOf, fileOne, openTestStore, ownWords, recordChange, roomy, rules } from '../harness/database/store.ts';
import { policies, seed } from '../harness/policy.ts';
import { openServers } from '../harness/servers.ts';
import { hire } from '../harness/staff.ts';
import { until } from '../harness/until.ts';

const postgres = await openPostgresDatabase();
// PGlite has one session: there nobody ever holds a lock that another one waits for.
const whenThere = 'missing' in postgres ? describe.skip : describe;
const note = 'missing' in postgres ? ` (skipped: ${postgres.missing})` : '';

const at = '2026-03-02T02:00:00.000Z';
const sms = { purpose: 'accepted', channel: 'sms', leaving: 'anyTime', recipient: 'applicant', body: '短信' } as const;
const mail = { ...sms, channel: 'email', leaving: 'briefing', recipient: 'reviewer-1', subject: '主题' } as const;

whenThere(`locks${note}`, () => {
  let store: Store;
  const servers = openServers();
  beforeAll(async () => {
    if ('missing' in postgres) return;
    await migrateAndSeed(postgres.url, seed);
    store = await openTestStore(postgres.url);
  });
  afterAll(async () => {
    await servers.close();
    await store?.close();
    if (!('missing' in postgres)) await postgres.stop();
  });

  /** A case with one notification that waits, in the hands of somebody whom no other test knows. */
  async function caseWith(draft: NotificationDraft) {
    const filed = await fileOne(store);
    const number = filed.acceptanceNumber;
    const { accepted } = changesOf(filed);
    const assignee = await hire(store);
    const change = { ...accepted, state: { ...accepted.state, assignee } };
    await recordChange(store, number, change, { ...rules, notifications: () => [draft] });
    const [row] = await store.db.select().from(notification).where(eq(notification.acceptanceNumber, number));
    return { number, assignee, id: row?.id as string };
  }
  type Known = Awaited<ReturnType<typeof caseWith>>;

  async function sent({ id }: Known): Promise<void> {
    const found = (await findNotification(store, id)) as KnownNotification;
    await beginAttempt(store, found, { provider: 'twilio', startedAt: at, now: at, inWords: ownWords });
    await markTaken(
      store,
      { notificationId: id, number: 1 },
      { providerId: id, state: 'underWay' },
      { at, askAt: null },
    );
  }

  /** Somebody waits for what another one holds. */
  async function isAnyoneWaiting(): Promise<boolean> {
    const waiting = sql`select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`;
    return (await store.db.execute(waiting)).rows.length > 0;
  }

  const failed = ({ id }: Known) => markFailed(store, id, 'Twilio 21211', at);
  const callOverdue: NotificationDraft = { ...mail, purpose: 'callOverdue', leaving: 'anyTime' };
  const sendingHours = { from: '09:00', to: '17:00' };

  it.each<[string, NotificationDraft, (known: Known) => Promise<void>, (known: Known) => Promise<unknown>]>([
    [
      'tells that nobody has called',
      sms,
      failed,
      ({ id }) => takeStep(store, id, { step: 'callOverdue', at }, { drafts: [callOverdue], sendingHours }),
    ],
    [
      'takes down that a notification has not arrived',
      sms,
      sent,
      ({ id }) => recordReceipt(store, { provider: 'twilio', providerId: id }, { state: 'undelivered' }, at),
    ],
    ['gives a notification up', sms, async () => undefined, failed],
    [
      'composes a briefing',
      mail,
      async () => undefined,
      async ({ assignee }) => composeBriefing(store, assignee, { until: new Date().toISOString(), at }),
    ],
  ])(
    'are taken in the same order by who records a change, which locks a case and then its notifications, and who %s',
    async (...given) => {
      const [, draft, before, act] = given;
      const known = await caseWith(draft);
      await before(known);
      let acting: Promise<unknown> | undefined;
      const recording = store.db.transaction(async (tx) => {
        await lockApplication(tx, known.number);
        acting = act(known);
        acting.catch(() => undefined);
        await until('the other one waits', isAnyoneWaiting);
        const ofCase = eq(notification.acceptanceNumber, known.number);
        await tx.select().from(notification).where(ofCase).orderBy(asc(notification.id)).for('update');
      });
      // PostgreSQL would end one of them: deadlock detected.
      await expect(recording).resolves.toBeUndefined();
      await acting;
    },
  );

  it.each<[string, (id: string) => Promise<unknown>]>([
    ['walks on with them', (id) => followNotification(store, id)],
    ['keeps them for the next briefing', (id) => keepForNextBriefing(store, id, '550')],
  ])('on a notification and what it carries are taken in the order of the ids, also by who %s', async (_, act) => {
    const both = [await caseWith(sms), await caseWith(sms)];
    const [first, lead] = both.sort((a, b) => (a.id < b.id ? -1 : 1)) as [Known, Known];
    // What is written last lies last, and PostgreSQL updates rows as they lie.
    await store.db.update(notification).set({ followed: false }).where(eq(notification.id, lead.id));
    await store.db.update(notification).set({ carriedBy: lead.id }).where(eq(notification.id, first.id));
    let acting: Promise<unknown> | undefined;
    const other = store.db.transaction(async (tx) => {
      await tx.select().from(notification).where(eq(notification.id, first.id)).for('update');
      acting = act(lead.id);
      acting.catch(() => undefined);
      await until('the other one waits', isAnyoneWaiting);
      await tx.select().from(notification).where(eq(notification.id, lead.id)).for('update');
    });
    await expect(other).resolves.toBeUndefined();
    await acting;
  });

  it('are neither waited for nor taken by who asks for a due date or a schedule', async () => {
    const { number } = await caseWith(sms);
    const { state } = (await findApplication(store, number)) as ApplicationRow;
    const nobody = () => Promise.reject(new Error('asked who it is'));
    const audit = createAuditWriter(store);
    const unused = { temporal: {} as Client, inspector: {} as Inspector };
    const context = { store, policies, ...unused, audit, log: pino({ enabled: false }), now: () => at };
    const dueDate = `${await servers.serve(createApp(context, nobody))}/v1/calendar/due-date?acceptedOn=2026-03-02`;
    const ask = async () => {
      expect((await readCalendar(store)).version).toBeGreaterThan(0);
      expect(await readSchedule(store, number, state, rules)).toMatchObject({ dueOn: expect.any(String) });
      expect((await fetch(dueDate)).status).toBe(200);
    };
    // Who locks a row leaves a mark there, even for a share of it.
    const marks = async () => (await store.db.execute(sql`select xmax::text from calendar`)).rows;
    const before = await marks();
    await ask();
    expect(await marks()).toEqual(before);
    await store.db.transaction(async (tx) => {
      await tx.select().from(application).where(eq(application.acceptanceNumber, number)).for('update');
      await tx.select().from(calendar).for('update');
      await ask();
    });
  });

  it('are waited for by who wants a file that another request renews', async () => {
    const [uploadedBy, wantedAt] = ['applicant-1', '2026-02-25T02:00:00.000Z'];
    const upload = { content: Buffer.from('x'), contentType: 'image/png', uploadedBy, at: wantedAt, quota: roomy };
    const { id } = await saveFile(store, upload);
    let asked: Promise<Set<string>> | undefined;
    await store.db.transaction(async (tx) => {
      await tx.update(file).set({ wantedAt: at }).where(eq(file.id, id));
      asked = wantFiles(store, [id], { by: uploadedBy, person: uploadedBy, all: true }, at);
      await until('the other one waits', isAnyoneWaiting);
    });
    expect(await asked).toEqual(new Set([id]));
  });
});
