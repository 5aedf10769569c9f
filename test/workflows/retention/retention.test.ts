import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { eq, sql } from 'drizzle-orm';
import type { RetainedCounts } from '../../../activities/contract.ts';
import { revokeAccreditation } from '../../../api/accreditations/revoke.ts';
import { accreditation, accreditationEntry } from '../../../store/accreditations/tables.ts';
import { application, timeline } from '../../../store/cases/tables.ts';
import { idempotency } from '../../../store/idempotency/tables.ts';
import { notification } from '../../../store/notifications/tables.ts';
import { beginErasure } from '../../../store/retention/erasures.ts';
import { liftHold, setHold } from '../../../store/retention/holds.ts';
import { erasure } from '../../../store/retention/tables.ts';
import { housekeepingQueue } from '../../../workflows/messages.ts';
import { untilShownClosed } from '../../harness/http/unique-person.ts';
import { applicant, type Filed, reviewer, update } from '../../harness/office/case.ts';
import { type Office, openOffice } from '../../harness/office/open.ts';
import { until } from '../../harness/until.ts';

// Temporal puts off deleting what has closed just now, by ten seconds and more.
jest.setTimeout(180_000);

/** Lists and deletes as the real server does. */
let office: Office;
beforeAll(async () => {
  office = await openOffice({ server: 'dev' });
});
afterAll(() => office?.close());

const none: RetainedCounts = {
  ...{ erasures: 0, accreditations: 0, cases: 0, inbox: 0, notifications: 0, calls: 0, requests: 0, failed: 0 },
};

const retain = (): Promise<RetainedCounts> =>
  office.client.workflow.execute('retention', {
    taskQueue: housekeepingQueue,
    workflowId: `retention-${randomUUID()}`,
  });

/** Lets a case have been filed and closed so many years ago; its notifications stay young. */
async function age({ acceptanceNumber }: Filed, years: number): Promise<void> {
  const ago = sql.raw(`interval '${years} years'`);
  const { db } = office.store;
  await db
    .update(application)
    .set({ submittedAt: sql`${application.submittedAt} - ${ago}` })
    .where(eq(application.acceptanceNumber, acceptanceNumber));
  await db
    .update(timeline)
    .set({ at: sql`${timeline.at} - ${ago}` })
    .where(eq(timeline.acceptanceNumber, acceptanceNumber));
}

async function withdrawn(): Promise<Filed> {
  const filed = await office.file();
  await update(filed, 'withdraw', applicant);
  await untilShownClosed(office.client, filed.acceptanceNumber);
  return filed;
}

const isErased = async (filed: Filed) => (await filed.row()).idNumberHash === '';
const act = { by: 'admin-1', reason: '法院调取', at: new Date().toISOString() };

describe('retention', () => {
  it('erases what closed long enough ago, with its execution, and nothing else; a second run finds nothing', async () => {
    const [old, young, open] = [await withdrawn(), await withdrawn(), await office.file()];
    await age(old, 11);
    await age(young, 9);
    await age(open, 11);
    expect(await retain()).toEqual({ ...none, cases: 1 });
    expect([await isErased(old), await isErased(young), await isErased(open)]).toEqual([true, false, false]);
    await expect(old.handle.describe()).rejects.toThrow();
    expect((await young.handle.describe()).status.name).toBe('COMPLETED');
    expect(await retain()).toEqual(none);
    await update(open, 'withdraw', applicant);
  });

  it('keeps what a legal hold keeps, of a case or of a person, until it is lifted', async () => {
    const [ofCase, ofPerson] = [await withdrawn(), await withdrawn()];
    const { acceptanceNumber } = ofCase;
    const { idNumberHash } = await ofPerson.row();
    for (const filed of [ofCase, ofPerson]) await age(filed, 11);
    for (const held of [{ acceptanceNumber }, { idNumberHash }])
      expect(await setHold(office.store, held, act)).toBe(true);
    expect(await retain()).toEqual(none);
    for (const held of [{ acceptanceNumber }, { idNumberHash }]) await liftHold(office.store, held, act);
    expect(await retain()).toEqual({ ...none, cases: 2 });
  });

  it('keeps an approved case as long as its accreditation, and both once that ended long ago', async () => {
    const filed = await office.file();
    await update(filed, 'approve', reviewer);
    await age(filed, 30);
    expect(await retain()).toEqual(none);
    const id = (await filed.row()).accreditationId as string;
    const revocation = { by: 'supervisor-1', cause: 'office' as const, reason: '本人放弃' };
    await revokeAccreditation(office.client, { id, status: 'active' }, revocation, 'revocation-1');
    const [{ db }, ofOne] = [office.store, eq(accreditation.id, id)];
    const row = async () => (await db.select().from(accreditation).where(ofOne))[0];
    await until('it is over', async () => (await row())?.closed === true);
    await untilShownClosed(office.client, id);
    expect(await retain()).toEqual(none);
    const longAgo = sql`now() - interval '11 years'`;
    await db
      .update(accreditation)
      .set({ createdAt: longAgo as never })
      .where(ofOne);
    await db
      .update(accreditationEntry)
      .set({ at: longAgo as never })
      .where(eq(accreditationEntry.accreditationId, id));
    expect(await retain()).toEqual({ ...none, accreditations: 1, cases: 1 });
    expect(await row()).toMatchObject({ idNumberHash: '', institution: null, status: 'revoked' });
  });

  it('deletes old messages, tries and requests in batches', async () => {
    const { db } = office.store;
    const filed = await office.file();
    const old = '2001-01-01T00:00:00.000Z';
    const requests = Array.from({ length: 2_500 }, (_, index) => {
      return { subject: 'account', key: `${index}`, bodyHash: '', acceptanceNumber: '', createdAt: old };
    });
    await db.insert(idempotency).values(requests);
    const ofCase = eq(notification.acceptanceNumber, filed.acceptanceNumber);
    const young = await db.$count(notification);
    const told = await db.$count(notification, ofCase);
    await until('all is sent', async () => {
      const rows = await db.select().from(notification).where(ofCase);
      return rows.every(({ state, leaving }) => state !== 'queued' || leaving === 'briefing');
    });
    await db.update(notification).set({ createdAt: old, settledAt: old }).where(ofCase);
    const { inbox, notifications, requests: forgotten } = await retain();
    const queued = await db.$count(notification, ofCase);
    expect([inbox + notifications + queued, forgotten]).toEqual([told, 2_500]);
    expect(inbox).toBeGreaterThan(0);
    expect(await db.$count(notification)).toBe(young - inbox - notifications);
    await update(filed, 'withdraw', applicant);
  });

  it('finishes an erasure that was cut off', async () => {
    const filed = await withdrawn();
    const { idNumberHash } = await filed.row();
    const { id } = await beginErasure(office.store, idNumberHash, act);
    await expect(office.file({ personal: filed.personal })).rejects.toThrow('being erased');
    expect(await retain()).toEqual({ ...none, erasures: 1 });
    expect(await isErased(filed)).toBe(true);
    const [record] = await office.store.db.select().from(erasure).where(eq(erasure.id, id));
    expect(record).toMatchObject({ idNumberHash: null, cases: 1, by: 'admin-1' });
  });
});
