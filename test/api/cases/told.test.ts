import { expect, it } from '@jest/globals';
import { insuredPeople } from '../../../dev/stand-ins/insured-people.ts';
import { findApplication } from '../../../store/cases/queries.ts';
import type { Caller } from '../../harness/http/caller.ts';
import { describeApi } from '../../harness/http/describe-api.ts';
import type { NamedPerson } from '../../harness/people.ts';
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
