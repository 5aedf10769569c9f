import { describe, expect, it } from '@jest/globals';
import { eq } from 'drizzle-orm';
import twilio from 'twilio';
import { twilioHookPath } from '../../../config/env.ts';
import { takeStep } from '../../../store/notifications/delivery.ts';
import { findNotification, type KnownNotification } from '../../../store/notifications/known.ts';
import { markFailed } from '../../../store/notifications/sending.ts';
import { notification } from '../../../store/notifications/tables.ts';
import { complaints } from '../../harness/http/caller.ts';
import { describeApi } from '../../harness/http/describe-api.ts';
import { until } from '../../harness/until.ts';

interface ShownNotification {
  id: string;
  purpose: string;
  channel: string;
  state: string;
  failure: string | null;
  attempts: { provider: string; outcome: string; receipt: string }[];
  steps: { step: string }[];
  call: { outcome: string } | null;
}

/** What becomes known of notifications, and what clerks do about those that nobody got. */
await describeApi('delivery', (http) => {
  /** A case whose first 短信 has been dispatched. */
  async function notifiedCase() {
    const number = await http.openCase(http.newApplicant());
    const id = `${number}-1-accepted-applicant-sms`;
    const known = async () => (await findNotification(http.store, id)) as KnownNotification;
    await until('the notification is dispatched', async () => (await known()).row.state === 'dispatched');
    return { number, id, providerId: (await known()).attempts[0]?.providerId as string };
  }

  const shown = async (number: string, id: string) => {
    const { body } = await http.as('reviewer').progress(number);
    return (body.notifications as ShownNotification[]).find(
      (notification) => notification.id === id,
    ) as ShownNotification;
  };

  describe("Twilio's receipts", () => {
    const hook = (parameters: Record<string, string>, { token = http.twilioAuthToken, url = http.publicUrl } = {}) => {
      const signature = twilio.getExpectedTwilioSignature(token, url + twilioHookPath, parameters);
      const headers = { 'x-twilio-signature': signature, 'content-type': 'application/x-www-form-urlencoded' };
      const body = new URLSearchParams(parameters).toString();
      return http.withToken().send(twilioHookPath, { method: 'POST', headers, body });
    };
    const receipt = (MessageSid: string, MessageStatus: string, more = {}) => ({ MessageSid, MessageStatus, ...more });

    it('are taken down, however often and in whatever order they come', async () => {
      const { number, id, providerId } = await notifiedCase();
      const failed = receipt(providerId, 'undelivered', {
        ErrorCode: '30005',
        AccountSid: 'AC0',
        To: '+8613800138001',
      });
      for (const callback of [failed, failed, receipt(providerId, 'sent')])
        expect((await hook(callback)).status).toBe(204);
      expect(await shown(number, id)).toMatchObject({
        state: 'failed',
        failure: '30005',
        purposeName: '受理',
        stateName: '未送达',
        attempts: [
          {
            ...{ provider: 'twilio', outcome: 'taken', outcomeName: '服务商已接收' },
            ...{ receipt: 'undelivered', receiptName: '未送达' },
          },
        ],
      });
      for (const state of ['delivered', 'undelivered', 'sent']) await hook(receipt(providerId, state));
      expect(await shown(number, id)).toMatchObject({ state: 'delivered', failure: null });
    });

    it('about notifications that nobody knows, or about nothing, are heard and change nothing', async () => {
      expect((await hook(receipt('SM-unknown', 'delivered'))).status).toBe(204);
      expect((await hook({ AccountSid: 'AC0' })).status).toBe(204);
    });

    it('that Twilio has not signed are refused', async () => {
      const { number, id, providerId } = await notifiedCase();
      const delivered = receipt(providerId, 'delivered');
      const forged = [
        await hook(delivered, { token: 'another' }),
        await hook(delivered, { url: 'https://elsewhere.example' }),
        await http.withToken().send(twilioHookPath, { method: 'POST', body: new URLSearchParams(delivered) }),
        await http.withToken().send(twilioHookPath, { method: 'POST' }),
      ];
      expect(forged.map(({ status, body }) => [status, body.code])).toEqual(forged.map(() => [403, 'wrong-signature']));
      expect((await shown(number, id)).state).toBe('dispatched');
    });
  });

  describe('when a notification leaves', () => {
    it('is told as an instant, except where it waits for a briefing', async () => {
      const { number, id } = await notifiedCase();
      expect(await shown(number, id)).toMatchObject({ leaving: 'anyTime', leavesAt: expect.any(String) });
      // By the policy of these tests nothing waits.
      await http.store.db.update(notification).set({ leaving: 'briefing' }).where(eq(notification.id, id));
      expect(await shown(number, id)).toMatchObject({ leaving: 'briefing', leavesAt: null });
    });
  });

  describe('a call', () => {
    /** A notification that has failed, and that a clerk has to call about. */
    async function toCall() {
      const { number, id } = await notifiedCase();
      const at = new Date().toISOString();
      await markFailed(http.store, id, 'Twilio 21211', at);
      const sendingHours = { from: '09:00', to: '17:00' };
      await takeStep(http.store, id, { step: 'call', at }, { drafts: [], sendingHours });
      return { number, id };
    }
    const open = async (id: string) => {
      const { body } = await http.as('clerk').get('/v1/calls?limit=200');
      return body.items.find((call) => call.id === id);
    };
    const record = (id: string, body: object, as = http.as('clerk')) => as.post(`/v1/calls/${id}/record`, body);

    it('is a task of the clerks until they have reached the person', async () => {
      const { number, id } = await toCall();
      expect(await open(id)).toMatchObject({
        acceptanceNumber: number,
        name: expect.any(String),
        phone: expect.stringMatching(/^1\d{10}$/),
        purposeName: '受理',
        texts: [expect.stringContaining('已受理')],
        tries: [],
      });
      const seen = (await http.as('supervisor').get('/v1/calls?limit=200')).body.items.find((call) => call.id === id);
      expect(seen?.phone).toMatch(/^1\d{2}\*{4}\d{4}$/);
      expect((await record(id, { outcome: 'notReached', note: '无人接听' })).status).toBe(204);
      expect((await open(id))?.tries).toMatchObject([{ by: 'clerk-1', note: '无人接听' }]);
      expect((await record(id, { outcome: 'reached' })).status).toBe(204);
      expect((await record(id, { outcome: 'reached' })).status).toBe(204);
      expect(await open(id)).toBeUndefined();
      expect(await record(id, { outcome: 'wrongNumber' }, http.as('supervisor'))).toMatchObject({
        status: 409,
        body: { code: 'call-done', detail: expect.stringContaining('已经办结') },
      });
      expect(await shown(number, id)).toMatchObject({
        state: 'failed',
        steps: [{ step: 'call', stepName: '转电话告知' }],
      });
    });

    it('that reached nobody is taken down once however often the request comes, also after somebody else has called', async () => {
      const { id } = await toCall();
      const path = `/v1/calls/${id}/record`;
      const notReached = (note = '无人接听') =>
        http.as('clerk').post(path, { outcome: 'notReached', note }, `call-${id}`);
      const atOnce = await Promise.all([notReached(), notReached()]);
      expect(atOnce.map(({ status }) => status)).toEqual([204, 204]);
      expect((await open(id))?.tries).toHaveLength(1);
      expect(await notReached('占线')).toMatchObject({ status: 422, body: { code: 'idempotency-key-reused' } });
      await record(id, { outcome: 'reached' }, http.as('supervisor'));
      expect((await notReached()).status).toBe(204);
    });

    it('that found the number to be wrong is shown with its notification, to who decides on the case', async () => {
      const { number, id } = await toCall();
      expect(await shown(number, id)).toMatchObject({ call: { tries: [], outcome: null, note: null, doneAt: null } });
      await record(id, { outcome: 'notReached', note: '无人接听' });
      await record(id, { outcome: 'wrongNumber', note: '机主说不认识' });
      expect((await shown(number, id)).call).toEqual({
        since: expect.any(String),
        tries: [{ at: expect.any(String), by: 'clerk-1', byName: '黄芳', note: '无人接听' }],
        outcome: 'wrongNumber',
        outcomeName: '号码有误',
        note: '机主说不认识',
        doneAt: expect.any(String),
        doneBy: 'clerk-1',
        doneByName: '黄芳',
      });
      expect(await shown(number, id.replace(/sms$/, 'app'))).toMatchObject({ call: null });
    });

    it('is shown page by page', async () => {
      const ids = [(await toCall()).id, (await toCall()).id];
      const seen: unknown[] = [];
      for (let cursor = ''; ; ) {
        const { body } = await http.as('supervisor').get(`/v1/calls?limit=1${cursor && `&cursor=${cursor}`}`);
        seen.push(...body.items.map((call) => call.id));
        if (!body.nextCursor) break;
        cursor = body.nextCursor;
      }
      expect(new Set(seen).size).toBe(seen.length);
      expect(seen).toEqual(expect.arrayContaining(ids));
    });

    it('that nobody has to make, or a record that makes no sense, is refused', async () => {
      expect((await record('nothing', { outcome: 'reached' })).status).toBe(404);
      expect((await record('%00', { outcome: 'reached' })).status).toBe(404);
      const { id } = await toCall();
      expect(complaints(await record(id, { outcome: 'perhaps', duration: 3 }))).toEqual([
        'duration unknownField',
        'outcome invalid',
      ]);
      expect(complaints(await http.as('clerk').get('/v1/calls?cursor=x'))).toEqual(['cursor invalid']);
    });

    it.each(['applicant', 'reviewer', 'director', 'admin'] as const)(
      'is none of the business of role %s',
      async (role) => {
        expect((await http.as(role).get('/v1/calls')).status).toBe(403);
        expect((await record('nothing', { outcome: 'reached' }, http.as(role))).status).toBe(403);
      },
    );
  });
});
