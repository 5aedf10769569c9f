import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type SQL, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import type { PgTable } from 'drizzle-orm/pg-core';
import { Pool } from 'pg';
import { shanghaiDate } from '../../domain/dates.ts';
import type { NotificationDraft } from '../../domain/notifications/drafts.ts';
import { takeOverRules } from '../../policy/accreditations/take-over.ts';
import { grantAccreditation } from '../../store/accreditations/grant.ts';
import { accreditationsOf, listAccreditations } from '../../store/accreditations/queries.ts';
import { accreditation } from '../../store/accreditations/tables.ts';
import { importAccreditations, takeOver } from '../../store/accreditations/take-over.ts';
import { unheardCases } from '../../store/calendar/publish.ts';
import { filedBeside, findApplication, listApplications, readCase, wasRecorded } from '../../store/cases/queries.ts';
import { reservedBy, reserveNext } from '../../store/cases/reserve.ts';
import { type ApplicationRow, application, material, timeline } from '../../store/cases/tables.ts';
import { countWorklist, type WorklistFilter, type WorklistPage, worklist } from '../../store/cases/worklist.ts';
import { papersOf } from '../../store/files/papers.ts';
import { casesOfFile, filesOfOthers } from '../../store/files/queries.ts';
import { caseFile, file } from '../../store/files/tables.ts';
import { rowsToKeep } from '../../store/housekeeping/kept-rows.ts';
import { eventAgainst, keepEvent, peopleWithUnsettled, settleEvents } from '../../store/insurance/events.ts';
import { coreEvent } from '../../store/insurance/tables.ts';
import { migrateAndSeed } from '../../store/migrate.ts';
import { noticesAbout } from '../../store/notices/queries.ts';
import { briefingReaders, composeBriefing } from '../../store/notifications/briefing.ts';
import { callsAbout, openCalls } from '../../store/notifications/calls.ts';
import { withinBound } from '../../store/notifications/caused.ts';
import { followNotification, undeliveredNotifications } from '../../store/notifications/delivery.ts';
import { findNotification, type KnownNotification, queuedOf } from '../../store/notifications/known.ts';
import {
  attemptsOf,
  inbox,
  notificationsOfAccreditation,
  notificationsOfCase,
} from '../../store/notifications/queries.ts';
import { countUnread, findInInbox } from '../../store/notifications/read-marks.ts';
import { attemptsToAsk, recordReceipt } from '../../store/notifications/receipts.ts';
import { queuedSealed } from '../../store/notifications/sealed.ts';
import { beginAttempt, markFailed, markTaken } from '../../store/notifications/sending.ts';
import { attempt, notification } from '../../store/notifications/tables.ts';
import { unsentNotifications } from '../../store/notifications/unsent.ts';
import type { Store } from '../../store/open.ts';
import { earlierPhones } from '../../store/people/earlier-phones.ts';
import { casesOfAgent } from '../../store/retention/person.ts';
import { openCasesOf } from '../../store/staff/absences.ts';
import { departAgain } from '../../store/staff/departures.ts';
import { listStaff } from '../../store/staff/queries.ts';
import { openPostgresDatabase } from '../harness/database/any.ts';
import { changesOf, fileOne, grant, openTestStore, ownWords, recordChange, rules } from '../harness/database/store.ts';
import { policies, seed } from '../harness/policy.ts';

const postgres = await openPostgresDatabase();
// PGlite plans alike; once is enough.
const whenThere = 'missing' in postgres ? describe.skip : describe;
const note = 'missing' in postgres ? ` (skipped: ${postgres.missing})` : '';

const now = '2026-03-02T02:00:00.000Z';
const today = '2026-03-02';
const page = { limit: 50 };

/** Of one row, thousands like it. @param changes of the copies' columns, by the number `i` of each */
async function multiply({ db }: Store, table: PgTable, count: number, changes: SQL): Promise<void> {
  await db.execute(sql`
    insert into ${table} select made.*
    from (select whole from ${table} as whole limit 1) as one, generate_series(1, ${count}::int) as i,
      jsonb_populate_record(one.whole, jsonb_build_object(${changes})) as made
  `);
}

/** A city after some months: all that happened to one person has happened to thousands. */
async function fill(store: Store): Promise<void> {
  const number = sql`'acceptance_number', 'N' || i`;
  const somebody = sql`'submitted_by', 'somebody-' || i % 700, 'id_number_hash', 'hash-' || i % 700`;
  const before = (name: string) => sql`${sql.raw(`'${name}'`)}, ${now}::timestamptz - i * interval '10 minutes'`;
  const lying = sql`'assignee', case when i % 100 > 10 then 'reviewer-' || i % 20 end, 'disease_code', 'M' || i % 90`;
  const open = sql`'closed', i % 10 > 0, ${lying}, 'due_on', date '2026-01-01' + i % 60`;
  const found = sql`'phone_hash', 'phone-' || i % 700, 'name_hash', 'name-' || i % 900, 'phone_tail_hash', i % 3000`;
  await multiply(store, application, 5_000, sql`${number}, ${somebody}, ${found}, ${before('submitted_at')}, ${open}`);
  await multiply(
    store,
    accreditation,
    5_000,
    sql`'id', 'RDN' || i, 'source_key', 'N' || i, 'registration_number', 'R' || i, ${somebody}, ${before('created_at')}, 'sequence', 1`,
  );
  const ofCase = sql`'acceptance_number', 'N' || i % 5000 + 1`;
  const recipient = sql`'recipient_key', 'hash-' || i % 700, 'channel', (array['sms', 'app', 'email'])[1 + i % 3]`;
  const told = sql`'event_id', 'E' || i, 'id_number_hash', 'hash-' || i % 4000, 'happened_on', date '2025-01-01' + i % 400`;
  const settled = sql`'settled_at', case when i % 1000 = 5 then null else ${now} end`;
  await multiply(store, coreEvent, 5_000, sql`${told}, ${settled}`);
  await multiply(
    store,
    notification,
    40_000,
    sql`'id', 'N' || i || '-sms', ${ofCase}, ${recipient}, ${before('created_at')}`,
  );
  await multiply(
    store,
    attempt,
    20_000,
    sql`'notification_id', 'N' || i || '-sms', 'provider_id', 'SM' || i, 'ask_at', null`,
  );
  await multiply(store, timeline, 20_000, sql`${ofCase}, 'sequence', 10 + i / 5000, 'request_id', 'request-' || i`);
  const ofPerson = sql`'id_number_hash', 'person-' || i % 4000`;
  await multiply(store, file, 20_000, sql`'id', 'file-' || i, 'sha256', 'content-' || i % 19000, ${ofPerson}`);
  await multiply(store, material, 20_000, sql`${ofCase}, 'position', 10 + i / 5000`);
  await multiply(store, caseFile, 20_000, sql`'file_id', 'file-' || i, ${ofCase}`);
  await store.db.execute('analyze');
}

whenThere(`queries that people wait for${note}`, () => {
  let store: Store;
  let pool: Pool;
  const queries: { text: string; values: unknown[] }[] = [];
  /** The one case that is real. */
  let row: ApplicationRow;
  let sms: string;
  let accreditationId: string;

  beforeAll(async () => {
    if ('missing' in postgres) return;
    await migrateAndSeed(postgres.url, seed);
    pool = new Pool({ connectionString: postgres.url });
    const logger = { logQuery: (text: string, values: unknown[]) => void queries.push({ text, values }) };
    store = { ...(await openTestStore(postgres.url)), db: drizzle(pool, { logger }) };
    const filed = await fileOne(store, { submittedAt: now });
    const number = filed.acceptanceNumber;
    sms = (await recordChange(store, number, changesOf(filed).accepted, rules)).queued.sms[0] as string;
    const found = (await findNotification(store, sms)) as KnownNotification;
    await beginAttempt(store, found, { provider: 'twilio', startedAt: now, now, inWords: ownWords });
    await markTaken(
      store,
      { notificationId: sms, number: 1 },
      { providerId: 'SM', state: 'underWay' },
      { at: now, askAt: now },
    );
    accreditationId = (await grantAccreditation(store, { ...grant(now), registrationNumber: 'R' })).id;
    await store.db.insert(file).values({
      ...{ id: 'file-1-of-it', sha256: 'content-1', contentType: 'application/pdf', size: 1 },
      ...{ uploadedBy: filed.submittedBy, uploadedAt: now, wantedAt: now, idNumberHash: filed.submittedBy },
    });
    await store.db.insert(caseFile).values({ acceptanceNumber: number, fileId: 'file-1-of-it' });
    await keepEvent(store, { eventId: 'E', idNumber: '5', kind: 'movedAway', happenedOn: '2025-01-01' }, now);
    await fill(store);
    row = (await findApplication(store, number)) as ApplicationRow;
  });
  afterAll(async () => {
    await pool?.end();
    await store?.close();
    if (!('missing' in postgres)) await postgres.stop();
  });

  /** How what was asked is answered, line by line. */
  async function plans(): Promise<string[]> {
    const lines: string[] = [];
    for (const { text, values } of queries.filter((query) => /^\(?(select|update|insert)/.test(query.text))) {
      const { rows } = await pool.query<{ 'QUERY PLAN': string }>({ text: `explain ${text}`, values });
      lines.push(...rows.map((line) => line['QUERY PLAN']));
    }
    return lines;
  }

  it('find a notification by its id or its case, however many wait', async () => {
    const waiting = sql`'id', 'N' || i || '-waiting', 'acceptance_number', 'N' || i % 5000 + 1, 'state', 'queued'`;
    // As in the night: far more than when the tables were last analyzed.
    await multiply(store, notification, 5_000, waiting);
    queries.length = 0;
    await queuedOf(store, [sms]);
    await store.db.transaction((tx) => unsentNotifications(tx, { acceptanceNumber: row.acceptanceNumber }, [1]));
    expect((await plans()).join()).not.toContain('notification_queued');
  });

  const acknowledgement: NotificationDraft = {
    purpose: 'accepted',
    recipient: 'applicant',
    channel: 'sms',
    leaving: 'sendingHours',
    body: '已受理',
  };
  const earlier = () => ({ ...row, id: accreditationId, createdAt: now });
  const listed = async (filter: WorklistFilter, order: Partial<WorklistPage> = {}) => {
    return [await worklist(store, filter, { sort: 'due', ...page, ...order }), await countWorklist(store, filter)];
  };
  const failedOnce = async () => {
    const notifications = await notificationsOfCase(store, row.acceptanceNumber);
    return [await callsAbout(store, notifications), await attemptsOf(store, notifications)];
  };
  const earlierGrant = { ...grant(now), source: 'core', registrationNumber: 'R' } as const;

  it.each<[string, () => Promise<unknown>]>([
    ["an applicant's inbox", () => inbox(store, { person: row.idNumberHash, ...page })],
    ['its next page', () => inbox(store, { person: row.idNumberHash, after: { createdAt: now, id: sms }, ...page })],
    ['how much of it nobody has read', () => countUnread(store, row.idNumberHash)],
    ['one of its entries', () => findInInbox(store, row.idNumberHash, sms)],
    ['a case with its files', () => readCase(store, row.acceptanceNumber)],
    ['what was filed beside a case', () => filedBeside(store, row)],
    ['the phones that its person had before', () => earlierPhones(store, store.db, row)],
    ["what others handed in of a case's files", () => filesOfOthers(store, row)],
    ['the cases of a file', () => casesOfFile(store, 'file-1-of-it')],
    ["a person's papers", () => papersOf(store, { person: row.idNumberHash, recordsSince: '2026-01-01', limit: 50 })],
    ['what was sent about a case', failedOnce],
    ['what was sent about an accreditation', () => notificationsOfAccreditation(store, accreditationId)],
    ['the notices of a case', () => noticesAbout(store, { acceptanceNumber: row.acceptanceNumber })],
    [
      '短信 that an account has caused',
      () => store.db.transaction((tx) => withinBound(tx, row, [acknowledgement], { at: now, most: 1 })),
    ],
    ['whether a request took effect', () => wasRecorded(store, row.acceptanceNumber, 'request-1')],
    ["the staff's list of applications", () => listApplications(store, page)],
    ['its next page', () => listApplications(store, { after: earlier(), ...page })],
    ["an applicant's applications", () => listApplications(store, { visibleTo: row.idNumberHash, ...page })],
    ['those in which somebody is the agent', () => casesOfAgent(store, 'hash-5')],
    ["a person's applications", () => listApplications(store, { idNumberHash: store.keyring.hash('5'), ...page })],
    ["the staff's list of accreditations", () => listAccreditations(store, { after: earlier(), ...page })],
    ['those that were revoked', () => listAccreditations(store, { status: 'revoked', ...page })],
    ["a person's accreditations", () => accreditationsOf(store, '5')],
    ['the worklist', () => listed({})],
    ['its next page', () => listed({}, { after: { ...earlier(), dueOn: '2026-01-30' } })],
    ['its last page', () => listed({}, { after: { ...earlier(), dueOn: null } })],
    ['the worklist by age', () => listed({}, { sort: 'age', after: { ...earlier(), dueOn: null } })],
    ['the worklist by submission', () => listed({}, { sort: 'submission', after: { ...earlier(), dueOn: null } })],
    ["a reviewer's worklist", () => listed({ assignees: ['reviewer-10'] })],
    ['cases that nobody has', () => listed({ assignees: [null] })],
    ['those of some', () => listed({ assignees: ['reviewer-10', 'reviewer-20', null] })],
    ['the worklist of a status', () => listed({ statuses: ['awaitingMaterials'] })],
    ['that of a disease', () => listed({ diseases: ['M20', 'M30'] })],
    ['that of a type', () => listed({ types: ['renewal'] })],
    ['that of a channel', () => listed({ channels: ['window'] })],
    ['what is overdue', () => listed({ overdue: true })],
    ['what was escalated', () => listed({ escalated: 2 })],
    ['what is due soon', () => listed({ dueBefore: '2026-01-05' })],
    ['a case by its number', () => listed({ search: { acceptanceNumber: 'N4000' } })],
    ['a case by the end of its number', () => listed({ search: { tail: row.acceptanceNumber.slice(-6) } })],
    ['cases by a name', () => listed({ search: { name: '李娜' } })],
    ['cases by the end of a phone', () => listed({ search: { phoneTail: '8001' } })],
    ['cases by either', () => listed({ search: { name: 'martin', tail: 'MARTIN' } })],
    ['the next case', () => reserveNext(store, { subject: 'r', person: { hash: 'h' } }, { now, until: now })],
    ['the case that somebody was taking', () => reservedBy(store, 'reviewer-10', now)],
    ["a reviewer's open cases", () => openCasesOf(store, 'reviewer-10', null, 50)],
    ['who has left, and has a case', () => departAgain(store, now)],
    ['the staff', () => listStaff(store)],
    ['calls to be made', () => openCalls(store, page)],
    [
      'an accreditation that was registered before',
      () => takeOver(store, takeOverRules(policies, shanghaiDate(now)), earlierGrant, now),
    ],
    [
      'a list that was imported before',
      () => importAccreditations(store, takeOverRules(policies, shanghaiDate(now)), [earlierGrant], now),
    ],
    ['notifications to be sent', () => queuedOf(store, [sms])],
    ['a receipt', () => recordReceipt(store, { provider: 'twilio', providerId: 'SM7' }, { state: 'undelivered' }, now)],
    ['a notification that has failed', () => markFailed(store, sms, 'Twilio 21211', now)],
    ['the way it takes then', () => followNotification(store, sms)],
    ['those that nobody follows', () => undeliveredNotifications(store, 50)],
    ['receipts to be asked for', () => attemptsToAsk(store, now, 50)],
    ['a briefing', () => composeBriefing(store, 'reviewer-10', { until: now, at: now })],
    ['who gets one', () => briefingReaders(store, now)],
    ['codes that were not sent', () => queuedSealed(store, now)],
    ["what stands against a person's filing", () => eventAgainst(store, 'hash-5', { filedOn: '2026-01-01', today })],
    ['what was told and is not done', () => peopleWithUnsettled(store, { today, before: now, limit: 50 })],
    ['what follows from it', () => settleEvents(store, 'hash-5', { today, at: now }, async () => 'done')],
    ['cases that should have a workflow', () => rowsToKeep(store, 'application', { before: now, limit: 500 })],
    ['accreditations that should', () => rowsToKeep(store, 'accreditation', { before: now, limit: 500 })],
    ['cases that have not heard of a calendar', () => unheardCases(store, { rank: 0, acceptanceNumber: 'N5' }, 50)],
  ])('find by an index: %s', async (_, run) => {
    queries.length = 0;
    await run();
    const lines = await plans();
    expect(lines).not.toHaveLength(0);
    expect(lines.filter((line) => large.test(line))).toEqual([]);
  });
});

/** A scan of what grows; the staff and the calendar stay small. */
const large =
  /Seq Scan on (application|accreditation|notification|attempt|timeline|material|file|case_file|core_event)\b/;
