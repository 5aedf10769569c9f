import { describe, expect, it } from '@jest/globals';
import { isAcceptanceNumber } from '../../domain/cases/acceptance-number.ts';
import { shanghaiInstant } from '../../domain/dates.ts';
import type { Channel } from '../../domain/vocabulary.ts';
import { findApplication } from '../../store/cases/queries.ts';
import type { Caller } from '../harness/http/caller.ts';
import { describeApi } from '../harness/http/describe-api.ts';
import { dayFromNow } from '../harness/http/documents.ts';
import { atWindowHours } from '../harness/http/situations.ts';
import { until } from '../harness/until.ts';

/** The guide's 「从哪儿申请」, row by row, and what of 「怎么办」 and 「变更」 only HTTP shows. */
await describeApi('the guide', (http) => {
  /** 两边时限都是 15 个工作日. */
  async function expectFifteenDays(caller: Caller, number: string): Promise<void> {
    const { acceptedOn, dueOn } = (await caller.progress(number)).body;
    const counted = await caller.get(`/v1/calendar/due-date?acceptedOn=${acceptedOn}&workingDays=15`);
    expect(dueOn).toBe(counted.body.dueOn);
  }

  describe('从哪儿申请', () => {
    it.each<[string, Channel]>([
      ['四川医保APP | 门特申请、异地备案、信息查询 | 全省', 'scApp'],
      ['攀枝花智慧医保小程序(微信) | 门特申请、缴费查询、医保电子凭证 | 攀枝花本地', 'pzhMiniProgram'],
      ['国家医保服务平台APP | 门特申请、跨省结算、政策查询 | 全国', 'nationalApp'],
    ])('%s', async (_, channel) => {
      const applicant = http.newApplicant({ channel });
      const number = await http.openCase(applicant);
      expect((await applicant.progress(number)).body).toMatchObject({ channel, status: 'underReview' });
      await expectFifteenDays(applicant, number);
      const clerk = http.as('clerk');
      expect((await clerk.post('/v1/applications', await clerk.completeFiling({ channel }))).status).toBe(403);
    });

    it('线下窗口:市政务中心医保窗口 | 纸质原件+复印件,到场 1 次核验原件 | 不熟悉手机、材料复杂', async () => {
      const office = await atWindowHours(http);
      const clerk = office.as('clerk');
      const number = await http.openCase(clerk, { channel: 'window' });
      const { materials, channel } = (await clerk.progress(number)).body;
      expect(channel).toBe('window');
      expect((materials as { originalSeen: boolean }[]).every(({ originalSeen }) => originalSeen)).toBe(true);
      // Nobody has to come again where the disease asks for a verification (线下核验).
      expect((await findApplication(http.store, number))?.state.verified).toBe(true);
      await expectFifteenDays(clerk, number);
      const applicant = office.as('applicant');
      const filed = await applicant.post('/v1/applications', await applicant.completeFiling({ channel: 'window' }));
      expect([filed.status, filed.body.code]).toEqual([403, 'channel-not-yours']);
      await office.close();
    });

    it('线上 24 小时受理、到场 0 次、可实时查进度', async () => {
      const atNight = await http.at(shanghaiInstant(dayFromNow(1), '03:00'));
      const applicant = atNight.as('applicant', http.newApplicant().subject);
      const number = await applicant.files();
      expect((await applicant.progress(number)).body).toMatchObject({ acceptedOn: dayFromNow(1) });
      expect((await findApplication(http.store, number))?.state.mustVerify).toBe(false);
      await atNight.close();
    });
  });

  it('怎么办 4. 确认后提交,系统生成受理号;6. 在“办理进度”/“我的申请”里查状态', async () => {
    const applicant = http.newApplicant();
    const number = await applicant.files();
    expect(isAcceptanceNumber(number)).toBe(true);
    expect((await applicant.get('/v1/applications')).body.items.map((listed) => listed.acceptanceNumber)).toEqual([
      number,
    ]);
  });

  it('定点医疗机构变更:每年 1 次,APP 或小程序办', async () => {
    const applicant = http.newApplicant();
    const reviewer = http.as('reviewer');
    const otherApp = http.newApplicant({ person: applicant.person, channel: 'pzhMiniProgram' });
    const approve = async (number: string) => {
      await reviewer.tell(number, 'approve');
      await until('it is registered', async () => (await findApplication(http.store, number))?.closed === true);
    };
    await approve(await http.openCase(applicant));
    const change = { type: 'changeInstitution', designatedInstitution: '攀枝花市第二人民医院' };
    await approve(await http.openCase(otherApp, change));
    const again = { ...change, diseaseCode: 'M03900' };
    const second = await applicant.post('/v1/applications', await applicant.completeFiling(again));
    expect([second.status, second.body.code]).toEqual([409, 'changed-this-year']);
  });
});
