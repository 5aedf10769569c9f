import { userInfo } from 'node:os';
import { describe, expect, it } from '@jest/globals';
import type { Client } from '@temporalio/client';
import { publishCircular } from '../../admin/circular.ts';
import { arrangementHistory, readCalendar } from '../../store/calendar/queries.ts';
import { policies } from '../harness/policy.ts';
import { useAdmin } from '../harness/programs/admin.ts';
import { circularText } from '../harness/rules/circular-texts.ts';

/** An invented circular for a year that has none. */
const invented = [
  '国务院办公厅关于2027年部分节假日安排的通知',
  '国办发明电〔2026〕99号',
  '一、元旦：1月1日（周五）至3日（周日）放假，共3天。',
  '二、春节：2月5日（农历除夕、周五）至12日（周五）放假调休，共8天。1月31日（周日）、2月20日（周六）上班。',
  '三、清明节：4月3日（周六）至5日（周一）放假，共3天。',
  '四、劳动节：5月1日（周六）至5日（周三）放假调休，共5天。5月8日（周六）上班。',
  '五、端午节：6月9日（周三）放假1天，不调休。',
  '六、中秋节：9月15日（周三）放假1天，不调休。',
  '七、国庆节：10月1日（周五）至7日（周四）放假调休，共7天。9月26日（周日）、10月9日（周六）上班。',
  '国务院办公厅',
  '2026年11月5日',
].join('\n');

const { store, importing: importingFile } = useAdmin('import-circular');
const importing = (text: string, ...flags: string[]) => importingFile('import-circular', text, ...flags);

describe('npm run admin -- import-circular', () => {
  it('shows what it understood, and publishes nothing', async () => {
    const { version } = await readCalendar(store);
    const { code, output } = await importing(circularText(2026));
    expect([code, output]).toEqual([0, expect.stringContaining('没有公布;核对无误后加 --publish 公布。')]);
    for (const line of [
      '年份:2026',
      '文号:国办发明电〔2025〕7号',
      '公布日期:2025-11-04',
      '放假:元旦 2026-01-01(周四)至 2026-01-03(周六),3 天',
      '放假:春节 2026-02-15(周日)至 2026-02-23(周一),9 天',
      '调休上班:元旦 2026-01-04(周日)',
      '调休上班:国庆节 2026-10-10(周六)',
      '在办申请:期限提前 0 件,推后 0 件',
    ]) {
      expect(output).toContain(line);
    }
    expect(output).not.toContain('请核对');
    expect((await readCalendar(store)).version).toBe(version);
  });

  it('names what can’t be right, and ends with an error', async () => {
    const { code, output } = await importing(circularText(2026).replace('1月4日（周日）', '1月4日（周一）'));
    expect(code).toBe(1);
    expect(output).toContain('问题:星期与日期不符:2026-01-04 周一,应为 周日');
  });

  it('knows no other flags', async () => {
    expect(await importing(invented, '--acknowledged')).toMatchObject({
      code: 2,
      output: expect.stringContaining('import-circular <file.txt> [--publish [--acknowledged]]'),
    });
  });
});

describe('publishing it', () => {
  /** While Temporal can't be reached; housekeeping tells the cases later. */
  const client = { workflow: { start: () => Promise.reject(new Error('unreachable')) } } as unknown as Client;
  const now = () => '2026-11-27T02:00:00.000Z';
  async function publishing(text: string, acknowledged = false) {
    const said: string[] = [];
    const published = await publishCircular({ client, store, policies, now }, text, acknowledged, (line) =>
      said.push(line),
    );
    return { published, said: said.join('\n') };
  }

  it('brings it in force, with who did it', async () => {
    const { version } = await readCalendar(store);
    const { published, said } = await publishing(invented);
    expect([published, said]).toEqual([true, expect.stringContaining(`已公布,日历版本 ${version + 1}。`)]);
    expect((await readCalendar(store)).arrangement(2027)).toMatchObject({
      basis: 'published',
      circular: '国办发明电〔2026〕99号',
      publishedOn: '2026-11-05',
      daysOff: { '2027-02-12': '春节', '2027-10-07': '国庆节' },
      makeUpDays: {
        '2027-01-31': '春节',
        '2027-02-20': '春节',
        '2027-05-08': '劳动节',
        '2027-09-26': '国庆节',
        '2027-10-09': '国庆节',
      },
    });
    const [newest] = await arrangementHistory(store, 2027);
    expect(newest?.enteredBy).toBe(userInfo().username);
  });

  it('wants what looks wrong to be acknowledged', async () => {
    const doubtful = invented.replace('5月8日（周六）上班。', '');
    const { version } = await readCalendar(store);
    const refused = await publishing(doubtful);
    expect([refused.published, refused.said]).toEqual([false, expect.stringContaining('漏了 1 个调休上班日')]);
    expect((await readCalendar(store)).version).toBe(version);
    expect((await publishing(doubtful, true)).published).toBe(true);
    expect((await readCalendar(store)).version).toBe(version + 1);
  });

  it('publishes nothing of a text with problems, acknowledged or not', async () => {
    const { version } = await readCalendar(store);
    expect((await publishing(invented.replace('共8天', '共9天'), true)).published).toBe(false);
    expect((await publishing(invented.replace('2026年11月5日', '2026年12月5日'), true)).published).toBe(false);
    expect((await readCalendar(store)).version).toBe(version);
  });
});
