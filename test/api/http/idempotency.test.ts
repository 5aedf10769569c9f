import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { count, eq } from 'drizzle-orm';
import { updateId } from '../../../api/send.ts';
import { application, timeline } from '../../../store/cases/tables.ts';
import { idempotency } from '../../../store/idempotency/tables.ts';
import { type Caller, complaints, kindsOf } from '../../harness/http/caller.ts';
import { describeApi } from '../../harness/http/describe-api.ts';

const filings = '/v1/applications';

/** The same request again, at once or later: it takes effect once, and is answered the same. */
await describeApi('idempotency', (http) => {
  let applicant: Caller;
  let reviewer: Caller;
  beforeEach(() => {
    applicant = http.newApplicant();
    reviewer = http.as('reviewer');
  });
  const open = () => http.openCase(applicant);

  describe('an Idempotency-Key', () => {
    const casesOf = async ({ id }: Caller) => {
      const rows = await http.store.db.select({ n: count() }).from(application).where(eq(application.submittedBy, id));
      return rows[0]?.n;
    };

    it('gives a repeated filing its first answer', async () => {
      const [body, key] = [await applicant.completeFiling(), randomUUID()];
      const first = await applicant.post(filings, body, key);
      const again = await applicant.post(filings, body, key);
      expect([again.status, again.body]).toEqual([201, first.body]);
      expect(again.headers.get('location')).toBe(first.headers.get('location'));
    });

    it('makes one case of twenty filings at once', async () => {
      const hasty = http.newApplicant();
      const [body, key] = [await hasty.completeFiling(), randomUUID()];
      const replies = await Promise.all(Array.from({ length: 20 }, () => hasty.post(filings, body, key)));
      expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([201]));
      expect(new Set(replies.map((reply) => reply.body.acceptanceNumber)).size).toBe(1);
      expect(await casesOf(hasty)).toBe(1);
    });

    it("is a person's own: two people may use the same one", async () => {
      const [key, other] = [randomUUID(), http.newApplicant()];
      const [mine, theirs] = [await applicant.completeFiling(), await other.completeFiling()];
      const numbers = [await applicant.post(filings, mine, key), await other.post(filings, theirs, key)];
      expect(new Set(numbers.map((reply) => reply.body.acceptanceNumber)).size).toBe(2);
    });

    it('is refused for another body, and when it is malformed', async () => {
      const [body, key] = [await applicant.completeFiling(), randomUUID()];
      await applicant.post(filings, body, key);
      const other = await applicant.post(filings, { ...body, diseaseCode: 'M03900' }, key);
      expect([other.status, other.body.code]).toEqual([422, 'idempotency-key-reused']);
      const malformed = await applicant.post(filings, body, 'x'.repeat(201));
      expect(complaints(malformed)).toEqual(['Idempotency-Key invalid']);
    });

    it('finds the case again when the stored answer was lost', async () => {
      const newcomer = http.newApplicant();
      const [body, key] = [await newcomer.completeFiling(), randomUUID()];
      const first = await newcomer.post(filings, body, key);
      await http.store.db.update(idempotency).set({ answer: null }).where(eq(idempotency.key, key));
      const again = await newcomer.post(filings, body, key);
      expect([again.status, again.body.acceptanceNumber]).toEqual([201, first.body.acceptanceNumber]);
      expect(await casesOf(newcomer)).toBe(1);
    });
  });

  describe('a decision', () => {
    it('by two reviewers at once keeps one decision, and tells the other', async () => {
      const number = await open();
      const replies = await Promise.all([
        http.as('reviewer', 'reviewer-1').tell(number, 'approve'),
        http.as('reviewer', 'reviewer-2').tell(number, 'reject', { reason: '不符合' }),
      ]);
      expect(replies.map(({ status }) => status).sort()).toEqual([200, 409]);
      expect(replies.find(({ status }) => status === 409)?.body.code).toBe('conflict');
    });

    it('with the same key answers the same, although the case is closed', async () => {
      const [number, key] = [await open(), randomUUID()];
      const body = { note: '材料齐全' };
      const first = await reviewer.tell(number, 'approve', body, key);
      const again = await reviewer.tell(number, 'approve', body, key);
      expect([again.status, again.body]).toEqual([200, first.body]);
      const other = await reviewer.tell(number, 'approve', { note: '另一份' }, key);
      expect([other.status, other.body.code]).toEqual([422, 'idempotency-key-reused']);
      const elsewhere = await reviewer.tell(await open(), 'approve', body, key);
      expect(elsewhere.body.code).toBe('idempotency-key-reused');
    });

    it('with the same key is found again when the stored answer was lost', async () => {
      const [number, key] = [await open(), randomUUID()];
      await reviewer.tell(number, 'approve', {}, key);
      await http.store.db.update(idempotency).set({ answer: null }).where(eq(idempotency.key, key));
      const again = await reviewer.tell(number, 'approve', {}, key);
      expect([again.status, again.body.status]).toEqual([200, 'approved']);
      expect(kindsOf(again)).toEqual(['submitted', 'accepted', 'approved']);
    });

    it("is Temporal's to answer again when the row doesn't tell, and doesn't take it any more", async () => {
      const [number, key] = [await open(), randomUUID()];
      await reviewer.tell(number, 'reject', { reason: '病历不完整' });
      const body = { materials: [{ kind: 'photo', fileIds: [await applicant.uploaded()] }] };
      const first = await applicant.tell(number, 'resubmit', body, key);
      await http.store.db.update(idempotency).set({ answer: null }).where(eq(idempotency.key, key));
      await http.store.db.update(timeline).set({ requestId: null }).where(eq(timeline.acceptanceNumber, number));
      const again = await applicant.tell(number, 'resubmit', body, key);
      expect([again.status, again.body]).toEqual([200, first.body]);
      expect(kindsOf(again)).toEqual(['submitted', 'accepted', 'rejected', 'resubmitted']);
    });

    it('reaches the workflow although the row says that it has, as after a restore', async () => {
      const [number, key] = [await open(), randomUUID()];
      const requestId = updateId(reviewer.subject, number, 'approve', key);
      const [accepted] = await http.store.db.select().from(timeline).where(eq(timeline.acceptanceNumber, number));
      await http.store.db.insert(timeline).values({ ...accepted, sequence: 1_000, requestId } as typeof accepted & {});
      const reply = await reviewer.tell(number, 'approve', {}, key);
      expect([reply.status, reply.body.status]).toEqual([200, 'approved']);
    });

    it('twenty times with one key is decided once', async () => {
      const [number, key] = [await open(), randomUUID()];
      const replies = await Promise.all(Array.from({ length: 20 }, () => reviewer.tell(number, 'approve', {}, key)));
      expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 200));
      expect(kindsOf(await reviewer.progress(number))).toEqual(['submitted', 'accepted', 'approved']);
    });
  });
});
