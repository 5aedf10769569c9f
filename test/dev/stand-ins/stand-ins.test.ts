import { mkdtempSync, rmSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createTransport } from 'nodemailer';
import twilio from 'twilio';
import { account } from '../../../dev/stand-ins/account.ts';
import type { OutboxNotification } from '../../../dev/stand-ins/outbox.ts';
import { type StandIns, startStandIns } from '../../../dev/stand-ins/start.ts';
import { until } from '../../harness/until.ts';

const sms = { from: '+8613900000000', to: '+8613800138000', body: '您的门特申请需要补充材料。' };

let dataDir: string;
let standIns: StandIns;

/** The library as it is, sent to the stand-in instead of to Twilio. */
class ToStandIn extends twilio.RequestClient {
  override request<Body>(options: { uri: string }) {
    const { pathname, search } = new URL(options.uri);
    return super.request<Body>({ ...options, uri: standIns.twilioUrl + pathname + search } as never);
  }
}

const client = (authToken = account.authToken) =>
  twilio(account.accountSid, authToken, { httpClient: new ToStandIn({ timeout: 5_000 }) });

const start = () => startStandIns({ ...account, smtpPort: 0, httpPort: 0, dataDir });

async function sent(): Promise<OutboxNotification[]> {
  const response = await fetch(`${standIns.twilioUrl}/notifications`);
  return ((await response.json()) as { notifications: OutboxNotification[] }).notifications;
}

const control = (fault: object | string) =>
  fetch(`${standIns.twilioUrl}/control`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof fault === 'string' ? fault : JSON.stringify(fault),
  });

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'mente-stand-ins-'));
  standIns = await start();
});

afterEach(async () => {
  await standIns.stop();
  rmSync(dataDir, { recursive: true });
});

describe("Twilio's stand-in, spoken to by Twilio's library", () => {
  it('accepts a message and shows it again', async () => {
    const message = await client().messages.create(sms);
    expect(message).toMatchObject({
      ...sms,
      status: 'queued',
      numSegments: '1',
      errorCode: null,
      direction: 'outbound-api',
    });
    expect(message.sid).toMatch(/^SM[0-9a-f]{32}$/);
    expect(Math.abs(Date.now() - message.dateCreated.getTime())).toBeLessThan(10_000);
    expect(await client().messages(message.sid).fetch()).toMatchObject(sms);
    expect(await sent()).toMatchObject([{ kind: 'sms', id: message.sid, ...sms }]);
  });

  it('counts the segments of Chinese and of Latin text', async () => {
    const lengths: [string, string][] = [
      ['字'.repeat(70), '1'],
      ['字'.repeat(71), '2'],
      ['x'.repeat(160), '1'],
      ['x'.repeat(307), '3'],
    ];
    for (const [body, numSegments] of lengths) {
      expect(await client().messages.create({ ...sms, body })).toMatchObject({ numSegments });
    }
  });

  it.each([
    ['no number', { ...sms, to: '' }, 21604],
    ['no text', { ...sms, body: '' }, 21602],
    ['no sender', { ...sms, from: '' }, 21603],
    ['a wrong number', { ...sms, to: '13800138000' }, 21211],
  ])('refuses %s', async (_, message, code) => {
    await expect(client().messages.create(message)).rejects.toMatchObject({ status: 400, code });
    expect(await sent()).toEqual([]);
  });

  it('refuses a wrong token, and knows no other messages', async () => {
    await expect(client('wrong').messages.create(sms)).rejects.toMatchObject({ status: 401, code: 20003 });
    await expect(client().messages('SM0').fetch()).rejects.toMatchObject({ status: 404, code: 20404 });
  });

  it('lists by number and day, page by page, newest first', async () => {
    const sids = [];
    for (let i = 0; i < 5; i++) sids.unshift((await client().messages.create(sms)).sid);
    await client().messages.create({ ...sms, to: '+8613800138001' });
    const tomorrow = new Date(Date.now() + 86_400_000);
    await until('all were sent', async () => {
      return (await client().messages.list({ dateSentBefore: tomorrow })).length === 6;
    });
    const listed = await client().messages.list({ to: sms.to, dateSent: new Date(), pageSize: 2 });
    expect(listed.map(({ sid }) => sid)).toEqual(sids);
    expect(await client().messages.list({ dateSentAfter: tomorrow })).toEqual([]);
  });
});

describe('faults', () => {
  it('answers 429 with Retry-After as often as told, then as usual', async () => {
    await control({ status: 429, retryAfter: 7, times: 2 });
    const http = new ToStandIn();
    const raw = twilio(account.accountSid, account.authToken, { httpClient: http });
    for (let i = 0; i < 2; i++) {
      await expect(raw.messages.create(sms)).rejects.toMatchObject({ status: 429, code: 20429 });
      expect(http.lastResponse?.headers).toMatchObject({ 'retry-after': '7' });
    }
    await raw.messages.create(sms);
    expect(await sent()).toHaveLength(1);
  });

  it('answers 500 without accepting, until cleared', async () => {
    await control({ status: 500, times: 99 });
    await expect(client().messages.create(sms)).rejects.toMatchObject({ status: 500 });
    await fetch(`${standIns.twilioUrl}/control`, { method: 'DELETE' });
    await client().messages.create(sms);
    expect(await sent()).toHaveLength(1);
  });

  it.each([
    ['before', 0],
    ['after', 1],
  ])('cuts the connection %s accepting', async (cut, accepted) => {
    await control({ cut });
    await expect(client().messages.create(sms)).rejects.toThrow();
    expect(await sent()).toHaveLength(accepted);
    await client().messages.create(sms);
    expect(await sent()).toHaveLength(accepted + 1);
  });

  it('accepts and answers nonsense, every second time', async () => {
    await control({ garbage: true, every: 2 });
    await client().messages.create(sms);
    await expect(client().messages.create(sms)).rejects.toThrow();
    await client().messages.create(sms);
    expect(await sent()).toHaveLength(3);
  });

  it.each(['delayMs', 'answerDelayMs'])('delays (%s)', async (delay) => {
    await control({ [delay]: 300 });
    const from = performance.now();
    await client().messages.create(sms);
    expect(performance.now() - from).toBeGreaterThanOrEqual(295);
  });

  it('says what is wrong with a plan', async () => {
    const response = await control({ status: 418 });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ message: expect.stringContaining('status') });
  });

  it('says that a plan is no JSON, and nothing of the machine', async () => {
    const response = await control('{"status": 429');
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      message: expect.stringMatching(/^The body can't be read as JSON: [^/]+$/),
    });
  });

  it('tells what is planned, with what is left of it', async () => {
    const planned = async () => (await fetch(`${standIns.twilioUrl}/control`)).json();
    expect(await planned()).toBeNull();
    await control({ status: 500, times: 2 });
    expect(await planned()).toEqual({ status: 500, times: 2, every: 1 });
    await expect(client().messages.create(sms)).rejects.toMatchObject({ status: 500 });
    expect(await planned()).toMatchObject({ times: 1 });
    await fetch(`${standIns.twilioUrl}/control`, { method: 'DELETE' });
    expect(await planned()).toBeNull();
  });
});

describe('mail and the page', () => {
  const mail = {
    from: 'mente@example.org',
    to: 'director@example.org',
    subject: '超时升级',
    text: '第 2 级：<b>请处理</b>',
  };

  async function sendMail(): Promise<void> {
    const transport = createTransport({ url: standIns.smtpUrl, pool: true });
    await transport.sendMail(mail);
    transport.close();
  }

  it('keeps what nodemailer sends', async () => {
    await sendMail();
    const { text, ...rest } = mail;
    expect(await sent()).toMatchObject([{ kind: 'email', ...rest, body: text }]);
  });

  it('shows both kinds, newest first, as text', async () => {
    await client().messages.create(sms);
    await sendMail();
    const page = await (await fetch(standIns.twilioUrl)).text();
    expect(page.indexOf('超时升级')).toBeGreaterThan(0);
    expect(page.indexOf('超时升级')).toBeLessThan(page.indexOf(sms.body));
    expect(page).toContain('第 2 级：&lt;b&gt;请处理&lt;/b&gt;');
  });

  it('still shows them after a restart, and after a line that a kill cut short', async () => {
    await client().messages.create(sms);
    await standIns.stop();
    await appendFile(join(dataDir, 'outbox.jsonl'), '\n{"kind":"sms","id":"SM');
    standIns = await start();
    expect(await sent()).toMatchObject([sms]);
    await client().messages.create(sms);
    await standIns.stop();
    standIns = await start();
    expect(await sent()).toHaveLength(2);
  });
});
