import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { shanghaiInstant } from '../../../domain/dates.ts';
import { openPerson } from '../../../store/accreditations/personal.ts';
import { accreditationsOf } from '../../../store/accreditations/queries.ts';
import { findApplication } from '../../../store/cases/queries.ts';
import { type Caller, complaints, tellsToRetry } from '../../harness/http/caller.ts';
import { describeApi } from '../../harness/http/describe-api.ts';
import { dayFromNow } from '../../harness/http/documents.ts';
import { atWindowHours } from '../../harness/http/situations.ts';
import { textOf } from '../../harness/http/text-of.ts';
import { signedBy } from '../../harness/http/unique-person.ts';
import { keepHouse } from '../../harness/office/housekeeping.ts';
import { liNa, newPhone } from '../../harness/people.ts';
import { until } from '../../harness/until.ts';

const masked = (phone: string) => phone.replace(/^(...).{4}/, '$1****');
/** The answer to a confirmation. */
const confirmed = (phone: string, ...alsoChanged: string[]) => ({ phone: masked(phone), alsoChanged });
const another = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

/** A new phone (更换手机号) and the code that confirms it. */
await describeApi('a new phone', (http) => {
  let applicant: Caller;
  let reviewer: Caller;
  /** Sees phones in full. */
  let clerk: Caller;
  beforeAll(() => {
    reviewer = http.as('reviewer');
    clerk = http.as('clerk');
  });

  // An account may have so many codes a day.
  beforeEach(() => {
    applicant = http.newApplicant();
  });

  const ask = (number: string, phone: string, caller = applicant) =>
    caller.post(`/v1/applications/${number}/phone`, { phone });
  const confirm = (number: string, code: string, caller = applicant) =>
    caller.post(`/v1/applications/${number}/phone/confirm`, { code });
  /** What a phone was told of a case, newest first. */
  const smsTo = async (phone: string, number: string) =>
    (await http.sent())
      .filter(({ to, body }) => to === `+86${phone}` && body.includes(number.slice(-6)))
      .map(({ body }) => body);

  /** Asks for a code, and reads it on the new phone. */
  async function codeFor(number: string, phone: string, caller = applicant): Promise<string> {
    const before = (await smsTo(phone, number)).length;
    const reply = await ask(number, phone, caller);
    expect([reply.status, reply.body]).toEqual([202, { phone: masked(phone), expiresAt: expect.any(String) }]);
    await until('the code is there', async () => (await smsTo(phone, number)).length > before);
    return /验证码(\d{6}),10分钟内有效/.exec((await smsTo(phone, number))[0] as string)?.[1] as string;
  }

  /** Calls the api as it is at an instant. */
  async function at<Result>(instant: string, calls: (caller: Caller) => Promise<Result>): Promise<Result> {
    const server = await http.at(instant);
    try {
      return await calls(server.as('applicant', applicant.subject, applicant.applying));
    } finally {
      await server.close();
    }
  }
  const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();

  const refusal = ({ status, body }: { status: number; body: { code: string } }) => [status, body.code];

  describe('a confirmed phone', () => {
    it('takes the place of the old one, which is told; the next 短信 goes to it', async () => {
      const number = await http.openCase(applicant);
      const phone = newPhone();
      const code = await codeFor(number, phone);
      expect((await reviewer.progress(number)).text).not.toContain(phone);

      const replies = await Promise.all([1, 2].map(() => confirm(number, code)));
      expect(replies.map(({ status, body }) => [status, body])).toEqual(Array(2).fill([200, confirmed(phone)]));
      expect((await confirm(number, code)).body).toEqual(confirmed(phone));

      const seen = (await clerk.progress(number)).body;
      expect(seen).toMatchObject({ applicant: { name: liNa.name, phone } });
      const { items } = (await clerk.get(`/v1/worklist?search=${phone.slice(-4)}`)).body;
      expect(items.map(({ acceptanceNumber }) => acceptanceNumber)).toContain(number);
      expect(seen.formVersions).toMatchObject([
        { sequence: 0, confirmedAt: null, applicant: { phone: liNa.phone } },
        { confirmedAt: expect.any(String), applicant: { phone }, form: { insuredType: 'employee' } },
      ]);

      await reviewer.tell(number, 'reject', { reason: '病情不符' });
      await until('the new phone has heard', async () => (await smsTo(phone, number)).length > 1);
      await until('the old phone has heard', async () => replacements(await smsTo(liNa.phone, number)).length > 0);
      const [replaced, ...more] = replacements(await smsTo(liNa.phone, number));
      expect(replaced).toMatch(/^【攀枝花医保】门特申请.*的手机号已更换/);
      expect(replaced).not.toContain(phone);
      expect(more).toEqual([]);
      expect((await smsTo(liNa.phone, number)).join()).not.toContain('未通过');
    });

    it('shows, masked, in what its applicant sees of the case', async () => {
      const number = await http.openCase(applicant);
      expect((await applicant.progress(number)).body.phone).toBe(masked(liNa.phone));
      const phone = newPhone();
      await confirm(number, await codeFor(number, phone));
      const seen = await applicant.progress(number);
      expect(seen.body.phone).toBe(masked(phone));
      expect(seen.text).not.toContain(phone);
      expect((await reviewer.progress(number)).body).not.toHaveProperty('phone');
    });

    it("is that of the person's other open cases and accreditations, from whichever app and whoever filed them", async () => {
      const { person } = applicant;
      const granted = await http.openCase(applicant, { diseaseCode: 'M00500' });
      await reviewer.tell(granted, 'approve');
      await until('it is granted', async () => (await accreditationsOf(http.store, person.idNumber)).length > 0);
      const closed = await http.openCase(applicant, { diseaseCode: 'M03900' });
      await applicant.tell(closed, 'withdraw');
      const first = await http.openCase(applicant);
      const formerly = newPhone();
      const otherwise = { ...person, phone: formerly };
      const other = await http.openCase(applicant, { applicant: otherwise, diseaseCode: 'M03900' });
      const relative = http.newApplicant();
      const agent = { ...relative.person, phone: newPhone(), relation: '子女' };
      const byAgent = await http.openCase(relative, { applicant: person, agent, diseaseCode: 'M07800' });
      const foreign = await http.openCase(http.newApplicant());

      const phone = newPhone();
      const code = await codeFor(first, phone);
      for (const _ of ['once', 'again'])
        expect((await confirm(first, code)).body).toEqual(confirmed(phone, ...[other, byAgent].toSorted()));
      const phoneOf = async (number: string) =>
        ((await clerk.progress(number)).body.applicant as { phone: string }).phone;
      const phones = await Promise.all([first, other, byAgent, foreign, closed].map(phoneOf));
      expect(phones).toEqual([phone, phone, phone, liNa.phone, liNa.phone]);
      const [accreditation] = await accreditationsOf(http.store, person.idNumber);
      expect(openPerson(http.store, accreditation as never)).toEqual({ ...person, phone });
      for (const [former, of] of [
        [liNa.phone, first],
        [formerly, other],
      ] as const) {
        await until('each former phone has heard', async () => replacements(await smsTo(former, of)).length > 0);
        expect(replacements(await smsTo(former, of))).toHaveLength(1);
      }

      const inApp = (await applicant.get('/v1/inbox')).body.items.filter(({ purpose }) => purpose === 'phoneReplaced');
      const abouts = inApp.map((notification) => notification.acceptanceNumber ?? notification.accreditationId);
      expect(abouts.toSorted()).toEqual([first, other, byAgent, accreditation?.id].toSorted());
      for (const [index, { body }] of inApp.entries()) {
        const tail = String(abouts[index]).slice(-6);
        expect(body).toBe(
          `您的门特申请或认定(尾号${tail})的手机号已更换为${masked(phone)},今后的短信发到这个号码。不是本人操作的请致电0812-3323000。`,
        );
      }
      expect((await http.newApplicant().get('/v1/inbox')).text).not.toContain('phoneReplaced');
    });

    it('stays, when a resubmission corrects something else; every form is kept, in order', async () => {
      const number = await http.openCase(applicant);
      await reviewer.tell(number, 'reject', { reason: '医院填写有误' });
      const [first, second] = [newPhone(), newPhone()];
      await confirm(number, await codeFor(number, first));
      await confirm(number, await codeFor(number, second));
      const signature = signedBy(liNa);
      await applicant.tell(number, 'resubmit', { form: { insuredType: 'resident', signature } });
      const { body } = await reviewer.progress(number);
      expect(body.applicant).toMatchObject({ phone: second });
      const phones = [liNa.phone, first, second, second];
      expect(body.formVersions).toMatchObject(phones.map((phone) => ({ applicant: { phone } })));
    });

    it('reaches a correction that waits for the worker, too', async () => {
      const number = await http.openCase(applicant);
      await reviewer.tell(number, 'reject', { reason: '医院填写有误' });
      const phone = newPhone();
      const code = await codeFor(number, phone);
      await http.stopWorker();
      const signature = signedBy(liNa);
      const correction = { form: { insuredType: 'resident', signature } };
      tellsToRetry(await applicant.tell(number, 'resubmit', correction, number));
      expect((await confirm(number, code)).status).toBe(200);
      await http.startWorker();
      expect((await applicant.tell(number, 'resubmit', correction, number)).body.round).toBe(2);
      const { body } = await reviewer.progress(number);
      expect(body).toMatchObject({ applicant: { phone }, form: { insuredType: 'resident' } });
    });

    it('leaves its number and its code in no table, log, history or view', async () => {
      const number = await http.openCase(applicant);
      const phone = newPhone();
      const code = await codeFor(number, phone);
      const staffSees = (await reviewer.progress(number)).text;
      await confirm(number, code);
      const tables = ['application', 'form_version', 'phone_code', 'timeline', 'notification'];
      const rowsOf = async (table: string) =>
        (await http.store.db.execute(`select * from ${table} where acceptance_number = '${number}'`)).rows;
      const rows = await Promise.all(tables.map(rowsOf));
      const ids = [`${number}-phoneCode-1`, `${number}-phoneReplaced-1`];
      expect(rows.at(-1)?.map(({ id }) => id)).toEqual(expect.arrayContaining(ids));
      const workflows = [number, ...ids].map((id) => http.env.client.workflow.getHandle(id));
      const histories = await Promise.all(workflows.map((handle) => handle.fetchHistory()));
      const kept = [staffSees, JSON.stringify(rows), ...histories.map(textOf), ...http.logLines];
      expect(kept.filter((text) => text.includes(phone) || new RegExp(`\\b${code}\\b`).test(text))).toEqual([]);
    });
  });

  describe('a code', () => {
    it('bears five wrong tries, and says how many are left', async () => {
      const number = await http.openCase(applicant);
      const code = await codeFor(number, newPhone());
      for (const triesLeft of [4, 3, 2, 1, 0]) {
        const wrong = await confirm(number, another(code));
        expect([...refusal(wrong), wrong.body.triesLeft]).toEqual([422, 'wrong-code', triesLeft]);
        expect(wrong.body.detail).toContain(triesLeft > 0 ? `还可再试 ${triesLeft} 次` : '重新获取');
      }
      expect(refusal(await confirm(number, code))).toEqual([409, 'code-used-up']);
    });

    it('counts for ten minutes', async () => {
      const number = await http.openCase(applicant);
      const code = await codeFor(number, newPhone());
      expect(refusal(await at(inMinutes(10), (caller) => confirm(number, code, caller)))).toEqual([
        409,
        'code-expired',
      ]);
      expect((await at(inMinutes(9), (caller) => confirm(number, code, caller))).status).toBe(200);
    });

    it('is not sent any more when it is over', async () => {
      const number = await http.openCase(applicant);
      const phone = newPhone();
      expect((await at(inMinutes(-10), (caller) => ask(number, phone, caller))).status).toBe(202);
      const failure = async () =>
        ((await reviewer.progress(number)).body.notifications as { purpose: string; failure: string | null }[]).find(
          ({ purpose }) => purpose === 'phoneCode',
        )?.failure;
      await until('it is given up', async () => (await failure()) === 'given up');
      expect(await smsTo(phone, number)).toEqual([]);
    });

    it('gives way to the next one; one that was confirmed confirms nothing else', async () => {
      const number = await http.openCase(applicant);
      expect(refusal(await confirm(number, '123456'))).toEqual([409, 'no-code']);
      const [first, second] = [await codeFor(number, newPhone()), await codeFor(number, newPhone())];
      if (first !== second) {
        const older = await confirm(number, first);
        expect(refusal(older)).toEqual([422, 'wrong-code']);
        expect(older.body.detail).toContain('请用最近一次收到的验证码,还可再试');
      }
      expect((await confirm(number, second)).status).toBe(200);
      expect(refusal(await confirm(number, another(second)))).toEqual([409, 'no-code']);
    });

    it('is sent three times an hour for a case', async () => {
      const number = await http.openCase(applicant);
      for (let times = 0; times < 3; times += 1) expect((await ask(number, newPhone())).status).toBe(202);
      const refused = await ask(number, newPhone());
      expect(refusal(refused)).toEqual([429, 'too-many-codes']);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(3_000);
      expect(refused.body.detail).toContain('分钟后再试');
      expect((await at(inMinutes(61), (caller) => ask(number, newPhone(), caller))).status).toBe(202);
    });

    it('is sent five times a day to a phone, for whatever case, also when all ask at once', async () => {
      const numbers = await Promise.all([1, 2, 3].map(() => http.openCase(applicant)));
      const phone = newPhone();
      const morning = shanghaiInstant(dayFromNow(1), '09:00');
      const replies = await at(morning, (caller) =>
        Promise.all([...numbers, ...numbers].map((number) => ask(number, phone, caller))),
      );
      expect(replies.map(({ status }) => status).sort()).toEqual([202, 202, 202, 202, 202, 429]);
      const refused = await at(morning, (caller) => ask(numbers[0] as string, phone, caller));
      expect([...refusal(refused), refused.headers.get('retry-after')]).toEqual([429, 'too-many-codes', '54000']);
      const tomorrow = shanghaiInstant(dayFromNow(2), '00:00');
      expect((await at(tomorrow, (caller) => ask(numbers[0] as string, phone, caller))).status).toBe(202);
    });

    it('is sent ten times a day for all cases of an account, also when all ask at once', async () => {
      const numbers = await Promise.all([1, 2, 3, 4].map(() => http.openCase(applicant)));
      const replies = await at(shanghaiInstant(dayFromNow(1), '09:00'), (caller) =>
        Promise.all([...numbers, ...numbers, ...numbers].map((number) => ask(number, newPhone(), caller))),
      );
      const refused = replies.filter(({ status }) => status !== 202);
      expect(refused.map(refusal)).toEqual(Array(2).fill([429, 'too-many-codes']));
      expect(refused[0]?.body.detail).toContain('每个账号一天内最多获取 10 次');
    });

    it("is sent more often for a clerk's cases at the window, which are many people's", async () => {
      const window = await atWindowHours(http);
      const atWindow = window.as('clerk');
      const numbers = await Promise.all([1, 2, 3, 4].map(() => http.openCase(atWindow, { channel: 'window' })));
      const replies = await Promise.all(
        [...numbers, ...numbers, ...numbers].map((number) => ask(number, newPhone(), atWindow)),
      );
      expect(replies.map(({ status }) => status)).toEqual(Array(12).fill(202));
      await window.close();
    });

    it('is not sent for a case that is over, unless it brought an accreditation, and that is not', async () => {
      const { person } = applicant;
      const withdrawn = await http.openCase(applicant);
      const approved = await http.openCase(applicant);
      await applicant.tell(withdrawn, 'withdraw');
      await reviewer.tell(approved, 'approve');
      const isOver = async () => (await findApplication(http.store, approved))?.closed === true;
      await until('the approved case is over', isOver);
      expect(refusal(await ask(withdrawn, newPhone()))).toEqual([409, 'case-over']);
      expect((await ask(approved, newPhone())).status).toBe(202);

      const [granted] = await accreditationsOf(http.store, person.idNumber);
      const revocation = { reason: '经查不符合认定条件' };
      expect((await http.as('supervisor').post(`/v1/accreditations/${granted?.id}/revoke`, revocation)).status).toBe(
        200,
      );
      const revoked = async () => (await accreditationsOf(http.store, person.idNumber)).length === 0;
      await until('the accreditation is over', revoked);
      expect(refusal(await ask(approved, newPhone()))).toEqual([409, 'case-over']);
    });

    it('that can not be sent now is asked for again, as is the confirmation', async () => {
      const [number, other] = [await http.openCase(applicant), await http.openCase(applicant)];
      const phone = newPhone();
      const code = await codeFor(number, phone);
      const offline = await http.withoutTemporal();
      const stranded = offline.as('applicant', applicant.subject);
      const replies = await Promise.all([ask(other, newPhone(), stranded), confirm(number, code, stranded)]);
      for (const reply of replies) tellsToRetry(reply);
      await codeFor(other, newPhone());
      expect((await confirm(number, code)).body).toEqual(confirmed(phone, other));
      await until('the old phone has heard', async () => replacements(await smsTo(liNa.phone, number)).length > 0);
      await offline.close();
    });
  });

  it('hears of its code from housekeeping, where the dispatch could not be started', async () => {
    const number = await http.openCase(applicant);
    const phone = newPhone();
    const offline = await http.withoutTemporal(inMinutes(-1));
    tellsToRetry(await ask(number, phone, offline.as('applicant', applicant.subject)));
    await offline.close();
    await keepHouse(http.env.client);
    await until('the code is there', async () => (await smsTo(phone, number)).length > 0);
    const code = /\d{6}/.exec((await smsTo(phone, number))[0] as string)?.[0] as string;
    expect((await confirm(number, code)).body).toEqual(confirmed(phone));
  });

  describe('a new phone', () => {
    it('is refused with everything that is wrong', async () => {
      const number = await http.openCase(applicant);
      const path = `/v1/applications/${number}/phone`;
      expect(complaints(await applicant.post(path, { phone: '123', idNumber: liNa.idNumber }))).toEqual([
        'idNumber unknownField',
        'phone invalid',
      ]);
      expect(complaints(await applicant.post(path, { phone: `+86 ${liNa.phone}` }))).toEqual(['phone unchanged']);
      expect(complaints(await applicant.post(`${path}/confirm`, { code: '12345', phone: '1' }))).toEqual([
        'code invalid',
        'phone unknownField',
      ]);
    });

    it('is asked for where it is missing, as is the code; digits have to be text', async () => {
      const number = await http.openCase(applicant);
      const path = `/v1/applications/${number}/phone`;
      const detailOf = async (address: string, body: object) =>
        (await applicant.post(address, body)).body.errors.map(({ detail }) => detail);
      expect(await detailOf(path, {})).toEqual(['请填写手机号']);
      expect(await detailOf(path, { phone: null })).toEqual(['请填写手机号']);
      expect(await detailOf(path, { phone: 13900139009 })).toEqual(['手机号应为文本(JSON 字符串)']);
      expect(await detailOf(`${path}/confirm`, {})).toEqual(['请填写验证码']);
      expect(await detailOf(`${path}/confirm`, { code: 123456 })).toEqual(['验证码应为 6 位数字的文本(JSON 字符串)']);
    });

    it("is nobody else's to give", async () => {
      const number = await http.openCase(applicant);
      const code = await codeFor(number, newPhone());
      for (const [caller, refused] of [
        [http.newApplicant(), [404, 'not-found']],
        [clerk, [403, 'applicants-own']],
      ] as const) {
        expect(refusal(await ask(number, newPhone(), caller))).toEqual(refused);
        expect(refusal(await confirm(number, code, caller))).toEqual(refused);
      }
      expect((await confirm(number, code)).status).toBe(200);
    });

    it('is entered by the clerk for a case at the window', async () => {
      const window = await atWindowHours(http);
      const atWindow = window.as('clerk');
      const number = await http.openCase(atWindow, { channel: 'window' });
      const phone = newPhone();
      expect((await confirm(number, await codeFor(number, phone, atWindow), atWindow)).body).toEqual(confirmed(phone));
      await window.close();
    });
  });
});

const replacements = (texts: string[]) => texts.filter((text) => text.includes('已更换'));
