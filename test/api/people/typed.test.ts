import { describe, expect, it } from '@jest/globals';
import { type Caller, complaints } from '../../harness/http/caller.ts';
import { describeApi } from '../../harness/http/describe-api.ts';
import { atWindowHours } from '../../harness/http/situations.ts';
import { newIdNumber, newPhone } from '../../harness/people.ts';

const filings = '/v1/applications';
const fullWidth = (digits: string) => digits.replaceAll(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit)));
const pasted = (text: string) => `\u202d${text}\u202c`;

/** What people type of themselves, from the token to what staff see. */
await describeApi('what people type', (http) => {
  const filed = async (caller: Caller, typed: { name: string; idNumber: string; phone: string }, signer: string) => {
    const body = await caller.completeFiling({ applicant: typed, diseaseCode: 'M01600' });
    return caller.post(filings, { ...body, signature: { ...body.signature, name: signer } });
  };

  it.each([
    ['阿西·木呷', '阿西•木呷', '阿西．木呷', '阿西·木呷'],
    ['徐（莹加王旁）', '徐(莹加王旁)', '徐（莹加王旁）', '徐(莹加王旁)'],
    ['李〇', '李　〇', '李○', '李〇'],
    ["Conan O'Brien", 'Conan O’Brien', 'CONAN O’BRIEN', "Conan O'Brien"],
    ['José', 'Jose\u0301', 'José', 'José'],
  ])('is one name: verified as %s, typed as %s, signed as %s', async (verified, typed, signer, understood) => {
    const idNumber = newIdNumber();
    const applicant = http.newApplicant({ person: { name: verified, idNumber } });
    const phone = newPhone();
    const given = { name: typed, idNumber: pasted(fullWidth(idNumber)), phone: `86${phone}` };
    const reply = await filed(applicant, given, signer);
    expect([reply.status, reply.text]).toEqual([201, expect.any(String)]);
    const number = reply.body.acceptanceNumber;
    const seen = (await http.as('clerk').progress(number)).body;
    const name = typed === understood ? {} : { name: typed };
    expect(seen.applicant).toEqual({
      ...{ name: understood, idNumber, phone },
      typed: { ...name, idNumber: given.idNumber, phone: given.phone },
    });
    expect(seen.signature).toMatchObject({ name: signer === 'CONAN O’BRIEN' ? "CONAN O'BRIEN" : understood });
    // Who doesn't call sees neither phone.
    const masked = (await http.as('reviewer').progress(number)).text;
    expect(masked).not.toContain(phone);
    // A person is one, however the number is typed.
    const lookup = { idNumber: idNumber.toLowerCase(), reason: '本人到窗口' };
    expect((await http.as('clerk').post('/v1/people/lookup', lookup)).body.applications).toHaveLength(1);
  });

  describe('is of every document that carries an ID number', () => {
    it.each([
      ['a 台湾居民居住证', '830000199201300022', '830000199201300022'],
      ['a 港澳居民居住证', '810000199408230021', '810000199408230021'],
      ['a 外国人永久居留身份证', '932682198501010017', '932682198501010017'],
      ['one of before', 'kaz 110090 1231 05', 'KAZ110090123105'],
      ['a 身份证 of 15 digits', '610104620927690', '610104196209276908'],
      ['a 港澳居民来往内地通行证, for who has no other', 'h12345678 01', 'H12345678'],
      ['a 台湾居民来往大陆通行证', '0725 7456', '07257456'],
      ["a passport, by the foreigner's 社会保障号码", 'DEU 0 C01X00T47', 'DEU0C01X00T47'],
    ])('%s', async (_, typed, idNumber) => {
      const applicant = http.newApplicant({ person: { name: 'John Smith', idNumber } });
      const reply = await filed(applicant, { name: 'John Smith', idNumber: typed, phone: newPhone() }, 'JOHN SMITH');
      expect([reply.status, reply.text]).toEqual([201, expect.any(String)]);
      expect((await http.as('clerk').progress(reply.body.acceptanceNumber)).body.applicant).toMatchObject({ idNumber });
    });
  });

  it('is the 出生医学证明 of a newborn, for whom a guardian files', async () => {
    const guardian = http.newApplicant();
    const agent = { ...guardian.person, phone: newPhone(), relation: '母亲' };
    const applicant = { name: '张小宝', idNumber: 'u 510012345', phone: agent.phone };
    const body = await guardian.completeFiling({ applicant, diseaseCode: 'M01600' });
    const signature = { ...body.signature, name: agent.name };
    const alone = await http.as('clerk').post(filings, { ...body, channel: 'window' });
    expect(complaints(alone)).toEqual(expect.arrayContaining(['agent guardianMissing']));
    const reply = await guardian.post(filings, { ...body, agent, signature });
    expect([reply.status, reply.text]).toEqual([201, expect.any(String)]);
    const seen = (await http.as('clerk').progress(reply.body.acceptanceNumber)).body;
    expect(seen.applicant).toMatchObject({ idNumber: 'U510012345' });
  });

  it.each([['---'], ['123']])('is no name: %s', async (name) => {
    const applicant = http.newApplicant();
    const reply = await filed(applicant, { ...applicant.person, name }, name);
    const fields = ['applicant.name invalid', 'applicant.name notAsVerified', 'signature.name invalid'];
    expect(complaints(reply)).toEqual(fields);
  });

  it('is no mobile number: 98123456789', async () => {
    const applicant = http.newApplicant();
    const { person } = applicant;
    const reply = await filed(applicant, { ...person, phone: '98123456789' }, person.name);
    expect(complaints(reply)).toEqual(['applicant.phone invalid']);
  });

  it('is kept of a corrected form, too', async () => {
    const window = await atWindowHours(http);
    const clerk = window.as('clerk');
    const number = await http.openCase(clerk, { channel: 'window' });
    await http.as('reviewer').tell(number, 'reject', { reason: '医院填写有误' });
    const before = (await clerk.progress(number)).body.applicant as unknown as { name: string };
    const agent = { name: '王　强', idNumber: newIdNumber('1985-02-03'), phone: '+86 139 0013 9009', relation: '子女' };
    const { signature } = await clerk.completeFiling({ channel: 'window' });
    const form = { agent, signature: { ...signature, name: '王强' } };
    const reply = await clerk.tell(number, 'resubmit', { form });
    expect([reply.status, reply.text]).toEqual([200, expect.any(String)]);
    expect((await clerk.progress(number)).body).toMatchObject({
      applicant: { name: before.name },
      agent: { name: '王强', phone: '13900139009', typed: { name: '王　强', phone: agent.phone } },
    });
    await window.close();
  });
});
