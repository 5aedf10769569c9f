import { expect, it } from '@jest/globals';
import { insuredPeople } from '../../../dev/stand-ins/insured-people.ts';
import { type Caller, complaints } from '../../harness/http/caller.ts';
import { describeApi } from '../../harness/http/describe-api.ts';
import { completeMaterials, dayFromNow, newScan } from '../../harness/http/documents.ts';

/** What the reviewer's attention is drawn to. */
await describeApi('findings', (http) => {
  /** A case whose medical record has this content; its other papers are nobody else's. */
  async function openWith(record: Buffer, applicant: Caller, diseaseCode = 'M01600') {
    const extra = await applicant.uploaded(record);
    const materials = completeMaterials(await applicant.uploaded()).map((material) => {
      return material.kind === 'medicalRecord' ? { ...material, fileIds: [...material.fileIds, extra] } : material;
    });
    return http.openCase(applicant, { diseaseCode, materials });
  }
  const findings = async (number: string) => (await http.as('reviewer').progress(number)).body.findings;
  const sameAs = (...numbers: string[]) => ({
    kind: 'medicalRecord',
    reason: 'sameFile',
    detail: `检查报告或病历与受理号 ${numbers.sort().join('、')} 的另一参保人提交的文件完全相同,请核实。`,
  });

  it('a file that was handed in for another person is a finding in both cases, which applicants never see', async () => {
    const [record, uploader, other] = [newScan(), http.newApplicant(), http.newApplicant()];
    const first = await openWith(record, uploader);
    expect(await findings(first)).toEqual([]);
    const second = await openWith(record, other);
    expect(await findings(first)).toEqual([sameAs(second)]);
    expect(await findings(second)).toEqual([sameAs(first)]);
    const third = await openWith(record, http.newApplicant());
    expect(await findings(first)).toEqual([sameAs(second, third)]);
    for (const [applicant, number] of [
      [uploader, first],
      [other, second],
    ] as const) {
      expect((await applicant.progress(number)).text).not.toContain('sameFile');
    }
  });

  it("the same person's file in another case of theirs is none, nor one that was only uploaded", async () => {
    const [record, applicant] = [newScan(), http.newApplicant()];
    const first = await openWith(record, applicant);
    const second = await openWith(record, applicant, 'M03900');
    await http.newApplicant().uploaded(record);
    expect([await findings(first), await findings(second)]).toEqual([[], []]);
  });

  it('an insured type that the core knows otherwise, and originals that were not in order, are findings too', async () => {
    const number = await openWith(newScan(), http.newApplicant({ person: insuredPeople.resident }), 'M07800');
    const detail = '申请人填写的参保类型是城镇职工,医保系统中是城乡居民,待遇按医保系统计算。';
    expect(await findings(number)).toEqual([{ reason: 'insuredTypeDiffers', detail }]);
    await http.as('reviewer').tell(number, 'request-verification');
    const clerk = http.as('clerk');
    expect(complaints(await clerk.tell(number, 'record-verification', { passed: false }))).toEqual(['note invalid']);
    await clerk.tell(number, 'record-verification', { passed: false, note: '照片不是本人' });
    expect(await findings(number)).toContainEqual(expect.objectContaining({ reason: 'verificationFailed' }));
  });

  it('a file that is dated otherwise than with another case is one in both', async () => {
    const applicant = http.newApplicant();
    const materials = completeMaterials(await applicant.uploaded());
    const dated = (issuedOn: string) =>
      materials.map((material) => (material.issuedOn ? { ...material, issuedOn } : material));
    const first = await http.openCase(applicant, { diseaseCode: 'M01600', materials: dated(dayFromNow(-30)) });
    const same = await http.openCase(applicant, { diseaseCode: 'M03900', materials: dated(dayFromNow(-30)) });
    expect([await findings(first), await findings(same)]).toEqual([[], []]);
    const other = await http.openCase(applicant, { diseaseCode: 'M07800', materials: dated(dayFromNow(-20)) });
    const detail = (date: string) => `检查报告或病历的文件另有一次提交时填写的出具日期为 ${date},与本次不同,请核对。`;
    const finding = (date: string) => ({ kind: 'medicalRecord', reason: 'otherDate', detail: detail(date) });
    expect(await findings(other)).toEqual([finding(dayFromNow(-30))]);
    expect(await findings(first)).toEqual([finding(dayFromNow(-20))]);
  });

  it('is gone once the file is replaced', async () => {
    const [record, applicant] = [newScan(), http.newApplicant()];
    await openWith(record, http.newApplicant());
    const number = await openWith(record, applicant);
    expect(await findings(number)).toHaveLength(1);
    const reviewer = http.as('reviewer');
    await reviewer.tell(number, 'request-materials', { items: [{ kind: 'medicalRecord', problem: '不是本人的' }] });
    const [own] = completeMaterials(await applicant.uploaded()).filter(({ kind }) => kind === 'medicalRecord');
    await applicant.tell(number, 'resubmit', { materials: [own] });
    expect(await findings(number)).toEqual([]);
  });
});
