import { expect, it } from '@jest/globals';
import { complaints } from '../../harness/http/caller.ts';
import { describeApi } from '../../harness/http/describe-api.ts';
import { liNa, newIdNumber } from '../../harness/people.ts';
import { until } from '../../harness/until.ts';

/** How staff find a person. */
await describeApi('a person is found', (http) => {
  const path = '/v1/people/lookup';
  const reason = '本人到窗口查询进度';

  it('by the ID number: what they applied for, newest first, and what they were granted, ended or not', async () => {
    const [applicant, clerk] = [http.newApplicant(), http.as('clerk')];
    const { person } = applicant;
    const first = await http.openCase(applicant, { diseaseCode: 'M00500' });
    const second = await http.openCase(applicant, { diseaseCode: 'M01600' });
    await http.openCase(http.newApplicant());
    await http.as('reviewer').tell(first, 'approve');
    const found = async () => {
      const { body } = await clerk.post(path, { idNumber: ` ${person.idNumber.toLowerCase()} `, reason });
      return body as unknown as Record<'applications' | 'accreditations', Record<string, unknown>[]>;
    };
    await until('the accreditation is granted', async () => (await found()).accreditations.length > 0);
    const { applications, accreditations } = await found();
    expect(applications.map(({ acceptanceNumber }) => acceptanceNumber)).toEqual([second, first]);
    expect(applications[1]).toMatchObject({ applicantName: liNa.name, status: 'approved', diseaseName: '恶性肿瘤' });
    expect(accreditations).toEqual([
      expect.objectContaining({ applicantName: liNa.name, status: 'active', diseaseName: '恶性肿瘤' }),
    ]);

    const { accreditationId } = accreditations[0] as { accreditationId: string };
    const revoke = `/v1/accreditations/${accreditationId}/revoke`;
    await until('it can be revoked', async () => {
      return (await http.as('supervisor').post(revoke, { reason: '材料不实' })).status === 200;
    });
    expect((await found()).accreditations).toEqual([expect.objectContaining({ accreditationId, status: 'revoked' })]);
    expect(http.logLines.join('\n')).not.toContain(person.idNumber);
  });

  it('and answers empty lists for somebody unknown', async () => {
    const { status, body } = await http.as('director').post(path, { idNumber: newIdNumber(), reason });
    expect([status, body]).toEqual([200, { applications: [], accreditations: [] }]);
  });

  it.each([[{}], [{ idNumber: '510402198803152123' }], [{ idNumber: 1 }]])('and refuses %j', async (body) => {
    const reply = await http.as('reviewer').post(path, { ...body, reason });
    expect([reply.status, complaints(reply)]).toEqual([422, ['idNumber invalid']]);
  });
});
