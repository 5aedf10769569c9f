import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { rollToWorkingDay } from '../../domain/calendar/working-days.ts';
import { addDays, addMonths, shanghaiDate, shanghaiInstant } from '../../domain/dates.ts';
import type { Policy } from '../../policy/schema.ts';
import { policiesOf } from '../../policy/versions.ts';
import { readCalendar } from '../../store/calendar/queries.ts';
import { type Caller, complaints } from '../harness/http/caller.ts';
import { dayFromNow } from '../harness/http/documents.ts';
import { useHttp } from '../harness/http/use-http.ts';
import { prompt as shipped } from '../harness/policy.ts';
import { until } from '../harness/until.ts';

const today = dayFromNow(0);
const yesterday = addDays(today, -1);
const code = 'M00500';
const OWN_KIND = 'geneticTest';

const first: Policy = { ...shipped, version: 'first', effectiveFrom: '2025-01-01' };
/** In force since today: it asks for more, pays more, and has other clocks. */
const second: Policy = {
  ...shipped,
  version: 'second',
  effectiveFrom: today,
  city: { ...shipped.city, hotline: '0812-12393' },
  clocks: { ...shipped.clocks, workingDays: 10, supplementStopsClock: false, supplement: { days: 5, reminders: [] } },
  materials: {
    ...shipped.materials,
    recordMonths: 1,
    names: { ...shipped.materials.names, medicalRecord: '出院小结' },
    own: { [OWN_KIND]: { name: '基因检测报告' } },
  },
  renewal: { ...shipped.renewal, opensDaysBefore: 1000 },
  catalogue: shipped.catalogue.map((disease) =>
    disease.code === code
      ? { ...disease, name: '恶性肿瘤门诊治疗', photo: true, validMonths: 12, workingDays: 3, class: 'I' as const }
      : disease,
  ),
  benefit: { ...shipped.benefit, employee: { ...shipped.benefit.employee, deductible: 500 } },
};

/** A policy that changes while a case is under way: what the case keeps, and what follows the new version. */
describe('of a policy that has a new version since today', () => {
  const http = useHttp(policiesOf([first, second]));

  /** A case filed yesterday, that is under review now. */
  async function filedYesterday(applicant: Caller): Promise<string> {
    const submittedAt = shanghaiInstant(yesterday, '12:00');
    const api = await http.at(submittedAt);
    const filing = await applicant.completeFiling({ diseaseCode: code });
    const signature = { ...filing.signature, signedAt: submittedAt };
    const filed = await api
      .as('applicant', applicant.subject, applicant.applying)
      .post('/v1/applications', { ...filing, signature }, randomUUID());
    await api.close();
    expect([filed.status, filed.body.errors]).toEqual([201, undefined]);
    await underReview(applicant, filed.body.acceptanceNumber);
    return filed.body.acceptanceNumber;
  }

  const underReview = (applicant: Caller, number: string) =>
    until('it is under review', async () => (await applicant.progress(number)).body.status === 'underReview');

  interface Granted {
    diseaseName: string;
    validFrom: string;
    validUntil: string;
    benefit: { deductible: number };
  }
  /** What the applicant was granted, once the approval is registered. */
  async function approved(applicant: Caller, number: string): Promise<Granted> {
    await http.as('reviewer').tell(number, 'approve');
    await until('it is granted', async () => {
      const { body } = await applicant.get('/v1/inbox');
      return body.items.some(({ purpose, acceptanceNumber }) => purpose === 'approved' && acceptanceNumber === number);
    });
    return (await applicant.get('/v1/accreditations')).body.items[0] as unknown as Granted;
  }

  it('a request for materials, and the words for one, go by the kinds that the case knows', async () => {
    const applicant = http.newApplicant();
    const number = await filedYesterday(applicant);
    const reviewer = http.as('reviewer');
    const { policyVersion } = (await reviewer.progress(number)).body;
    const kindsFor = async (query: string) => {
      const { status, body } = await reviewer.get(`/v1/templates${query}`);
      const problems = body.problems as unknown as { kind: string; name: string }[];
      return [status, body.policyVersion, ...problems.map(({ kind }) => kind).filter((kind) => kind === OWN_KIND)];
    };
    expect(await kindsFor('')).toEqual([200, 'second', OWN_KIND]);
    expect(await kindsFor(`?policyVersion=${policyVersion}`)).toEqual([200, 'first']);
    const unknown = await reviewer.get('/v1/templates?policyVersion=third');
    expect([unknown.status, complaints(unknown)]).toEqual([422, ['policyVersion unknown']]);
    const refused = await reviewer.tell(number, 'request-materials', { items: [{ kind: OWN_KIND, problem: '缺' }] });
    expect(complaints(refused)).toEqual(['items.0.kind invalid']);
    expect(refused.body.errors[0]?.detail).toContain('medicalRecord(检查报告或病历)');
    expect(refused.body.errors[0]?.detail).not.toContain(OWN_KIND);
  });

  it('a filing goes by the version of its own day', async () => {
    const applicant = http.newApplicant();
    const now = await applicant.post('/v1/applications', await applicant.completeFiling({ diseaseCode: code }));
    expect([now.status, complaints(now)]).toEqual([422, ['materials.photo missing']]);
    expect((await http.withToken().get('/v1/catalogue')).body.policyVersion).toBe('second');
    const { body } = await http.as('reviewer').progress(await filedYesterday(applicant));
    expect(body).toMatchObject({
      policyVersion: 'first',
      diseaseName: '恶性肿瘤',
      findings: [],
      acceptedOn: yesterday,
    });
  });

  it('a case keeps its materials and its benefit, while clocks and texts follow the new version', async () => {
    const applicant = http.newApplicant();
    const number = await filedYesterday(applicant);
    const { dueOn } = (await applicant.progress(number)).body;
    // By the second version the disease would have 3 working days.
    const reckoned = await http.withToken().get(`/v1/calendar/due-date?acceptedOn=${yesterday}&workingDays=15`);
    expect(dueOn).toBe(reckoned.body.dueOn);
    const items = [{ kind: 'medicalRecord', problem: '看不清' }];
    const reply = await http.as('reviewer').tell(number, 'request-materials', { items });
    const windowEndsOn = rollToWorkingDay(
      await readCalendar(http.store),
      addDays(shanghaiDate(new Date().toISOString()), 5),
    );
    // By the first version the clock would stand still, and the window be 15 days.
    expect([reply.body.dueOn, reply.body.awaiting]).toEqual([dueOn, expect.objectContaining({ until: windowEndsOn })]);
    const sms = async () =>
      (await http.sent()).find(({ body }) => body.includes(number.slice(-6)) && body.includes('需要补充'));
    await until('the applicant is told', async () => (await sms()) !== undefined);
    expect((await sms())?.body).toMatch(/需要补充:检查报告或病历。.*0812-12393/);

    // By the second version a record of three months ago would be too old, and the photo missing.
    const record = { kind: 'medicalRecord', fileIds: [await applicant.uploaded()], issuedOn: addMonths(yesterday, -3) };
    expect((await applicant.tell(number, 'resubmit', { materials: [record] })).status).toBe(200);
    const { validFrom, validUntil, ...granted } = await approved(applicant, number);
    expect(granted).toMatchObject({ diseaseName: '恶性肿瘤', diseaseClass: null, benefit: { deductible: 800 } });
    expect(validUntil).toBe(addDays(addMonths(validFrom, 24), -1));
  });

  it('a renewal goes by the new version: when it is possible, how long it lasts, and what is paid', async () => {
    const applicant = http.newApplicant();
    const number = await filedYesterday(applicant);
    const before = await approved(applicant, number);
    const { applicant: person } = (await http.as('reviewer').progress(number)).body;
    const filing = await applicant.completeFiling({ type: 'renewal', diseaseCode: code, applicant: person as never });
    const materials = filing.materials.filter(({ kind }) => kind === 'medicalRecord');
    const renewal = await applicant.post('/v1/applications', { ...filing, materials }, randomUUID());
    expect([renewal.status, renewal.body.errors]).toEqual([201, undefined]);
    await underReview(applicant, renewal.body.acceptanceNumber);
    await approved(applicant, renewal.body.acceptanceNumber);
    const renewed = async () => (await applicant.get('/v1/accreditations')).body.items[0] as unknown as Granted;
    await until('the new period is there', async () => (await renewed()).validUntil > before.validUntil);
    const { validUntil, benefit } = await renewed();
    const twelveMonths = addDays(addMonths(addDays(before.validUntil, 1), 12), -1);
    expect([validUntil, benefit.deductible]).toEqual([twelveMonths, 500]);
  });
});
