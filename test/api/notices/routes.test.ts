import { randomUUID } from 'node:crypto';
import { beforeEach, expect, it } from '@jest/globals';
import { insuredPeople } from '../../../dev/stand-ins/insured-people.ts';
import { shanghaiInstant } from '../../../domain/dates.ts';
import { chineseDate } from '../../../policy/texts.ts';
import type { Body, Caller } from '../../harness/http/caller.ts';
import { describeApi } from '../../harness/http/describe-api.ts';
import { dayFromNow } from '../../harness/http/documents.ts';
import { filedAt } from '../../harness/http/situations.ts';
import { liNa } from '../../harness/people.ts';
import { until } from '../../harness/until.ts';

interface Item {
  noticeId: string;
  kind: string;
  title: string;
  documentNumber: string;
  issuedOn: string;
}

/** Notices on paper, and the ways that remain, as people get them. */
await describeApi('notices', (http) => {
  let applicant: Caller;
  beforeEach(() => {
    applicant = http.newApplicant();
  });

  const path = (number: string) => `/v1/applications/${number}/notices`;
  const listed = async (caller: Caller, number: string) =>
    (await caller.get(path(number))).body.items as unknown as Item[];
  /** The newest notice of a case, with its page. */
  async function newest(caller: Caller, number: string) {
    const item = (await listed(caller, number)).at(-1) as Item;
    return { ...item, page: await caller.get(`${path(number)}/${item.noticeId}`) };
  }
  const waysOf = ({ remedies }: Body) => (remedies as { way: string }[]).map(({ way }) => way);
  const outside = ['feedback', 'hotline', 'reconsideration', 'litigation'];

  it('of an acceptance at the window: a page to print, with what was handed in', async () => {
    const api = await http.at(shanghaiInstant('2026-11-23', '10:00'));
    const clerk = api.as('clerk');
    const filing = await filedAt(clerk, '2026-11-23', '10:00');
    const number = (await clerk.post('/v1/applications', filing)).body.acceptanceNumber;
    await until('it is accepted', async () => (await listed(clerk, number)).length > 0);
    const { kind, title, documentNumber, page } = await newest(clerk, number);
    expect([kind, title]).toEqual(['acceptance', '门诊特殊疾病认定申请受理通知书']);
    expect(documentNumber).toMatch(/^攀医保门特受〔20\d\d〕[1-9]\d*号$/);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.headers.get('content-security-policy')).toBe("default-src 'none'; style-src 'unsafe-inline'; sandbox");
    expect(page.headers.get('cache-control')).toBe('private, no-store');
    const { idNumber } = filing.applicant;
    for (const words of [
      documentNumber,
      number,
      '即最迟于2026年12月14日办结',
      '疾病诊断证明书:文件 1 个,窗口已核原件',
      `${liNa.name}(身份证号 510402********${idNumber.slice(-4)})`,
      '@page { size: A4',
    ]) {
      expect(page.text).toContain(words);
    }
    expect(page.text).not.toContain(idNumber);
    await api.close();
  });

  it('of what is to be put right, and of a rejection with the ways that remain, whatever people wrote', async () => {
    const number = await http.openCase(applicant);
    const reviewer = http.as('reviewer');
    const items = [
      { kind: 'photo', problem: '不是近期的' },
      { kind: 'medicalRecord', problem: '<img src=x onerror=alert(1)>' },
    ];
    const reply = await reviewer.tell(number, 'request-materials', { items, note: '只给同事看' });
    expect(reply.body.remedies).toEqual([]);
    const supplement = await newest(applicant, number);
    const { until: last } = reply.body.awaiting as { until: string };
    for (const words of ['近期免冠照片:不是近期的', '&lt;img src=x', chineseDate(last), '办理期限停止计算']) {
      expect(supplement.page.text).toContain(words);
    }
    for (const hidden of ['<img', '只给同事看']) expect(supplement.page.text).not.toContain(hidden);

    const fileIds = [await applicant.uploaded()];
    const materials = [
      { kind: 'photo', fileIds },
      { kind: 'medicalRecord', fileIds, issuedOn: dayFromNow(-1) },
    ];
    expect((await applicant.tell(number, 'resubmit', { materials })).status).toBe(200);
    await reviewer.tell(number, 'reject', { reason: `</p><script>alert("1")</script> & '诊断' 不符` });
    const { page } = await newest(applicant, number);
    expect(page.text).toContain('&lt;script&gt;alert(&quot;1&quot;)');
    expect(page.text).not.toContain('<script');
    const { body } = await applicant.progress(number);
    expect(waysOf(body)).toEqual(['resubmit', 'appeal', ...outside]);
    for (const { name, detail } of body.remedies as { name: string; detail: string }[]) {
      expect(page.text).toContain(`<li>${name}:${detail}</li>`);
    }
    const kinds = (await listed(applicant, number)).map(({ kind }) => kind);
    expect(kinds).toEqual(['acceptance', 'supplement', 'rejection']);
  });

  it('of a refusal: why, what can be done about it, and the ways that remain', async () => {
    applicant = http.newApplicant({ person: insuredPeople.arrears });
    const number = await applicant.files();
    await until('it is refused', async () => (await applicant.progress(number)).body.status === 'refused');
    expect(waysOf((await applicant.progress(number)).body)).toEqual(['refile', ...outside]);
    const { kind, page } = await newest(applicant, number);
    expect(kind).toBe('refusal');
    expect(page.text).toContain('您有医保欠费,请先补缴');
    expect(page.text).toContain('提起行政诉讼');
    expect((await applicant.get('/v1/inbox')).text).toContain('自知道该决定之日起60日内');
  });

  it('is read by those who may see the case, and by nobody else', async () => {
    const [number, other] = [await http.openCase(applicant), await http.openCase(applicant)];
    const { noticeId, page } = await newest(http.as('reviewer'), number);
    expect(page.status).toBe(200);
    const stranger = http.newApplicant();
    for (const [caller, address] of [
      [stranger, path(number)],
      [stranger, `${path(number)}/${noticeId}`],
      [applicant, `${path(other)}/${noticeId}`],
      [applicant, `${path(number)}/${randomUUID()}`],
      [applicant, `${path(number)}/1`],
    ] as const) {
      const { status, body } = await caller.get(address);
      expect([address, status, body.code]).toEqual([address, 404, 'not-found']);
    }
  });
});
