import { existsSync, writeFileSync } from 'node:fs';
import { startCalendarChange } from '../../api/start.ts';
import { insuredPeople } from '../../dev/stand-ins/insured-people.ts';
import type { AccreditationMessages } from '../../domain/accreditation.ts';
import { addWorkingDays } from '../../domain/calendar.ts';
import { addDays, shanghaiDate, shanghaiInstant } from '../../domain/dates.ts';
import { endAbsence } from '../../store/absences.ts';
import { findAccreditation } from '../../store/accreditations.ts';
import type { Filing } from '../../store/applications.ts';
import { readCalendar } from '../../store/calendar.ts';
import type { AccreditationRow } from '../../store/personal.ts';
import type { Person } from '../../store/types.ts';
import { accreditationMessages, deliveryOptions, taskQueue } from '../../workflows/messages.ts';
import { enter } from './absence.ts';
import { applicant, askFor, type Filed, handIn, reviewer, signal, update } from './case.ts';
import { type Office, openOffice, publishTestCalendar } from './office.ts';
import { policy } from './policy.ts';
import { publish } from './publication.ts';
import { createSmsFollowing } from './sms.ts';
import { until } from './until.ts';

/**
 * `npm run record:histories`: plays each kind of case on the real worker and writes its history to test/histories/, which the
 * replay test runs against the code as it is. To be run when a new kind of step exists. What was recorded before stays as it is, since
 * cases like that are still running somewhere.
 */
const cases: Record<string, (office: Office, filed: Filed) => Promise<unknown>> = {
  approved: (_, filed) => update(filed, 'approve', reviewer),
  'supplemented-twice': async (office, filed) => {
    for (const days of [2, 5]) {
      await update(filed, 'requestMaterials', askFor('medicalRecord'));
      await office.env.sleep(`${days} days`);
      await update(filed, 'resubmit', handIn);
    }
    await update(filed, 'approve', reviewer);
  },
  lapsed: (_, filed) => update(filed, 'requestMaterials', askFor('photo')),
  'rejected-resubmitted-approved': async (office, filed) => {
    await update(filed, 'reject', { ...reviewer, reason: '病历不能证明诊断' });
    await office.env.sleep('3 days');
    await update(filed, 'resubmit', handIn);
    await update(filed, 'approve', reviewer);
  },
  'rejected-closed': (_, filed) => update(filed, 'reject', { ...reviewer, reason: '不符合条件' }),
  'escalated-approved-by-signal': async (office, filed) => {
    await update(filed, 'assign', { by: 'supervisor-1', to: 'reviewer-2' });
    await signal(filed, 'resubmit', handIn);
    await office.until(shanghaiInstant(addDays(filed.acceptedOn, 40), '12:00'));
    await update(filed, 'calendarChanged', { version: 2 });
    await signal(filed, 'approve', { by: 'reviewer-2' });
  },
  'hears-of-a-calendar': async (office, filed) => {
    const { dueOn } = await update(filed, 'assign', { by: 'supervisor-1', to: 'reviewer-2' });
    const { version } = await publish(office, { daysOff: [dueOn as string] });
    await signal(filed, 'calendarChanged', { version });
    await signal(filed, 'calendarChanged', { version });
    await update(filed, 'approve', { by: 'reviewer-2' });
  },
  'verified-approved': async (office, filed) => {
    await update(filed, 'requestVerification', reviewer);
    await office.env.sleep('3 days');
    await update(filed, 'recordVerification', { by: 'clerk-1', passed: true });
    await update(filed, 'approve', reviewer);
  },
  'verification-missed-rejected-appealed-approved': async (office, filed) => {
    await update(filed, 'requestVerification', reviewer);
    await office.env.sleep('20 days');
    await update(filed, 'reject', { ...reviewer, reason: '未核验原件' });
    await office.env.sleep('2 days');
    await update(filed, 'appeal', { ...applicant, reason: '已约好时间' });
    await update(filed, 'approve', { by: 'reviewer-2' });
  },
  'reminded-asked-belatedly-corrected': async (office, filed) => {
    await office.env.sleep('11 days'); // the reminder of 一次性告知
    await update(filed, 'requestMaterials', askFor('photo'));
    await update(filed, 'resubmit', { ...applicant, materials: [{ kind: 'photo', fileIds: ['f1'] }] });
    await signal(filed, 'requestMaterials', askFor('medicalRecord'));
    const belated = { ...askFor('medicalRecord'), belatedReason: '漏看', authority: 'supervisor' };
    await update(filed, 'requestMaterials', { ...belated, by: 'supervisor-1' });
    await update(filed, 'resubmit', { ...handIn, form: 'form-1' });
    await update(filed, 'reject', { ...reviewer, reason: '病情不符', grounds: ['criteriaNotMet'] });
    await update(filed, 'withdraw', applicant).catch(() => undefined);
  },
  withdrawn: (_, filed) => update(filed, 'withdraw', applicant),
  registered: (_, filed) => update(filed, 'approve', reviewer),
  refused: async () => undefined,
};

/** Those in which 短信 wait for their hour, by the shipped policy; filed in the evening. */
const heldCases: typeof cases = {
  'held-till-morning': async (office, filed) => {
    await office.env.sleep('3 days');
    await update(filed, 'approve', reviewer);
  },
  'held-and-overtaken': async (_, filed) => {
    await update(filed, 'requestMaterials', askFor('photo'));
    await update(filed, 'resubmit', handIn);
    await update(filed, 'approve', reviewer);
  },
};

/** Who applies, where it isn't just anybody. */
const filings: Record<string, Partial<Filing>> = {
  refused: filingOf(insuredPeople.arrears),
  'reminded-asked-belatedly-corrected': { review: { oneTimeNotice: true } },
};

function filingOf({ name, idNumber }: Pick<Person, 'name' | 'idNumber'>): Partial<Filing> {
  const signature = { name, signedAt: '2026-01-01T00:00:00Z' };
  return { diseaseCode: 'M00500', personal: { applicant: { name, idNumber, phone: '13800138001' }, signature } };
}

/** The workflows beside the cases. Each leaves something for the next: a case that is moved, and not told yet. */
const others: Record<string, (office: Office) => Promise<string | [id: string, runId: string]>> = {
  async 'calendar-change'(office) {
    const filed = await movedCase(office);
    const { version } = await readCalendar(office.store);
    await startCalendarChange(office.client, { version });
    await office.env.sleep('5 s');
    await update(filed, 'withdraw', applicant);
    return `calendar-change-${version}`;
  },
  /** The first run of one that ends, up to the renewal that begins the next. */
  async 'accreditation-renewed'(office) {
    const { accreditationId, runId } = await renewed(office);
    return [accreditationId, runId];
  },
  /** The run after that, which began with continue-as-new, up to the revocation that ends it. */
  async 'accreditation-next-period'(office) {
    const { accreditationId } = await renewed(office);
    await revoke(office, accreditationId);
    return accreditationId;
  },
  async 'accreditation-revoked'(office) {
    const { accreditationId } = await granted(office);
    await revoke(office, accreditationId);
    return accreditationId;
  },
  async reconcile(office) {
    await movedCase(office);
    await office.client.workflow.execute('reconcile', { workflowId: 'reconcile', taskQueue });
    return 'reconcile';
  },
  async absence(office) {
    const filed = await office.file();
    await update(filed, 'assign', { by: 'supervisor-1', to: 'reviewer-2' });
    const { workflowId, begins } = await enter(office, 'reviewer-2', [1, 2], 'reviewer-1');
    await begins();
    await update(filed, 'withdraw', applicant);
    return workflowId;
  },
  async 'absence-changed'(office) {
    const { workflowId, begins } = await enter(office, 'reviewer-2', [1, 2], 'reviewer-1');
    await endAbsence(office.store, 'reviewer-2', await office.now());
    await begins();
    return workflowId;
  },
  /** Of a number that there isn't: by nobody, and then by phone, which takes too long. */
  async delivery(office) {
    const messageId = await failed(office);
    const options = { ...deliveryOptions({ messageId }), args: [{ messageId }] };
    const { workflowId } = await office.client.workflow.start('delivery', options);
    await office.env.sleep('12 hours');
    return workflowId;
  },
  async receipts(office) {
    await failed(office);
    await office.client.workflow.execute('receipts', { workflowId: 'receipts', taskQueue });
    return 'receipts';
  },
};

/** @returns the id of a 短信 that has failed */
async function failed(office: Office): Promise<string> {
  const { fileBy } = createSmsFollowing(() => office);
  const { filed, id } = await fileBy('0001');
  await update(filed, 'withdraw', applicant);
  return id;
}

async function granted(office: Office): Promise<{ accreditationId: string; person: Person }> {
  const filed = await office.file({ diseaseCode: 'M00500' });
  await update(filed, 'approve', reviewer);
  const { accreditationId } = await filed.row();
  return { accreditationId: accreditationId as string, person: filed.personal.applicant };
}

/** One that was renewed, and goes on in a run of its own. @returns it, with the id of the run before */
async function renewed(office: Office): Promise<{ accreditationId: string; runId: string }> {
  const { accreditationId, person } = await granted(office);
  const { runId } = await office.client.workflow.getHandle(accreditationId).describe();
  const { validUntil } = (await findAccreditation(office.store, accreditationId)) as AccreditationRow;
  await office.until(shanghaiInstant(addDays(validUntil as string, -3), '12:00'));
  const renewal = await office.file({ ...filingOf(person), type: 'renewal' });
  await office.until(shanghaiInstant(addDays(validUntil as string, 2), '12:00'));
  await update(renewal, 'approve', reviewer);
  await renewal.handle.result();
  await until('the next run has begun', async () => {
    return (await office.client.workflow.getHandle(accreditationId).describe()).runId !== runId;
  });
  return { accreditationId, runId };
}

async function revoke(office: Office, accreditationId: string): Promise<void> {
  const args: [AccreditationMessages['revoke']] = [{ by: 'supervisor-1', cause: 'office', reason: '材料不实' }];
  await office.client.workflow.getHandle(accreditationId).executeUpdate(accreditationMessages.revoke.update, { args });
  await until('it has ended', async () => (await findAccreditation(office.store, accreditationId))?.closed === true);
}

async function movedCase(office: Office): Promise<Filed> {
  const filed = await office.file();
  const { dueOn } = await update(filed, 'assign', { by: 'supervisor-1', to: 'reviewer-2' });
  await publish(office, { daysOff: [dueOn as string] });
  return filed;
}

const fileOf = (name: string) => new URL(`../histories/${name}.json`, import.meta.url);
const isNew = (name: string) => !existsSync(fileOf(name));

async function save(name: string, office: Office, workflowId: string, runId?: string): Promise<void> {
  const history = JSON.stringify(await office.client.workflow.getHandle(workflowId, runId).fetchHistory(), null, 1);
  // Who recorded it on which machine is nobody's business and changes nothing.
  const anonymous = history.replaceAll(/"identity": "[^"]*"/g, '"identity": "recorder"');
  writeFileSync(fileOf(name), `${anonymous}\n`);
  console.log(`recorded ${name}`);
}

const office = await openOffice({ bothSmsProviders: true });
await publishTestCalendar(office.store, new Date(await office.env.currentTimeMs()).toISOString());
for (const [name, play] of Object.entries(cases).filter(([name]) => isNew(name))) {
  const filed = await office.file(filings[name]);
  await play(office, filed);
  await filed.handle.result();
  await save(name, office, filed.acceptanceNumber);
}
for (const [name, play] of Object.entries(others).filter(([name]) => isNew(name))) {
  const [workflowId, runId] = [await play(office)].flat();
  await save(name, office, workflowId as string, runId);
}
await office.close();
const evenings = await openOffice({ policy });
await publishTestCalendar(evenings.store, await evenings.now());
for (const [name, play] of Object.entries(heldCases).filter(([name]) => isNew(name))) {
  const date = addWorkingDays(await readCalendar(evenings.store), shanghaiDate(await evenings.now()), 1);
  await evenings.until(shanghaiInstant(date, '20:00'));
  const filed = await evenings.file();
  await play(evenings, filed);
  await filed.handle.result();
  await save(name, evenings, filed.acceptanceNumber);
}
await evenings.close();
process.exit(0);
