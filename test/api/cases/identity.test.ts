import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { insuredPeople } from '../../../dev/stand-ins/insured-people.ts';
import { openPerson } from '../../../store/accreditations/personal.ts';
import { accreditationsOf } from '../../../store/accreditations/queries.ts';
import { findApplication } from '../../../store/cases/queries.ts';
import { type Caller, complaints } from '../../harness/http/caller.ts';
import { describeApi } from '../../harness/http/describe-api.ts';
import { completeMaterials } from '../../harness/http/documents.ts';
import { atWindowHours } from '../../harness/http/situations.ts';
import { liNa, newIdNumber, newPhone } from '../../harness/people.ts';
import { until } from '../../harness/until.ts';

const filings = '/v1/applications';

/** Who files for whom, whose what is filed is, and who hears of it. */
await describeApi('identity', (http) => {
  const reviewer = () => http.as('reviewer');
  /** An agent as a form names them. */
  const agentOf = ({ person }: Caller) => ({ ...person, phone: newPhone(), relation: '子女' });
  const isOver = (number: string) =>
    until('it is over', async () => (await findApplication(http.store, number))?.closed === true);
  const sentTo = async (phone: string) =>
    (await http.sent()).filter(({ to }) => to === `+86${phone}`).map(({ body }) => body);
  const reasons = async (number: string) =>
    ((await reviewer().progress(number)).body.findings as { reason: string }[]).map(({ reason }) => reason);
  const change = { type: 'changeInstitution', diseaseCode: 'M00500', designatedInstitution: '攀枝花市第二人民医院' };

  it.each(['new', 'renewal', 'changeInstitution'])(
    'a filing (%s) for somebody else is refused before anybody is asked, however that person is insured',
    async (type) => {
      const stranger = http.newApplicant();
      for (const { name, idNumber } of [
        insuredPeople.arrears,
        insuredPeople.deceased,
        insuredPeople.accreditationRunning,
      ]) {
        const phone = newPhone();
        const body = await stranger.completeFiling({ ...change, type, applicant: { name, idNumber, phone } });
        const named = { ...body, agent: { ...liNa, idNumber: newIdNumber('1985-02-03'), relation: '子女' } };
        for (const filing of [body, named]) {
          const reply = await stranger.post(filings, filing, randomUUID());
          expect([reply.status, reply.body.code]).toEqual([403, 'not-yours-to-file']);
          expect(reply.text).not.toContain(name);
        }
        expect(await sentTo(phone)).toEqual([]);
      }
      expect((await stranger.get(filings)).body.items).toEqual([]);
      const { person } = http.newApplicant();
      const blocked = await stranger.post(filings, await stranger.completeFiling({ applicant: person }));
      expect(blocked.status).toBe(403);
      await expect(http.newApplicant({ person }).files({ diseaseCode: 'M01600' })).resolves.toMatch(/^510400/);
    },
  );

  it('the name is the one that the app has verified; spaces and dots make no difference', async () => {
    const person = { name: '阿西·木呷', idNumber: newIdNumber() };
    const applicant = http.newApplicant({ person });
    const named = (name: string) => ({ applicant: { ...applicant.person, name }, diseaseCode: 'M01600' });
    const wrong = await applicant.completeFiling(named('阿西'));
    const signed = { ...wrong, signature: { ...wrong.signature, name: '阿西' } };
    expect(complaints(await applicant.post(filings, signed))).toEqual(['applicant.name notAsVerified']);
    const spaced = await applicant.completeFiling(named('阿西 木呷'));
    const reply = await applicant.post(filings, { ...spaced, signature: { ...spaced.signature, name: '阿西 木呷' } });
    expect(reply.status).toBe(201);
  });

  it("the channel is the app's, whether the body names it or not", async () => {
    const applicant = http.newApplicant({ channel: 'nationalApp' });
    const { channel: _, ...body } = await applicant.completeFiling();
    expect((await applicant.post(filings, body)).body.channel).toBe('nationalApp');
    const other = await applicant.post(filings, await applicant.completeFiling({ channel: 'scApp' }));
    expect([other.status, other.body.code]).toEqual([403, 'channel-not-yours']);
    const window = await atWindowHours(http);
    const clerk = window.as('clerk');
    const { channel: __, ...atWindow } = await clerk.completeFiling({ channel: 'window' });
    expect((await clerk.post(filings, atWindow)).body.channel).toBe('window');
    await window.close();
  });

  it("what is filed is the person's in every app, also what a clerk filed at the window, and what it brings", async () => {
    const applicant = http.newApplicant();
    const { person } = applicant;
    const elsewhere = http.newApplicant({ person, channel: 'pzhMiniProgram' });
    const window = await atWindowHours(http);
    const atWindow = await http.openCase(window.as('clerk'), {
      channel: 'window',
      applicant: person,
      diseaseCode: 'M03900',
    });
    const online = await http.openCase(applicant, { diseaseCode: 'M01600' });
    const listed = (await elsewhere.get(filings)).body.items.map(({ acceptanceNumber }) => acceptanceNumber);
    expect(listed.toSorted()).toEqual([atWindow, online].toSorted());
    const refused = await elsewhere.tell(atWindow, 'withdraw');
    expect([refused.status, refused.body.code]).toEqual([403, 'at-window']);

    await reviewer().tell(online, 'request-materials', { items: [{ kind: 'photo', problem: '看不清' }] });
    const materials = [{ kind: 'photo', fileIds: [await elsewhere.uploaded()] }];
    expect((await elsewhere.tell(online, 'resubmit', { materials })).body.status).toBe('underReview');
    for (const number of [online, atWindow]) {
      await reviewer().tell(number, 'approve');
      await isOver(number);
    }
    const held = (await elsewhere.get('/v1/accreditations')).body.items;
    expect(held.map(({ diseaseCode }) => diseaseCode).toSorted()).toEqual(['M01600', 'M03900']);
    expect((await elsewhere.get(`/v1/accreditations/${held[0]?.accreditationId}`)).status).toBe(200);
    const about = (await elsewhere.get('/v1/inbox')).body.items.map(({ acceptanceNumber }) => acceptanceNumber);
    expect(new Set(about)).toEqual(new Set([atWindow, online]));
    await window.close();
  });

  it('a clerk whose token says who they are takes in at the window what others file, and nothing of their own', async () => {
    const { person } = http.newApplicant();
    const window = await atWindowHours(http);
    try {
      const clerk = window.as('clerk', 'clerk-1', { person });
      await expect(clerk.files({ channel: 'window' })).resolves.toMatch(/^510400/);
      const own = await clerk.post(filings, await clerk.completeFiling({ channel: 'window', applicant: person }));
      expect([own.status, own.body.code]).toEqual([403, 'own-case']);
    } finally {
      await window.close();
    }
  });

  it('who filed as an agent sees that case and acts on it, as its applicant does, and sees nothing else of theirs', async () => {
    const [agent, applicant] = [http.newApplicant(), http.newApplicant()];
    const { person } = applicant;
    const number = await http.openCase(agent, { applicant: person, agent: agentOf(agent), diseaseCode: 'M01600' });
    const own = await http.openCase(applicant, { diseaseCode: 'M03900' });
    expect((await agent.progress(number)).status).toBe(200);
    expect((await agent.progress(own)).status).toBe(404);
    await reviewer().tell(number, 'request-materials', { items: [{ kind: 'photo', problem: '看不清' }] });
    const photo = async (caller: Caller) => [{ kind: 'photo', fileIds: [await caller.uploaded()] }];
    const { signature } = await agent.completeFiling();
    const handedOver = { agent: { ...agentOf(agent), idNumber: newIdNumber('1985-02-03') }, signature };
    const refused = await agent.tell(number, 'resubmit', { materials: await photo(agent), form: handedOver });
    expect(complaints(refused)).toEqual(['form.agent.idNumber notYou']);
    const materials = await photo(applicant);
    expect((await applicant.tell(number, 'resubmit', { materials })).body.status).toBe('underReview');
    expect((await agent.get(`/v1/files/${materials[0]?.fileIds[0]}`)).status).toBe(200);
    await reviewer().tell(number, 'approve');
    await isOver(number);
    expect((await applicant.get('/v1/accreditations')).body.items).toHaveLength(1);
    expect((await agent.get('/v1/accreditations')).body.items).toEqual([]);
  });

  it("an agent's filing blocks nobody: the person files beside it, and one of the two is granted", async () => {
    const [agent, applicant] = [http.newApplicant(), http.newApplicant()];
    const asAgent = { applicant: applicant.person, agent: agentOf(agent), diseaseCode: 'M01600' };
    const squatted = await http.openCase(agent, asAgent);
    const again = await agent.post(filings, await agent.completeFiling(asAgent));
    expect([again.status, again.body.acceptanceNumber]).toEqual([409, squatted]);
    const own = await http.openCase(applicant, { diseaseCode: 'M01600' });
    expect(await reasons(own)).toEqual(['filedBeside']);
    expect(await reasons(squatted)).toEqual(['byAgent', 'filedBeside']);
    await reviewer().tell(own, 'approve');
    await isOver(own);
    await reviewer().tell(squatted, 'approve');
    await until('it comes back', async () =>
      (await reviewer().progress(squatted)).text.includes('该病种已有有效的认定'),
    );
  });

  it("the year's one change is the person's, until an agent's is approved", async () => {
    const agent = http.newApplicant();
    const applicant = http.newApplicant({ person: insuredPeople.accreditationRunning });
    const asAgent = { ...change, applicant: applicant.person, agent: agentOf(agent) };
    const squatted = await http.openCase(agent, asAgent);
    const own = await http.openCase(applicant, change);
    await reviewer().tell(own, 'approve');
    await isOver(own);
    await reviewer().tell(squatted, 'approve');
    await until('it comes back', async () => (await reviewer().progress(squatted)).text.includes('今年已变更过'));
  });

  it("a filing by another phone or an agent: the person's earlier phones hear of it, and the reviewer sees it", async () => {
    const applicant = http.newApplicant();
    const { person } = applicant;
    const [former, later] = [newPhone(), newPhone()];
    const first = await http.openCase(applicant, { applicant: { ...person, phone: former }, diseaseCode: 'M01600' });
    expect(await reasons(first)).toEqual([]);
    const same = await http.openCase(applicant, { applicant: { ...person, phone: former }, diseaseCode: 'M03900' });
    expect(await reasons(same)).toEqual([]);
    const other = await http.openCase(applicant, { applicant: { ...person, phone: later }, diseaseCode: 'M07800' });
    expect(await reasons(other)).toEqual(['otherPhone']);
    const told = async (phone: string) => (await sentTo(phone)).filter((text) => text.includes('曾预留本号码'));
    await until('the former phone has heard', async () => (await told(former)).length > 0);
    expect(await told(former)).toEqual([expect.stringContaining(`尾号${other.slice(-6)}`)]);

    const agent = http.newApplicant();
    const asAgent = { applicant: { ...person, phone: newPhone() }, agent: agentOf(agent), diseaseCode: 'M00500' };
    const byAgent = await http.openCase(agent, asAgent);
    expect(await reasons(byAgent)).toEqual(['byAgent', 'otherPhone']);
    for (const phone of [former, later]) {
      await until('each has heard', async () => (await told(phone)).join().includes(byAgent.slice(-6)));
    }
    expect((await applicant.progress(byAgent)).text).not.toContain('otherPhone');
  });

  it('what an earlier system granted is taken over at the approval, as the core has it, and until then nothing changes', async () => {
    const { name, idNumber, phone: onRecord } = insuredPeople.accreditationJustEnded;
    const applicant = http.newApplicant({ person: { name, idNumber } });
    const renew = async () => {
      const materials = completeMaterials(await applicant.uploaded());
      return http.openCase(applicant, { type: 'renewal', diseaseCode: 'M00500', materials });
    };
    const withdrawn = await renew();
    expect(await reasons(withdrawn)).toEqual(['otherPhone']);
    await applicant.tell(withdrawn, 'withdraw');
    expect(await accreditationsOf(http.store, idNumber)).toEqual([]);
    await until('the phone on record has heard', async () => (await sentTo(onRecord as string)).length > 0);

    const approved = await renew();
    expect(await accreditationsOf(http.store, idNumber)).toEqual([]);
    await reviewer().tell(approved, 'approve');
    await isOver(approved);
    const [held] = await accreditationsOf(http.store, idNumber);
    expect(openPerson(http.store, held as never)).toEqual({ name, idNumber, phone: onRecord });
    expect((await applicant.get('/v1/accreditations')).body.items).toHaveLength(1);
  });

  it('a renewal or a change leaves name and phone of what is held as they are', async () => {
    const applicant = http.newApplicant();
    const { person } = applicant;
    const granted = await http.openCase(applicant, { diseaseCode: 'M00500' });
    await reviewer().tell(granted, 'approve');
    await isOver(granted);
    const elsewhere = { ...change, applicant: { ...person, phone: newPhone() } };
    const changed = await http.openCase(applicant, elsewhere);
    await reviewer().tell(changed, 'approve');
    await isOver(changed);
    const [held] = await accreditationsOf(http.store, person.idNumber);
    expect(held?.institution).toBe(change.designatedInstitution);
    expect(openPerson(http.store, held as never)).toEqual(person);
  });

  it('a supervisor frees who is held up by a case, with a reason that the timeline keeps; nobody else does', async () => {
    const applicant = http.newApplicant();
    const held = await http.openCase(applicant, { diseaseCode: 'M01600' });
    const again = async () =>
      (await applicant.post(filings, await applicant.completeFiling({ diseaseCode: 'M01600' }))).status;
    const [supervisor, reason] = [http.as('supervisor'), '他人冒用身份提交'];
    expect(await again()).toBe(409);
    expect((await reviewer().tell(held, 'release-claims', { reason })).status).toBe(403);
    expect(complaints(await supervisor.tell(held, 'release-claims', { reason: ' ' }))).toEqual(['reason invalid']);
    expect((await supervisor.tell(held, 'release-claims', { reason })).body).toMatchObject({ status: 'underReview' });
    expect((await supervisor.progress(held)).body.timeline.at(-1)).toMatchObject({
      ...{ kind: 'claimsReleased', by: 'supervisor-1', via: 'api', detail: { reason } },
    });
    expect((await applicant.progress(held)).text).not.toContain(reason);
    expect(await again()).toBe(201);
  });

  it("the year's change of a case that has ended is released, too, once", async () => {
    const applicant = http.newApplicant();
    const granted = await http.openCase(applicant, { diseaseCode: 'M00500' });
    await reviewer().tell(granted, 'approve');
    await isOver(granted);
    const changed = await http.openCase(applicant, change);
    await reviewer().tell(changed, 'approve');
    await isOver(changed);
    const next = { ...change, designatedInstitution: '攀钢总医院' };
    const again = async () => (await applicant.post(filings, await applicant.completeFiling(next))).status;
    expect(await again()).toBe(409);
    const [supervisor, key, release] = [http.as('supervisor'), randomUUID(), { reason: '登记有误' }];
    for (const _ of ['once', 'again']) {
      expect((await supervisor.tell(changed, 'release-claims', release, key)).status).toBe(200);
    }
    expect((await supervisor.tell(changed, 'release-claims', release)).status).toBe(409);
    expect((await supervisor.progress(changed)).body.timeline.map(({ kind }) => kind).slice(-2)).toEqual([
      'registered',
      'claimsReleased',
    ]);
    expect(await again()).toBe(201);
  });
});
