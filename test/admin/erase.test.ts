import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { eq } from 'drizzle-orm';
import { check } from '../../admin/check.ts';
import { type RetentionCommand, readRetentionCommand, runRetentionCommand } from '../../admin/retention/commands.ts';
import { createTemporalClient } from '../../api/temporal.ts';
import { systemClock } from '../../config/clock.ts';
import { searchColumns } from '../../store/cases/search.ts';
import { application } from '../../store/cases/tables.ts';
import { erasure } from '../../store/retention/tables.ts';
import type { Caller } from '../harness/http/caller.ts';
import { dayFromNow } from '../harness/http/documents.ts';
import {
  dumpOf,
  hasContent,
  historiesOf,
  leaveTraces,
  signedBy,
  uniquePerson,
  untilShownClosed,
} from '../harness/http/unique-person.ts';
import { useHttp } from '../harness/http/use-http.ts';
import { testKeyring } from '../harness/keyring.ts';
import { keepHouse } from '../harness/office/housekeeping.ts';
import { newPerson } from '../harness/people.ts';
import { policies } from '../harness/policy.ts';
import { runScript, temporaryFolder, untilEnded } from '../harness/programs/scripts.ts';
import { until } from '../harness/until.ts';

// Temporal puts off deleting what has closed just now, by ten seconds and more.
jest.setTimeout(180_000);

const http = useHttp();
const folder = temporaryFolder('erase');
afterAll(folder.remove);

/** The program, as an operator runs it. */
function start(...args: string[]) {
  return runScript(
    'admin/main.ts',
    {
      DATABASE_URL: http.cables.api.url,
      TEMPORAL_ADDRESS: http.env.address,
      TEMPORAL_NAMESPACE: http.env.namespace,
      FILES_DIR: http.store.filesDir,
      DATA_KEYS: `k1:${Buffer.alloc(32, 7).toString('base64')}`,
      DATA_HASH_KEY: Buffer.alloc(32, 9).toString('base64'),
    },
    args,
  );
}

type Outcome = [code: number | string, output: string];

async function program(...args: string[]): Promise<Outcome> {
  const script = start(...args);
  return [await untilEnded(script), script.output().trim()];
}

const client = () => createTemporalClient(http.env.connection, http.env.namespace, testKeyring);

/** What the program does, without its start. */
async function admin(...args: string[]): Promise<Outcome> {
  const lines: string[] = [];
  const asked = readRetentionCommand(args, systemClock()) as RetentionCommand;
  const keeping = { client: client(), store: http.store, policies, now: systemClock };
  return [await runRetentionCommand(keeping, asked, (line) => lines.push(line)), lines.join('\n')];
}

/** A case of this person's, who signs. */
const filesFor = (owner: Caller, applicant: ReturnType<typeof uniquePerson>, diseaseCode: string) =>
  http.openCase(owner, { applicant, diseaseCode, signature: signedBy(applicant) });

const reason = ['--reason', '本人申请删除', '--by', 'admin-1'];
const statistics = async () => {
  const { body } = await http.as('supervisor').get(`/v1/statistics?from=${dayFromNow(-1)}`);
  return { ...body, at: undefined };
};

/** Whether anything is apart. */
function isWell(): Promise<boolean> {
  return check({ client: client(), store: http.store, policies, now: systemClock }, { repair: false }, () => undefined);
}

describe('npm run admin -- erase', () => {
  const person = uniquePerson();
  let owner: Caller;
  let traces: Awaited<ReturnType<typeof leaveTraces>>;
  let fileIds: string[];
  let read: { id: string; readAt: string };
  beforeAll(async () => {
    owner = http.newApplicant({ person });
    traces = await leaveTraces(http, owner, person);
    await owner.uploaded();
    const ofCase = (await owner.get('/v1/inbox')).body.items.find((item) => item.acceptanceNumber !== null);
    read = (await owner.post(`/v1/inbox/${ofCase?.id}/read`)).body as unknown as typeof read;
    fileIds = readdirSync(http.store.filesDir);
  });

  it('is stopped by a hold of the person or of a case, and says why', async () => {
    const [number] = traces.cases as [string];
    for (const subject of [person.idNumber, number]) {
      expect(await admin('hold', subject, '--reason', '法院调取', '--by', 'supervisor-1')).toEqual([
        0,
        '已设为法律保留,解除之前不会删除。',
      ]);
      expect(await admin('hold', subject, ...reason)).toEqual([1, '已处于法律保留,没有改变。']);
      const listed = new RegExp(`^共有 \\d+ 项法律保留。[^]*${number}.*:法院调取\\(supervisor-1,`);
      expect(await admin('holds')).toEqual([0, expect.stringMatching(listed)]);
      const [code, output] = await admin('erase', person.idNumber, ...reason);
      expect(code).toBe(1);
      expect(output).toMatch(/^处于法律保留,没有删除。.*\n(该人|\w+):法院调取\(supervisor-1,/);
      expect((await owner.progress(number)).status).toBe(200);
      expect(await admin('lift-hold', subject, '--reason', '案件已结')).toEqual([0, '已解除法律保留。']);
    }
    expect(await admin('lift-hold', person.idNumber, ...reason)).toEqual([1, '没有处于法律保留。']);
  });

  it('exports everything first, with the files as they were uploaded', async () => {
    const target = join(folder.path, 'export');
    const [code, output] = await admin('export', person.idNumber, target);
    expect([code, output]).toEqual([0, expect.stringMatching(/申请 2 件、认定 1 项、作为代办人 0 件、文件 3 个/)]);
    const data = JSON.parse(readFileSync(join(target, 'data.json'), 'utf8'));
    expect(data.cases.map(({ acceptanceNumber }: { acceptanceNumber: string }) => acceptanceNumber)).toEqual(
      traces.cases,
    );
    expect(data.cases[0]).toMatchObject({ applicant: person, status: 'approved', form: { insuredType: 'employee' } });
    const withdrawn = JSON.stringify(data.cases[1].timeline);
    expect(withdrawn).toContain(`${person.name}(${person.idNumber},${person.phone})不办了`);
    expect(data.cases[1].internalNotes).toEqual([
      expect.objectContaining({ by: 'reviewer-1', text: `${person.name}(${person.idNumber},${person.phone})来电` }),
    ]);
    expect(data.accreditations[0]).toMatchObject({ id: traces.accreditationId, person });
    type Told = { readAt: string | null };
    const told = data.cases.flatMap(({ notifications }: { notifications: Told[] }) => notifications);
    expect(told.filter(({ readAt }: Told) => readAt !== null)).toEqual([
      expect.objectContaining({ id: read.id, channel: 'app', readAt: read.readAt }),
    ]);
    const names = ['readAt', 'attended', 'documentSeen', 'document', 'of', 'ticketTakenAt'];
    expect(names.filter((name) => !data.titles[name])).toEqual([]);
    expect(data.otherFiles).toHaveLength(1);
    for (const path of Object.values(data.paths) as string[]) {
      expect(readFileSync(join(target, path)).subarray(1, 4).toString()).toBe('PNG');
    }
    expect(Object.keys(data.paths).sort()).toEqual(fileIds.sort());
    await expect(admin('export', person.idNumber, target)).rejects.toThrow('文件夹已存在');
  });

  it('refuses what is still open, and says what to do', async () => {
    const open = await filesFor(owner, person, 'M07800');
    const [code, output] = await admin('erase', person.idNumber, ...reason);
    expect([code, output]).toEqual([
      1,
      `没有删除:\n还有在办的申请 ${open}:请先由申请人撤回,或等办结。\n然后重新执行。`,
    ]);
    expect(await http.store.db.$count(erasure)).toBe(0);
    await owner.tell(open, 'withdraw');
    await untilShownClosed(http.env.client, open);
    traces.cases.push(open);
  });

  it('leaves nothing that names the person, neither here nor in Temporal, and the figures as they were', async () => {
    const traced = [person.name, person.idNumber, person.phone, '不办了', '自愿放弃'];
    const [dump, histories] = [await dumpOf(http.store), await historiesOf(http)];
    expect(dump).toContain(owner.id);
    expect(histories).toContain(person.name);
    const before = await statistics();
    const began = performance.now();
    const [code, output] = await program('erase', person.idNumber, ...reason);
    expect([code, output]).toEqual([
      0,
      expect.stringMatching(/^已删除申请 3 件、认定 1 项、文件 4 个的个人信息;记录编号 [\w-]+。$/),
    ]);
    console.info(`erased 3 cases and an accreditation in ${Math.round(performance.now() - began)} ms`);
    const hashes = [person.idNumber, person.phone].map((text) => http.store.keyring.hash(text));
    hashes.push(...Object.values(searchColumns(http.store, person)));
    const after = await dumpOf(http.store);
    for (const trace of traced) expect(after).not.toContain(trace);
    const withoutAudit = await dumpOf(http.store, 'audit_entry');
    for (const trace of [...hashes, ...fileIds]) expect(withoutAudit).not.toContain(trace);
    const remembered = await historiesOf(http);
    for (const trace of [...traced, owner.id, ...traces.cases, traces.accreditationId])
      expect(remembered).not.toContain(trace);
    for (const id of fileIds) expect(hasContent(http.store, id)).toBe(false);
    expect(await statistics()).toEqual(before);
  });

  it('leaves of a row what statistics count', async () => {
    const { state, submittedAt, erasedAt, ...row } = await rowOf(traces.cases[1] as string);
    expect([submittedAt, erasedAt]).toEqual([expect.any(String), expect.any(String)]);
    expect([state.status, state.filedBy]).toEqual(['withdrawn', []]);
    expect({ ...row, personal: '' }).toEqual({
      ...{ acceptanceNumber: traces.cases[1], submittedBy: '', type: 'new', channel: 'scApp', diseaseCode: 'M03900' },
      ...{
        personal: '',
        idNumberHash: '',
        phoneHash: '',
        nameHash: '',
        phoneTailHash: '',
        ...{ agentHash: null, accreditationId: null },
      },
      reservedUntil: null,
      reservedFor: null,
      policyVersion: 'panzhihua-2025.1',
      form: { insuredType: 'employee', hospital: { code: '', name: '', level: 0 }, hasElectronicVoucher: false },
      ...{
        insured: null,
        corePhone: null,
        sequence: 3,
        status: 'withdrawn',
        round: 1,
        assignee: 'reviewer-1',
        escalationLevel: 0,
      },
      ...{ dueOn: row.dueOn, provisional: row.provisional, workingDaysLeft: row.workingDaysLeft },
      ...{ windowEndsOn: null, appealUntil: null, announcedDueOn: row.announcedDueOn },
      ...{ announcedWindowEndsOn: row.announcedWindowEndsOn, calendarVersion: row.calendarVersion },
      ...{ calendarUnheard: false, closed: true, attended: [] },
    });
  });

  it('is recorded without saying of whom', async () => {
    const [row] = await http.store.db.select().from(erasure);
    expect(row).toMatchObject({ by: 'admin-1', idNumberHash: null, cases: 3, accreditations: 1, files: 4 });
    expect(row?.finishedAt).not.toBeNull();
  });

  it('is nothing that housekeeping or check would repair, and nobody sees what was erased', async () => {
    await until('all is well', isWell);
    expect(await keepHouse(http.env.client)).toBe(0);
    const reviewer = http.as('reviewer');
    for (const number of traces.cases) expect((await reviewer.progress(number)).status).toBe(404);
    expect((await reviewer.get(`/v1/accreditations/${traces.accreditationId}`)).status).toBe(404);
    const look = await reviewer.post('/v1/people/lookup', { idNumber: person.idNumber });
    expect(look.text).not.toMatch(new RegExp(traces.cases.join('|')));
    const listed = await reviewer.get('/v1/applications');
    expect(listed.text).not.toMatch(new RegExp(traces.cases.join('|')));
    expect((await owner.get('/v1/inbox')).body.items).toEqual([]);
    expect((await owner.get('/v1/applications')).body.items).toEqual([]);
  });

  it('lets the person file anew afterwards', async () => {
    const again = await filesFor(owner, person, 'M01600');
    await owner.tell(again, 'withdraw');
  });
});

describe('the commands about what is held of a person', () => {
  it('say how they are used, and what is wrong with what they were given', async () => {
    const { idNumber } = uniquePerson();
    const wrong = [['erase', idNumber], ['erase'], ['export'], ['hold', idNumber, '--why', 'x'], ['holds', idNumber]];
    for (const args of wrong) {
      expect(readRetentionCommand(args, systemClock())).toBeUndefined();
    }
    for (const command of ['erase', 'hold', 'lift-hold']) {
      const args = [command, '510402198803152121', ...reason];
      expect(() => readRetentionCommand(args, systemClock())).toThrow('身份证号有误');
    }
    expect(() => readRetentionCommand(['erase', idNumber, '--reason', ' '], systemClock())).toThrow('请填写原因');
    expect(await admin('erase', idNumber, ...reason)).toEqual([0, expect.stringContaining('没有查到该人的其他信息')]);
  });
});

describe('an erasure that was killed', () => {
  it('keeps the person from filing until the next run finishes it', async () => {
    const person = uniquePerson();
    const owner = http.newApplicant({ person });
    const { cases } = await leaveTraces(http, owner, person);
    const script = start('erase', person.idNumber, ...reason);
    const isTakenOut = async (number: string) => (await rowOf(number)).erasedAt !== null;
    await until('it has begun', async () => (await Promise.all(cases.map(isTakenOut))).includes(true), 120_000);
    script.process.kill('SIGKILL');
    expect(await untilEnded(script)).toBe('SIGKILL');
    const filing = await owner.completeFiling({ applicant: person, signature: signedBy(person) });
    const refused = await owner.post('/v1/applications', filing);
    expect([refused.status, refused.body.code]).toEqual([409, 'being-erased']);
    const [code, output] = await admin('erase', person.idNumber, ...reason);
    expect([code, output]).toEqual([0, expect.stringContaining('已删除申请 2 件、认定 1 项')]);
    const traced = [person.name, person.idNumber, person.phone, http.store.keyring.hash(person.idNumber)];
    const left = (await dumpOf(http.store, 'audit_entry')) + (await historiesOf(http));
    for (const trace of traced.slice(1)) expect(left).not.toContain(trace);
    // What they had uploaded went with the rest.
    expect((await owner.post('/v1/applications', filing)).body.code).toBe('invalid');
    await filesFor(owner, person, 'M01600');
  });
});

describe('somebody who acted for others', () => {
  it('is taken out of their closed cases', async () => {
    const agent = { ...uniquePerson(), relation: '子女' };
    const [owner, applicant] = [http.newApplicant({ person: agent }), newPerson()];
    const signature = signedBy(agent);
    const number = await http.openCase(owner, { applicant, agent, signature } as never);
    const [code, output] = await admin('erase', agent.idNumber, ...reason);
    expect([code, output]).toEqual([1, expect.stringContaining(`还有由其代办的在办申请 ${number}`)]);
    await owner.tell(number, 'withdraw');
    await until('it is closed', async () => (await rowOf(number)).closed);
    const target = join(folder.path, 'agent');
    expect((await admin('export', agent.idNumber, target))[0]).toBe(0);
    expect(JSON.parse(readFileSync(join(target, 'data.json'), 'utf8')).asAgent).toMatchObject([{ agent }]);
    expect((await admin('erase', agent.idNumber, ...reason))[0]).toBe(0);
    const text = (await http.as('reviewer', 'reviewer-1').progress(number)).text;
    expect(text).toContain(applicant.name);
    expect(text).not.toContain(agent.name);
    expect(await dumpOf(http.store, 'audit_entry')).not.toContain(owner.id);
  });
});

async function rowOf(number: string) {
  const [row] = await http.store.db.select().from(application).where(eq(application.acceptanceNumber, number));
  return row as typeof application.$inferSelect;
}
