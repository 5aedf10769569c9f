import { expect, it } from '@jest/globals';
import { insuredPeople } from '../../../dev/stand-ins/insured-people.ts';
import { findApplication } from '../../../store/cases/queries.ts';
import type { Caller } from '../../harness/http/caller.ts';
import { describeApi } from '../../harness/http/describe-api.ts';
import { dayFromNow } from '../../harness/http/documents.ts';
import { type NamedPerson, newPerson } from '../../harness/people.ts';
import { until } from '../../harness/until.ts';

/** Who learns what the insurance core says of an applicant. */
await describeApi('a reason of the insurance core', (http) => {
  /** Files for somebody as their agent, and waits until it is refused. */
  async function refusedFor({ name, idNumber }: NamedPerson, type: string, agent: Caller): Promise<string> {
    const number = await agent.files({
      applicant: { name, idNumber, phone: '13900139009' },
      agent: { ...agent.person, relation: '亲属' },
      ...{ type, diseaseCode: 'M01600' },
    });
    await until('it is refused', async () => (await findApplication(http.store, number))?.status === 'refused');
    return number;
  }

  it.each([
    ['欠费', 'new', insuredPeople.arrears],
    ['死亡', 'new', insuredPeople.deceased],
    ['没有查到可续期的门特认定', 'renewal', insuredPeople.elderly],
  ])('(%s) is told to the applicant, and to no agent of theirs', async (word, type, person) => {
    const agent = http.newApplicant();
    const number = await refusedFor(person, type, agent);

    const seen = await readBy(agent, number);
    expect(seen.progress.status).toBe('refused');
    expect(seen.progress.remedies).toEqual(expect.arrayContaining([expect.objectContaining({ way: 'refile' })]));
    expect(seen.refusal?.detail).toEqual({ toldTo: 'applicant', advice: expect.stringContaining('只告知申请人本人') });
    expect(seen.inbox).toEqual([expect.stringMatching(/^您代办的门特申请.*不予受理.*只告知申请人本人.*0812-3323000/)]);
    expect(seen.notices).toEqual([[403, 'told-to-applicant']]);
    expect(seen.text).not.toContain(word);

    const { inbox, refusal, notices, text } = await readBy(http.newApplicant({ person }), number);
    expect(refusal?.detail.reasons).toHaveLength(1);
    expect(inbox).toEqual([expect.stringContaining(word)]);
    expect([notices, text.includes(word)]).toEqual([[[200, undefined]], true]);
    expect((await http.as('clerk').progress(number)).text).toContain(word);
  });

  it('is told to the guardian of a child, for whom nobody else can be told', async () => {
    const guardian = http.newApplicant();
    const number = await refusedFor(insuredPeople.child, 'renewal', guardian);
    const { inbox, refusal, notices } = await readBy(guardian, number);
    expect(refusal?.detail).toEqual({ reasons: ['nothingToRenew'] });
    expect([inbox.join().includes('没有查到可续期的门特认定'), notices]).toEqual([true, [[200, undefined]]]);
  });

  it('against registering an approval is told to the applicant, too, and to no agent', async () => {
    const agent = http.newApplicant();
    const applicant = http.newApplicant();
    const asAgent = {
      applicant: applicant.person,
      agent: { ...agent.person, relation: '子女' },
      diseaseCode: 'M01600',
    };
    const byAgent = await http.openCase(agent, asAgent);
    const own = await http.openCase(applicant, { diseaseCode: 'M01600' });
    const reviewer = http.as('reviewer');
    await reviewer.tell(own, 'approve');
    await until('it is granted', async () => (await findApplication(http.store, own))?.closed === true);
    await reviewer.tell(byAgent, 'approve');
    const reason = '该病种已有有效的认定';
    await until('it comes back', async () => (await reviewer.progress(byAgent)).text.includes(reason));
    expect((await applicant.progress(byAgent)).text).toContain(reason);
    const { text, body } = await agent.progress(byAgent);
    expect(text).not.toContain(reason);
    expect(body.timeline.find(({ kind }) => kind === 'registrationRefused')?.detail).toEqual({
      toldTo: 'applicant',
      advice: expect.stringContaining('只告知申请人本人'),
    });
  });
});

/** What its applicant, and the agent who filed it, see of a case beside its progress. */
await describeApi('their own case', (http) => {
  const masked = (phone: string) => phone.replace(/^(...).{4}/, '$1****');
  const decided = async (caller: Caller, number: string) =>
    (await caller.progress(number)).body.decision as Record<string, unknown> | null;
  const registered = (number: string) =>
    until('it is registered', async () => (await findApplication(http.store, number))?.closed === true);

  it('shows the form as it was understood, the papers, and in one place what is asked of the applicant', async () => {
    const applicant = http.newApplicant();
    const { person } = applicant;
    const spaced = { ...person, phone: `+86 ${person.phone}` };
    const number = await http.openCase(applicant, { applicant: spaced, diseaseCode: 'M01600' });
    const { body, text } = await applicant.progress(number);
    expect(body).toMatchObject({
      applicant: { name: person.name, phone: masked(person.phone) },
      form: { insuredType: 'employee', hospital: { level: 3 } },
      signature: { name: person.name },
      askedOfMe: null,
      decision: null,
    });
    expect([text.includes(person.idNumber), text.includes(person.phone)]).toEqual([false, false]);
    const materials = body.materials as { kind: string; issuedOn: string | null; files: { fileId: string }[] }[];
    expect(materials.map(({ kind }) => kind)).toContain('medicalRecord');
    for (const { files } of materials) {
      expect((await applicant.get(`/v1/files/${files[0]?.fileId}`)).status).toBe(200);
    }

    const items = [{ kind: 'photo', problem: '不是近期的' }];
    await http.as('reviewer').tell(number, 'request-materials', { items, note: '只给同事看' });
    const asked = (await applicant.progress(number)).body.askedOfMe as Record<string, unknown>;
    expect(asked).toMatchObject({
      what: 'materials',
      detail: expect.stringMatching(/^请最迟于20\d\d年.*24时从原申请渠道提交/),
      until: expect.any(String),
      materials: [{ kind: 'photo', name: '近期免冠照片', problem: '不是近期的' }],
    });
    const photo = { kind: 'photo', fileIds: [await applicant.uploaded()] };
    await applicant.tell(number, 'resubmit', { materials: [photo] });
    const handedIn = (await applicant.progress(number)).body;
    expect(handedIn.askedOfMe).toBeNull();
    expect(handedIn.materials).toContainEqual(
      expect.objectContaining({ kind: 'photo', handedInAt: expect.any(String) }),
    );
    await http.as('reviewer').tell(number, 'reject', { reason: '病历不完整' });
    expect((await applicant.progress(number)).body.askedOfMe).toMatchObject({
      what: 'resubmission',
      appealUntil: expect.any(String),
      ways: [{ way: 'resubmit' }, { way: 'appeal' }],
    });
  });

  it('that is approved has a decision on paper, with disease, period, institution and benefit', async () => {
    const applicant = http.newApplicant();
    const designatedInstitution = '攀枝花市中心医院';
    const number = await http.openCase(applicant, { diseaseCode: 'M00500', designatedInstitution } as object);
    await http.as('reviewer').tell(number, 'approve');
    await registered(number);
    const decision = await decided(applicant, number);
    expect(decision).toEqual({
      noticeId: expect.any(String),
      title: '门诊特殊疾病认定决定书',
      documentNumber: expect.stringMatching(/^攀医保门特认〔20\d\d〕[1-9]\d*号$/),
      issuedOn: dayFromNow(0),
      accreditationId: `RD${number}`,
      diseaseName: '恶性肿瘤',
      validFrom: dayFromNow(0),
      validUntil: expect.any(String),
      institution: designatedInstitution,
      furtherInstitutions: [],
      // From 60 years on it is more.
      benefit: { deductible: 800, ratio: [85, expect.any(Number)], limit: null, note: expect.any(String) },
    });
    const page = await applicant.get(`/v1/applications/${number}/notices/${decision?.noticeId}`);
    for (const words of ['病种:恶性肿瘤', `定点医疗机构:${designatedInstitution}`, '起付标准每年800元,报销比例85%']) {
      expect(page.text).toContain(words);
    }
  });

  it('an agent sees the form that they filed, not how the applicant is insured, nor who took their place', async () => {
    const [agent, applicant] = [http.newApplicant(), http.newApplicant()];
    const { name, idNumber } = agent.person;
    const named = { applicant: applicant.person, agent: { name, idNumber, phone: '13900139009', relation: '子女' } };
    const number = await http.openCase(agent, { ...named, diseaseCode: 'M01600' });
    const { body, text } = await agent.progress(number);
    expect(body).toMatchObject({ applicant: { name: applicant.person.name }, agent: { name, relation: '子女' } });
    expect(text).not.toContain(applicant.person.idNumber);
    expect(body).not.toHaveProperty('insured');
    await http.as('reviewer').tell(number, 'approve');
    await registered(number);
    const forApplicant = await decided(applicant, number);
    expect([await decided(agent, number), forApplicant?.diseaseName]).toEqual([null, '糖尿病']);
    const page = `/v1/applications/${number}/notices/${forApplicant?.noticeId}`;
    const refused = await agent.get(page);
    expect([refused.status, refused.body.code]).toEqual([403, 'told-to-applicant']);
    expect(refused.body.detail).toContain('决定书写明申请人的参保类型和待遇,只告知申请人本人');
    expect((await applicant.get(page)).status).toBe(200);
  });

  it.each([
    ['no agent is named the papers of the applicant, who', false],
    ['the guardian is named the papers of a child, who', true],
  ])('%s has handed in after them', async (_, ofChild) => {
    const agent = http.newApplicant();
    const { name, idNumber } = ofChild ? insuredPeople.child : newPerson();
    const applicant = http.newApplicant({ person: { name, idNumber } });
    const named = { applicant: applicant.person, agent: { ...agent.person, relation: '父亲' } };
    const number = await http.openCase(agent, { ...named, diseaseCode: 'M01600' });
    await http.as('reviewer').tell(number, 'request-materials', { items: [{ kind: 'photo', problem: '不是近期的' }] });
    const photo = await applicant.uploaded();
    const handedIn = await applicant.tell(number, 'resubmit', { materials: [{ kind: 'photo', fileIds: [photo] }] });
    expect(handedIn.status).toBe(200);

    const papersOf = async (reader: Caller) => {
      const { body, text } = await reader.progress(number);
      const materials = body.materials as { kind: string; files: { fileId: string }[] }[];
      return { own: materials.find(({ kind }) => kind === 'medicalRecord')?.files[0]?.fileId, text };
    };
    expect(await papersOf(applicant)).toMatchObject({ text: expect.stringContaining(photo) });
    const { own, text } = await papersOf(agent);
    expect(text.includes(photo)).toBe(ofChild);
    expect((await agent.get(`/v1/files/${own}`)).status).toBe(200);
  });
});

/** All that somebody can read of a refused case. */
async function readBy(reader: Caller, number: string) {
  const path = `/v1/applications/${number}`;
  const { body: progress, text } = await reader.get(path);
  const { body: listed } = await reader.get(`${path}/notices`);
  const notices = await Promise.all(listed.items.map(({ noticeId }) => reader.get(`${path}/notices/${noticeId}`)));
  const inbox = await reader.get('/v1/inbox?limit=200');
  const told = inbox.body.items.filter((item) => item.acceptanceNumber === number && item.purpose === 'refused');
  return {
    progress,
    refusal: progress.timeline.find(({ kind }) => kind === 'refused'),
    inbox: told.map(({ body }) => body as string),
    notices: notices.map(({ status, body }) => [status, body.code]),
    text: [text, JSON.stringify(told), ...notices.map((notice) => notice.text)].join(),
  };
}
