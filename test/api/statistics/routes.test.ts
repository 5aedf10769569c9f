import { beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { type Caller, complaints, type Reply } from '../../harness/http/caller.ts';
import { describeApi } from '../../harness/http/describe-api.ts';
import { dayFromNow } from '../../harness/http/documents.ts';

/** What supervisors read of the office's work. */
await describeApi('statistics', (http) => {
  let supervisor: Caller;
  /** The cases of a reviewer whom no other test knows: one approved, one waiting for materials. */
  const mine = 'counted-1';
  beforeAll(async () => {
    supervisor = http.as('supervisor');
    const [applicant, reviewer] = [http.newApplicant(), http.as('reviewer', mine)];
    const [first, second] = [
      await http.openCase(applicant),
      await http.openCase(http.newApplicant({ channel: 'nationalApp' })),
    ];
    await reviewer.tell(first, 'approve');
    await reviewer.tell(second, 'request-materials', { items: [{ kind: 'photo', problem: '看不清' }] });
  });

  /** Midnight may pass while these tests run. */
  const recent = `from=${dayFromNow(-1)}`;
  interface Row {
    by: string;
    code: string | null;
    name: string;
  }
  const groups = ({ body }: Reply) => body.groups as Row[];
  const figures = {
    filed: 2,
    open: { total: 1, overdue: 0, byStatus: { underReview: 0, awaitingMaterials: 1 }, byAge: { '0-5': 1 } },
    decided: { total: 1, approved: 1, rejected: 0, onTime: 1, onTimeRate: 1 },
    escalations: { total: 0, byLevel: { 1: 0, 2: 0, 3: 0 } },
    supplements: { requests: 1, decidedAfter: { 0: 1 } },
    breaches: { late: 0, belated: 0 },
  };

  it('are told in all and by every grouping, with names', async () => {
    const reply = await supervisor.get(`/v1/statistics?${recent}`);
    expect(reply.status).toBe(200);
    const all = groups(reply);
    expect(new Set(all.map(({ by }) => by))).toEqual(new Set(['disease', 'channel', 'type', 'reviewer']));
    expect(all.find(({ code }) => code === mine)).toMatchObject({ by: 'reviewer', name: mine, ...figures });
    expect(all).toContainEqual(expect.objectContaining({ by: 'disease', code: 'M01600', name: '糖尿病' }));
    expect(all).toContainEqual(
      expect.objectContaining({ by: 'channel', code: 'nationalApp', name: '国家医保服务平台APP' }),
    );
    expect(all).toContainEqual(expect.objectContaining({ by: 'type', code: 'new', name: '新申请' }));
    const total = reply.body.total as { filed: number };
    expect(total.filed).toBeGreaterThanOrEqual(2);
  });

  it('are told by one grouping, to directors too', async () => {
    const reply = await http.as('director').get(`/v1/statistics?${recent}&by=reviewer`);
    expect(new Set(groups(reply).map(({ by }) => by))).toEqual(new Set(['reviewer']));
    expect(groups(reply)).toContainEqual(expect.objectContaining({ code: mine }));
  });

  it.each([
    ['by=reviewer&format=csv', {}],
    ['by=reviewer', { accept: 'text/csv' }],
  ])('are a table on request: %s %j', async (query, headers) => {
    const {
      status,
      headers: sent,
      text,
      body,
    } = await supervisor.send(`/v1/statistics?${recent}&${query}`, { headers });
    expect([status, sent.get('content-type'), body]).toEqual([200, 'text/csv; charset=utf-8', {}]);
    expect(decodeURIComponent(sent.get('content-disposition') ?? '')).toMatch(
      /^attachment; .*门特认定统计_\d{4}-\d\d-\d\d_\d{4}-\d\d-\d\d\.csv/,
    );
    const rows = parse<Record<string, string>>(text, { columns: true });
    expect(rows[0]).toMatchObject({ 分组: '合计' });
    expect(rows.find(({ 代码 }) => 代码 === mine)).toMatchObject({
      分组: '审核人',
      期间申请: '2',
      现在办: '1',
      '现在办:待补材料': '1',
      期间办结: '1',
      按时办结率: '100.00%',
      要求补正: '1',
    });
  });

  it('stay JSON for whoever asks for it, and hold nothing that tells of people', async () => {
    const { headers, text } = await supervisor.send('/v1/statistics?format=json', { headers: { accept: 'text/csv' } });
    expect(headers.get('content-type')).toMatch(/json/);
    for (const secret of ['李娜', '13800138001']) expect(text).not.toContain(secret);
  });

  describe('take their period', () => {
    const periodOn = async (now: string, query: string) => {
      const api = await http.at(now);
      const { status, body } = await api.as('supervisor').get(`/v1/statistics?${query}`);
      await api.close();
      return [status, body.from, body.until];
    };

    it.each([
      ['2025-03-31T15:59:59.000Z', '', '2025-03-01', '2025-03-31'],
      ['2025-03-31T16:00:00.000Z', '', '2025-04-01', '2025-04-01'],
      ['2025-03-31T16:00:00.000Z', 'from=2025-02-10', '2025-02-10', '2025-04-01'],
      ['2025-03-31T16:00:00.000Z', 'until=2024-02-29', '2024-02-01', '2024-02-29'],
      ['2025-03-31T16:00:00.000Z', 'from=2024-01-01&until=2024-12-31', '2024-01-01', '2024-12-31'],
    ])('at %s, asked for «%s», from %s until %s', async (now, query, from, until) => {
      expect(await periodOn(now, query)).toEqual([200, from, until]);
    });

    it('from dates only that come one after the other', async () => {
      expect(await periodOn('2025-03-31T16:00:00.000Z', 'from=2025-04-02')).toEqual([422, undefined, undefined]);
    });
  });

  it.each([
    [
      'from=2026-02-30&by=city&format=xml&page=1',
      ['by invalid', 'format invalid', 'from invalid', 'page unknownField'],
    ],
    ['from=2026-03-02&until=2026-03-01&by=city', ['by invalid', 'from invalid']],
    ['from=2024-01-01&until=2025-01-01', ['from invalid']],
    ['from=2026-01-01&from=2026-01-02', ['from invalid']],
  ])('refuse what makes no sense, all at once: %s', async (query, wrong) => {
    const reply = await supervisor.get(`/v1/statistics?${query}`);
    expect([reply.status, complaints(reply)]).toEqual([422, wrong]);
  });
});
