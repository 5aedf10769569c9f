import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { asc, eq, type SQL, sql } from 'drizzle-orm';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import { grantedAccreditation } from '../../domain/accreditations/state.ts';
import { submittedApplication } from '../../domain/cases/state.ts';
import { sealPerson, sealPersonal } from '../../store/encryption/personal.ts';
import { migrateAndSeed } from '../../store/migrate.ts';
import { openCalls } from '../../store/notifications/calls.ts';
import { undeliveredMessages } from '../../store/notifications/delivery.ts';
import { attemptsToAsk, recordReceipt } from '../../store/notifications/receipts.ts';
import {
  beginAttempt,
  findMessage,
  type KnownMessage,
  markTaken,
  queuedOf,
} from '../../store/notifications/sending.ts';
import type { Store } from '../../store/open.ts';
import { attempt, formVersion, message, staff } from '../../store/schema.ts';
import { onEachDatabase } from '../harness/database/each.ts';
import { openTestStore, ownWords } from '../harness/database/store.ts';
import { filing, liNa } from '../harness/people.ts';
import { policies } from '../harness/policy.ts';

const migrationsFolder = fileURLToPath(new URL('../../store/migrations', import.meta.url));
/** The last migration of the release before messages had attempts. */
const LAST_BEFORE = 10;

const created = '2026-03-02T02:00:00.000Z';
const sent = '2026-03-02T02:01:00.000Z';
const later = '2026-03-09T02:00:00.000Z';

const filed = filing(created, { personal: { applicant: liNa, signature: { name: liNa.name, signedAt: created } } });
const number = filed.acceptanceNumber;
const accreditationId = 'RD-1';

/** Brings a database to where the release before left it. */
async function migrateToBefore({ db }: Store): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'mente-migrations-'));
  await cp(migrationsFolder, folder, { recursive: true });
  const journal = join(folder, 'meta', '_journal.json');
  const { entries, ...rest } = JSON.parse(await readFile(journal, 'utf8'));
  const before = entries.filter(({ idx }: { idx: number }) => idx <= LAST_BEFORE);
  await writeFile(journal, JSON.stringify({ ...rest, entries: before }));
  await migrate(db, { migrationsFolder: folder });
  await rm(folder, { recursive: true });
}

/** By SQL, since the schema is that of the release before. */
function insert({ db }: Store, table: string, row: Record<string, unknown>) {
  const names = sql.join(Object.keys(row).map(sql.identifier), sql`, `);
  const values = sql.join(
    Object.values(row).map((value) => sql`${value}`),
    sql`, `,
  );
  return db.execute(sql`insert into ${sql.identifier(table)} (${names}) values (${values})`);
}

async function fill(store: Store): Promise<void> {
  const { diseaseCode, policyVersion, personal, form, type, channel, acceptedOn, workingDays } = filed;
  const state = submittedApplication({ acceptedOn, workingDays, pauses: [] });
  const { idNumber, phone } = personal.applicant;
  const hashes = { id_number_hash: store.keyring.hash(idNumber), phone_hash: store.keyring.hash(phone) };
  const about = { disease_code: diseaseCode, policy_version: policyVersion };
  await insert(store, 'application', {
    ...{ ...about, ...hashes, type, channel, status: 'underReview', round: 1, form: JSON.stringify(form) },
    ...{ acceptance_number: number, submitted_by: 'applicant-1', submitted_at: created, sequence: 4 },
    ...{ personal: sealPersonal(store, number, personal), state: JSON.stringify(state) },
  });
  await insert(store, 'accreditation', {
    ...{ ...about, id: accreditationId, created_at: created, source: 'application', source_key: number },
    ...{ personal: sealPerson(store, accreditationId, liNa), id_number_hash: hashes.id_number_hash },
    ...{ insured_type: 'employee', valid_from: acceptedOn, status: 'valid', sequence: 1 },
    state: JSON.stringify(grantedAccreditation(acceptedOn, null)),
  });
  await insert(store, 'form_version', {
    ...{ id: `${number}-0`, acceptance_number: number, personal: sealPersonal(store, number, personal) },
    ...{ phone_hash: hashes.phone_hash, form: JSON.stringify(form), sequence: 0 },
  });
  await insert(store, 'staff', {
    ...{ id: 'r-old', roles: '["reviewer"]', email: 'r@pzh-ybj.example', phone: '+8613900000001' },
  });
  for (const one of messages) await insert(store, 'message', one);
}

type Old = ReturnType<typeof old>;
/** A message as the release before wrote it. */
function old(id: string, channel: 'sms' | 'email' | 'app', state: 'queued' | 'sent' | 'failed', recipient: string) {
  const taken = state === 'sent' && channel !== 'app';
  return {
    id,
    channel,
    state,
    recipient,
    acceptance_number: number as string | null,
    accreditation_id: null as string | null,
    sequence: 1,
    purpose: 'accepted',
    subject: channel === 'email' ? '主题' : null,
    body: '正文',
    created_at: created,
    sent_at: taken ? sent : null,
    provider_id: taken ? `provider-${id}` : null,
    failure: state === 'failed' ? 'Twilio 21211' : null,
  };
}
const ofAccreditation = (one: Old): Old => ({ ...one, acceptance_number: null, accreditation_id: accreditationId });

/** Every state of every channel. */
const messages: Old[] = [
  old('app', 'app', 'sent', 'applicant'),
  old('sms-queued', 'sms', 'queued', 'applicant'),
  old('sms-sent', 'sms', 'sent', 'applicant'),
  old('sms-failed', 'sms', 'failed', 'applicant'),
  // Two workers once had it: the one that it was refused to wrote last.
  { ...old('sms-sent-failed', 'sms', 'failed', 'applicant'), sent_at: sent, provider_id: 'provider-sms-sent-failed' },
  old('staff-sms-queued', 'sms', 'queued', 'r-old'),
  old('staff-sms-sent', 'sms', 'sent', 'r-old'),
  old('staff-sms-failed', 'sms', 'failed', 'r-old'),
  old('email-queued', 'email', 'queued', 'r-old'),
  old('email-sent', 'email', 'sent', 'r-old'),
  old('email-failed', 'email', 'failed', 'r-old'),
  ofAccreditation(old('acc-app', 'app', 'sent', 'applicant')),
  ofAccreditation(old('acc-queued', 'sms', 'queued', 'applicant')),
  ofAccreditation(old('acc-sent', 'sms', 'sent', 'applicant')),
  ofAccreditation(old('acc-failed', 'sms', 'failed', 'applicant')),
];
const idsOf = (which: (one: Old) => boolean) => messages.filter(which).map(({ id }) => id);

await onEachDatabase((url) => {
  describe('a database that the release before has filled', () => {
    let store: Store;
    beforeAll(async () => {
      store = await openTestStore(url());
      await migrateToBefore(store);
      await fill(store);
      await migrateAndSeed(url(), policies);
    });
    afterAll(() => store?.close());

    const rows = (which?: SQL) => store.db.select().from(message).where(which).orderBy(asc(message.id));
    const found = async (id: string) => (await findMessage(store, id)) as KnownMessage;

    it('keeps what became of each message, and since when', async () => {
      const kept = Object.fromEntries(
        (await rows()).map(({ id, state, settledAt, failure }) => [id, [state, settledAt, failure]]),
      );
      const expected = messages.map(({ id, channel, state, sent_at, failure }) => {
        const became = channel === 'app' ? 'delivered' : state;
        return [id, [became, state === 'queued' ? null : (sent_at ?? created), failure]];
      });
      expect(kept).toEqual(Object.fromEntries(expected));
      expect(await rows(sql`${message.leavesAt} <> ${message.createdAt} or ${message.leaving} <> 'anyTime'`)).toEqual(
        [],
      );
    });

    it('tells persons from each other', async () => {
      const hash = (text: string) => store.keyring.hash(text);
      const [idNumber, phone] = [hash(liNa.idNumber), hash(liNa.phone)];
      expect((await found('sms-sent')).row.recipientKey).toBe(`${idNumber} ${phone}`);
      expect((await found('acc-sent')).row.recipientKey).toBe(idNumber);
      expect((await found('email-sent')).row.recipientKey).toBe('r-old');
    });

    it('knows who took what was sent, and under which id; nobody asks for its receipt', async () => {
      const attempts = await store.db.select().from(attempt).orderBy(asc(attempt.messageId));
      const taken = idsOf(({ sent_at }) => sent_at !== null).sort();
      const provider = (id: string) => (id === 'email-sent' ? 'smtp' : 'twilio');
      const one = { number: 1, startedAt: sent, outcome: 'taken', receipt: 'underWay', askAt: null, sealed: null };
      expect(attempts).toEqual(
        taken.map((id) => ({ ...one, messageId: id, provider: provider(id), providerId: `provider-${id}` })),
      );
      expect(await attemptsToAsk(store, later, 100)).toEqual([]);
    });

    it('phones nobody about what failed then', async () => {
      expect(await undeliveredMessages(store, 100)).toEqual([]);
      expect(await openCalls(store, { limit: 100 })).toEqual([]);
      expect((await found('sms-failed')).row).toMatchObject({ followed: true, steps: [] });
      expect((await found('sms-queued')).row.followed).toBe(false);
    });

    it('keeps staff and forms', async () => {
      expect(await store.db.select().from(staff).where(eq(staff.id, 'r-old'))).toHaveLength(1);
      expect(await store.db.select().from(formVersion)).toMatchObject([{ sequence: 0, confirmedAt: null }]);
    });

    it('hands over what was queued, and knows when that has failed', async () => {
      const queued = await queuedOf(
        store,
        messages.map(({ id }) => id),
      );
      expect(queued.map(({ row: { id } }) => id)).toEqual(idsOf(({ state }) => state === 'queued').sort());
      for (const one of queued) {
        const { id, channel } = one.row;
        const mail = channel === 'email';
        expect(one.outgoing.address).toBe(
          mail ? 'r@pzh-ybj.example' : id.startsWith('staff') ? '+8613900000001' : `+86${liNa.phone}`,
        );
        const provider = mail ? 'smtp' : 'twilio';
        const begun = await beginAttempt(store, one, { provider, startedAt: later, now: later, inWords: ownWords });
        const key = { messageId: id, number: begun?.number as number };
        await markTaken(store, key, { providerId: `new-${id}`, state: 'underWay' }, { at: later, askAt: null });
        expect((await found(id)).row).toMatchObject({ state: 'sent', settledAt: later });
      }
      const undelivered = { state: 'undelivered', failure: '30005' } as const;
      await recordReceipt(store, { provider: 'twilio', providerId: 'new-sms-queued' }, undelivered, later);
      expect(await undeliveredMessages(store, 100)).toEqual(['sms-queued']);
    });

    it('takes a receipt that comes late', async () => {
      const receipt = { provider: 'twilio', providerId: 'provider-sms-sent' };
      await recordReceipt(store, receipt, { state: 'delivered' }, later);
      expect((await found('sms-sent')).row).toMatchObject({ state: 'delivered', settledAt: later });
    });
  });
});
