import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { insuredPeople } from '../../dev/stand-ins/insured-people.ts';
import { addDays, addMonths } from '../../domain/dates.ts';
import { policiesOf } from '../../policy/versions.ts';
import { findApplication } from '../../store/cases/queries.ts';
import { type Caller, complaints, kindsOf } from '../harness/http/caller.ts';
import { dayFromNow } from '../harness/http/documents.ts';
import { dumpOf } from '../harness/http/unique-person.ts';
import { useHttp } from '../harness/http/use-http.ts';
import { newPerson } from '../harness/people.ts';
import { exampleCity, promptly } from '../harness/policy.ts';
import { until } from '../harness/until.ts';

const tumour = 'EX-I-0000000000000000000000001';
const bloodPressure = 'EX-LB.GXY';
const today = dayFromNow(0);
const doctor = { name: '欧阳试验', code: 'D990100000007' };

/** Another city's rules, with all that a disease may say of itself, from the filing to the registration. */
describe('the example city', () => {
  const http = useHttp(policiesOf([promptly(exampleCity)]));

  /** A filing for 恶性肿瘤 that lacks nothing. */
  async function filing(applicant: Caller) {
    const body = await applicant.completeFiling({ diseaseCode: tumour });
    const [first] = body.materials;
    return {
      ...body,
      hospital: { code: 'EX0002', name: '示例市肿瘤医院', level: 3 },
      diagnosis: { doctor, diagnosedOn: dayFromNow(-12) },
      designatedInstitution: '示例市第一医院',
      furtherInstitutions: ['示例市肿瘤医院', '示例县人民医院'],
      materials: [...body.materials, { kind: 'pathologyReport', fileIds: first?.fileIds ?? [] }],
    };
  }
  const file = (applicant: Caller, body: object) => applicant.post('/v1/applications', body, randomUUID());
  const statusOf = async (applicant: Caller, number: string) => (await applicant.progress(number)).body.status;

  it('shows in the catalogue what each disease asks for and what it pays', async () => {
    const { body } = await http.withToken().get('/v1/catalogue');
    const [hypertension, cancer, transplant] = body.diseases as { materials: Record<string, object[]> }[];
    const inAll = { recordMonths: 6, hospitalLevel: 2, hospitals: null, workingDays: 20 };
    expect(body).toMatchObject({ city: '示例市', diagnosisRequired: true });
    expect(hypertension).toMatchObject({
      code: bloodPressure,
      className: 'Ⅱ类',
      ...{ workingDays: 5, recordMonths: 12, hospitalLevel: 1, institutions: 1, hospitals: null },
      insuredTypes: ['resident'],
      benefit: { resident: { limit: 600, ratio: [50, 60] } },
    });
    expect(cancer).toMatchObject({
      code: tumour,
      className: 'Ⅰ类',
      ...{ workingDays: 10, recordMonths: 3, hospitalLevel: 3, institutions: 3, validMonths: 36 },
      hospitals: [
        { code: 'EX0001', name: '示例市第一医院' },
        { code: 'EX0002', name: '示例市肿瘤医院' },
      ],
      insuredTypes: ['employee', 'resident', 'flexible'],
      benefit: { employee: { limit: 150000, ratio: [90, 95] } },
    });
    expect(transplant).toMatchObject({ ...inAll, class: 'I', institutions: 2, benefit: {}, verification: true });
    const own = { name: '病理报告', hint: '由认定医院病理科出具,写明病理类型并盖章', when: 'always' };
    expect(cancer?.materials.new).toEqual([
      { kinds: ['idCard', 'electronicVoucher'], name: '有效身份证件或医保电子凭证', hint: null, when: 'always' },
      expect.objectContaining({ kinds: ['applicationForm'], when: 'always' }),
      expect.objectContaining({ kinds: ['diagnosisCertificate'], when: 'always' }),
      expect.objectContaining({ kinds: ['medicalRecord'], when: 'always' }),
      { kinds: ['pathologyReport'], ...own },
      expect.objectContaining({ kinds: ['residencePermit'], name: '居住证', when: 'residesElsewhere' }),
      expect.objectContaining({ kinds: ['proxyLetter'], name: '委托书', when: 'byAgent' }),
      expect.objectContaining({ kinds: ['socialSecurityCard'], when: 'withoutElectronicVoucher' }),
    ]);
    expect(cancer?.materials.renewal).toHaveLength(2);
  });

  it('tells all at once what a filing lacks by the rules of its disease', async () => {
    const applicant = http.newApplicant();
    const { diagnosis: _, ...body } = await filing(applicant);
    const old = { ...body.materials[3], issuedOn: addMonths(today, -4) };
    const reply = await file(applicant, {
      ...body,
      hospital: { code: 'EX0003', name: '示例县人民医院', level: 2 },
      furtherInstitutions: ['示例市第一医院', '示例县人民医院'],
      materials: [...body.materials.slice(0, 3), old, { kind: 'ctScan', fileIds: body.materials[0]?.fileIds }],
      agent: { ...newPerson(), phone: '13800138009', relation: '子女' },
    });
    expect([reply.status, complaints(reply)]).toEqual([
      422,
      [
        'diagnosis missing',
        'furtherInstitutions repeated',
        'materials.4.kind invalid',
        'materials.diagnosisCertificate hospitalLevel',
        'materials.diagnosisCertificate hospitalUnrecognised',
        'materials.medicalRecord tooOld',
        'materials.pathologyReport missing',
        'materials.proxyLetter missing',
      ],
    ]);
    const details = reply.body.errors.map(({ detail }) => detail);
    expect(details).toContain('疾病诊断证明书应由该病种的认定医院出具:示例市第一医院、示例市肿瘤医院。');
    expect(details).toContain('检查报告或病历应为近 3 个月内出具,请提供近期的。');
    expect(details).toContain('缺少病理报告,请上传。');
  });

  it.each([
    [
      'a diagnosis of tomorrow',
      { diagnosis: { doctor, diagnosedOn: dayFromNow(1) } },
      'diagnosis.diagnosedOn inFuture',
    ],
    ['a doctor without a name', { diagnosis: { doctor: {}, diagnosedOn: today } }, 'diagnosis.doctor.name invalid'],
    ['further institutions without a first', { designatedInstitution: undefined }, 'designatedInstitution missing'],
    ['a fourth institution', { furtherInstitutions: ['甲医院', '乙医院', '丙医院'] }, 'furtherInstitutions invalid'],
    [
      'two institutions where one may be chosen',
      { diseaseCode: bloodPressure, insuredType: 'resident', furtherInstitutions: ['甲医院'] },
      'furtherInstitutions tooMany',
    ],
    [
      'a disease that is for residents',
      { diseaseCode: bloodPressure, furtherInstitutions: [] },
      'insuredType notCovered',
    ],
  ])('refuses %s', async (_, changes, complaint) => {
    const applicant = http.newApplicant();
    const reply = await file(applicant, { ...(await filing(applicant)), ...changes });
    expect([reply.status, complaints(reply)]).toEqual([422, [complaint]]);
  });

  it('doesn’t accept whom the disease isn’t for, whatever the form says', async () => {
    const applicant = http.newApplicant();
    const changes = { diseaseCode: bloodPressure, insuredType: 'resident', furtherInstitutions: [] };
    const { body } = await file(applicant, { ...(await filing(applicant)), ...changes });
    await until('it is refused', async () => (await statusOf(applicant, body.acceptanceNumber)) === 'refused');
    const { timeline } = (await applicant.progress(body.acceptanceNumber)).body;
    expect(timeline.at(-1)).toMatchObject({ kind: 'refused', detail: { reasons: ['insuredTypeNotCovered'] } });
  });

  it('grants, in ten working days at most, and registers who diagnosed it', async () => {
    const { name, idNumber } = insuredPeople.resident;
    const applicant = http.newApplicant({ person: { name, idNumber } });
    const filed = await file(applicant, { ...(await filing(applicant)), insuredType: 'resident' });
    const number = filed.body.acceptanceNumber;
    expect([filed.status, filed.body.errors, number.slice(0, 6)]).toEqual([201, undefined, '990100']);
    await until('it is accepted', async () => (await statusOf(applicant, number)) === 'underReview');
    const reckoned = await http.withToken().get(`/v1/calendar/due-date?acceptedOn=${today}&workingDays=10`);
    const reviewer = http.as('reviewer');
    const seen = (await reviewer.progress(number)).body;
    expect(seen).toMatchObject({ dueOn: reckoned.body.dueOn, findings: [], form: { diagnosis: { doctor } } });

    const ask = (kind: string) => ({ items: [{ kind, problem: '缺病理科盖章' }] });
    expect(complaints(await reviewer.tell(number, 'request-materials', ask('ctScan')))).toEqual([
      'items.0.kind invalid',
    ]);
    expect((await reviewer.tell(number, 'request-materials', ask('pathologyReport'))).status).toBe(200);
    const inbox = (await applicant.get('/v1/inbox')).body.items;
    expect(inbox.some(({ body }) => String(body).includes('需要补充:病理报告'))).toBe(true);
    const materials = [{ kind: 'pathologyReport', fileIds: [await applicant.uploaded()] }];
    const corrected = { diagnosis: { doctor, diagnosedOn: dayFromNow(-11) } };
    const form = { ...corrected, signature: { name, signedAt: new Date().toISOString() } };
    const resubmitted = await applicant.tell(number, 'resubmit', { materials, form });
    expect([resubmitted.status, resubmitted.body.errors]).toEqual([200, undefined]);
    await reviewer.tell(number, 'approve');

    const granted = async () => (await applicant.get('/v1/accreditations')).body.items[0];
    await until('it is registered', async () => Boolean((await granted())?.registrationNumber));
    expect(await granted()).toMatchObject({
      ...{ diseaseName: '恶性肿瘤', diseaseClass: 'I', insuredType: 'resident' },
      institution: '示例市第一医院',
      furtherInstitutions: ['示例市肿瘤医院', '示例县人民医院'],
      validUntil: addDays(addMonths(today, 36), -1),
      benefit: { deductible: 500, ratio: [70, 70], limit: 100000 },
    });
    // On paper too, and for programs.
    const { decision } = (await applicant.progress(number)).body as { decision?: { noticeId: string } };
    expect(decision).toMatchObject({
      institution: '示例市第一医院',
      furtherInstitutions: ['示例市肿瘤医院', '示例县人民医院'],
    });
    const paper = await applicant.get(`/v1/applications/${number}/notices/${decision?.noticeId}`);
    expect(paper.text).toContain('定点医疗机构:示例市第一医院、示例市肿瘤医院、示例县人民医院。');
    expect(await http.registrations()).toContainEqual(
      expect.objectContaining({
        told: {
          diseaseName: '恶性肿瘤',
          hospital: { code: 'EX0002', name: '示例市肿瘤医院' },
          diagnosis: { doctor, diagnosedOn: dayFromNow(-11) },
        },
        accreditation: expect.objectContaining({
          ...{ diseaseCode: tumour, category: '390', flexibleEmployment: false },
          furtherInstitutions: ['示例市肿瘤医院', '示例县人民医院'],
        }),
      }),
    );
    expect(kindsOf(await applicant.progress(number))).toEqual([
      'submitted',
      'accepted',
      'materialsRequested',
      'resubmitted',
      'approved',
    ]);
    expect((await findApplication(http.store, number))?.policyVersion).toBe('example-city-2026.1');
    // Nobody who has the database reads who diagnosed it.
    expect(await dumpOf(http.store)).not.toMatch(/欧阳试验|D990100000007|示例县人民医院/);
  });
});
