import { beforeEach, describe, expect, it } from '@jest/globals';
import { shanghaiInstant } from '../../../domain/dates.ts';
import { findApplication } from '../../../store/cases/queries.ts';
import type { ApplicationRow } from '../../../store/cases/tables.ts';
import { type Caller, complaints } from '../../harness/http/caller.ts';
import { atWindowHours } from '../../harness/http/situations.ts';
import { useHttp } from '../../harness/http/use-http.ts';
import { liNa, newPhone } from '../../harness/people.ts';
import { until } from '../../harness/until.ts';

/** What a clerk does for who is at the window (窗口代办), with their document before them. */
const http = useHttp();
let applicant: Caller;
let clerk: Caller;
let reviewer: Caller;
beforeEach(() => {
  applicant = http.newApplicant();
  clerk = http.as('clerk');
  reviewer = http.as('reviewer');
});

const documentSeen = { document: 'residentIdCard', of: 'applicant' };
const request = { items: [{ kind: 'photo', problem: '看不清' }] };
const photo = async (uploader: Caller) => ({ materials: [{ kind: 'photo', fileIds: [await uploader.uploaded()] }] });
const smsTo = async (phone: string, number: string) =>
  (await http.sent())
    .filter(({ to, body }) => to === `+86${phone}` && body.includes(number.slice(-6)))
    .map(({ body }) => body);
const heard = (phone: string, number: string, words: string) =>
  until(`${phone} has heard ${words}`, async () => (await smsTo(phone, number)).join().includes(words));
const entryOf = async (caller: Caller, number: string, kind: string) =>
  (await caller.progress(number)).body.timeline.find((entry) => entry.kind === kind);
const refusal = ({ status, body }: { status: number; body: { code: string } }) => [status, body.code];

describe('for an online case a clerk', () => {
  it('withdraws: the record says by whose document, and every phone on record hears of it', async () => {
    const { person } = applicant;
    const formerly = newPhone();
    await http.openCase(applicant, { applicant: { ...person, phone: formerly }, diseaseCode: 'M03900' });
    const number = await http.openCase(applicant, { diseaseCode: 'M01600' });
    const refused = await clerk.tell(number, 'withdraw');
    expect(refusal(refused)).toEqual([403, 'applicants-own']);
    expect(refused.body.detail).toContain('documentSeen');

    const done = await clerk.tell(number, 'withdraw', { documentSeen, reason: '不办了' });
    expect([done.status, done.body.status]).toEqual([200, 'withdrawn']);
    expect(await entryOf(reviewer, number, 'withdrawn')).toMatchObject({ by: 'clerk-1', detail: { documentSeen } });
    const own = await entryOf(applicant, number, 'withdrawn');
    expect([own?.by, own?.detail]).toEqual([undefined, { documentSeen, reason: '不办了' }]);
    for (const phone of [person.phone, formerly]) await heard(phone, number, '窗口已核验到场人的证件');
    expect((await smsTo(formerly, number)).join()).not.toContain(person.name);

    const trail = (await applicant.get(`/v1/applications/${number}/audit`)).text;
    expect(trail).toContain('窗口人员办理:撤回申请(岗位职责,到场核验本人居民身份证)');
    const { items } = (await http.as('supervisor').get(`/v1/audit?case=${number.toLowerCase()}&by=clerk-1`)).body;
    expect(items).toContainEqual(expect.objectContaining({ part: 'withdraw', documentSeen }));
  });

  it('hands in, with the originals seen, and decides nothing on it from then on', async () => {
    const number = await http.openCase(applicant);
    await reviewer.tell(number, 'request-materials', request);
    const done = await clerk.tell(number, 'resubmit', { ...(await photo(clerk)), documentSeen });
    expect([done.status, done.body.status]).toEqual([200, 'underReview']);
    expect((await reviewer.progress(number)).body.materials).toContainEqual(
      expect.objectContaining({ kind: 'photo', originalSeen: true }),
    );
    expect((await entryOf(applicant, number, 'resubmitted'))?.detail).toMatchObject({ documentSeen });
    await heard(liNa.phone, number, '窗口已核验到场人的证件');
    const both = http.as('reviewer', 'clerk-1');
    expect(refusal(await both.tell(number, 'approve'))).toEqual([403, 'own-case']);
    expect(refusal(await reviewer.tell(number, 'assign', { to: 'clerk-1' }))).toEqual([409, 'own-case']);
    const noted = await clerk.post(`/v1/applications/${number}/notes`, { text: '原件当面核对过' });
    expect(noted.status).toBe(201);
  });

  it('changes the phone by a code that came back from it, of all that are the person’s, and decides nothing either', async () => {
    const formerly = newPhone();
    const past = await http.openCase(applicant, {
      applicant: { ...applicant.person, phone: formerly },
      diseaseCode: 'M00500',
    });
    await applicant.tell(past, 'withdraw');
    const [number, other] = [await http.openCase(applicant), await http.openCase(applicant)];
    const phone = newPhone();
    const path = `/v1/applications/${number}/phone`;
    expect(refusal(await clerk.post(path, { phone }))).toEqual([403, 'applicants-own']);
    expect((await clerk.post(path, { phone, documentSeen })).status).toBe(202);
    await heard(phone, number, '验证码');
    const code = /验证码(\d{6})/.exec((await smsTo(phone, number))[0] as string)?.[1];
    expect(refusal(await clerk.post(`${path}/confirm`, { code }))).toEqual([403, 'applicants-own']);
    const confirmed = await clerk.post(`${path}/confirm`, { code, documentSeen });
    expect([confirmed.status, confirmed.body.alsoChanged]).toEqual([200, [other]]);
    await heard(liNa.phone, number, '手机号已更换');
    await heard(formerly, number, '窗口已核验到场人的证件');
    expect((await smsTo(liNa.phone, number)).join()).not.toContain('窗口已核验');
    for (const each of [number, other]) {
      expect((await reviewer.progress(each)).body.attended).toEqual([
        { by: 'clerk-1', byName: '黄芳', at: expect.any(String), documentSeen },
      ]);
      expect(refusal(await http.as('reviewer', 'clerk-1').tell(each, 'approve'))).toEqual([403, 'own-case']);
      expect(refusal(await reviewer.tell(each, 'assign', { to: 'clerk-1' }))).toEqual([409, 'own-case']);
    }
    const trail = (await applicant.get(`/v1/applications/${number}/audit`)).text;
    expect(trail).toContain('更换手机号(岗位职责,到场核验本人居民身份证)');
  });

  it('acts for the agent who filed it, for no other, and never on a case of their own', async () => {
    const agent = http.newApplicant();
    const named = { agent: { ...agent.person, phone: newPhone(), relation: '子女' } };
    const byAgent = await http.openCase(agent, {
      ...named,
      applicant: http.newApplicant().person,
      diseaseCode: 'M01600',
    });
    const byApplicant = await http.openCase(applicant, named);
    const ofAgent = { documentSeen: { document: 'residentIdCard', of: 'agent' } };
    expect(complaints(await clerk.tell(byApplicant, 'withdraw', ofAgent))).toEqual(['documentSeen.of notTheAgent']);
    const themselves = http.as('clerk', 'clerk-1', { person: applicant.person });
    expect(refusal(await themselves.tell(byApplicant, 'withdraw', { documentSeen }))).toEqual([403, 'own-case']);
    expect((await clerk.tell(byAgent, 'withdraw', ofAgent)).body.status).toBe('withdrawn');
  });

  it('does nothing on a case that they are in charge of, which would have nobody then', async () => {
    const number = await http.openCase(applicant);
    const both = http.as('reviewer', 'clerk-1');
    expect((await both.tell(number, 'assign', { to: 'clerk-1' })).status).toBe(200);
    await both.tell(number, 'request-materials', request);
    const refused = await clerk.tell(number, 'resubmit', { ...(await photo(clerk)), documentSeen });
    expect(refusal(refused)).toEqual([403, 'own-case']);
    expect(refused.body.detail).toContain('由本人承办、审核或核验的申请');
    expect((await both.tell(number, 'assign', { to: 'reviewer-1' })).status).toBe(200);
  });

  it('changes no phone where that would reach a case that they are in charge of', async () => {
    const [number, other] = [await http.openCase(applicant), await http.openCase(applicant)];
    const path = `/v1/applications/${number}/phone`;
    expect((await http.as('reviewer', 'clerk-1').tell(other, 'assign', { to: 'clerk-1' })).status).toBe(200);
    expect(refusal(await clerk.post(path, { phone: newPhone(), documentSeen }))).toEqual([403, 'own-case']);
    expect((await http.as('clerk', 'clerk-2').post(path, { phone: newPhone(), documentSeen })).status).toBe(202);
  });

  it('cannot appeal; nobody else can say that they saw a document', async () => {
    const number = await http.openCase(applicant);
    expect(complaints(await applicant.tell(number, 'withdraw', { documentSeen }))).toEqual(['documentSeen windowOnly']);
    expect(complaints(await clerk.tell(number, 'withdraw', { documentSeen: { document: 'letter' } }))).toEqual([
      'documentSeen.document invalid',
      'documentSeen.of invalid',
    ]);
    await reviewer.tell(number, 'reject', { reason: '病历不完整' });
    expect(refusal(await clerk.tell(number, 'appeal', { reason: '不服' }))).toEqual([403, 'applicants-own']);
  });
});

it('what is handed in at the window on the last day comes from who took a ticket before it closed', async () => {
  const window = await atWindowHours(http);
  const number = await http.openCase(window.as('clerk'), { channel: 'window' });
  await window.close();
  await reviewer.tell(number, 'request-materials', request);
  const { windowEndsOn } = (await findApplication(http.store, number)) as ApplicationRow;
  const lastDay = windowEndsOn as string;
  const api = await http.at(shanghaiInstant(lastDay, '17:10'));
  try {
    const late = api.as('clerk');
    const materials = await photo(late);
    const without = await late.tell(number, 'resubmit', materials);
    expect(refusal(without)).toEqual([409, 'window-closed']);
    expect(without.body.detail).toContain('下班前已取号的,请填写取号时间(ticketTakenAt),可办理到下班后 30 分钟');
    const after = { ...materials, ticketTakenAt: shanghaiInstant(lastDay, '17:01') };
    expect(refusal(await late.tell(number, 'resubmit', after))).toEqual([409, 'window-closed']);
    const ticketTakenAt = `${lastDay}T16:59:00+08:00`;
    const done = await late.tell(number, 'resubmit', { ...materials, ticketTakenAt });
    expect([done.status, done.body.status]).toEqual([200, 'underReview']);
    const kept = shanghaiInstant(lastDay, '16:59');
    expect((await entryOf(reviewer, number, 'resubmitted'))?.detail.ticketTakenAt).toBe(kept);
  } finally {
    await api.close();
  }
});

it('originals of an online case are seen on the last day of who took a ticket before the window closed', async () => {
  const number = await http.openCase(applicant);
  await reviewer.tell(number, 'request-verification');
  const { windowEndsOn } = (await findApplication(http.store, number)) as ApplicationRow;
  const lastDay = windowEndsOn as string;
  const early = { passed: true, ticketTakenAt: shanghaiInstant(lastDay, '16:59') };
  expect(complaints(await clerk.tell(number, 'record-verification', early))).toEqual(['ticketTakenAt inFuture']);
  const api = await http.at(shanghaiInstant(lastDay, '17:10'));
  try {
    const late = api.as('clerk');
    expect(refusal(await late.tell(number, 'record-verification', { passed: true }))).toEqual([409, 'window-closed']);
    const done = await late.tell(number, 'record-verification', early);
    expect([done.status, done.body.status]).toEqual([200, 'underReview']);
    const entry = await entryOf(reviewer, number, 'verificationRecorded');
    expect(entry?.detail).toMatchObject({ passed: true, ticketTakenAt: early.ticketTakenAt });
  } finally {
    await api.close();
  }
});
