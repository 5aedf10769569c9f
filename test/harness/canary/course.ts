import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OutboxNotification } from '../../../dev/stand-ins/outbox.ts';
import type { Stack } from '../faults/stack.ts';
import type { Caller } from '../http/caller.ts';
import { completeMaterials, dayFromNow, newScan } from '../http/documents.ts';
import { until } from '../until.ts';
import { called, handedOver } from './beside.ts';
import { hasStatus, PATIENCE_MS, type People } from './people.ts';
import { canary, diagnosed, institution, written } from './secrets.ts';

/** A scan in which all of it stands. */
const scan = () => Buffer.concat([newScan(), Buffer.from(`% ${Object.values(canary).join()} ${written('scan')}\n`)]);

const signature = () => ({ name: canary.name, signedAt: new Date().toISOString() });

async function filing({ applicant }: People, diseaseCode: string) {
  const { name, idNumber, phone, agent } = canary;
  return {
    type: 'new',
    diseaseCode,
    channel: 'scApp',
    insuredType: 'employee',
    applicant: { name, idNumber, phone, residesElsewhere: false },
    agent,
    hospital: { code: 'H51040200001', name: diagnosed.hospital, level: 3 },
    diagnosis: { doctor: { name: diagnosed.doctor }, diagnosedOn: dayFromNow(-3) },
    designatedInstitution: institution,
    hasElectronicVoucher: true,
    materials: completeMaterials(await applicant.uploaded(scan())),
    signature: signature(),
  };
}

/** Files, and waits until the case has come to rest. */
export async function file(people: People, diseaseCode: string): Promise<string> {
  const body = await filing(people, diseaseCode);
  const reply = await people.answered(201, people.applicant.post('/v1/applications', body, randomUUID()));
  const { acceptanceNumber } = reply.body;
  await hasStatus(people, acceptanceNumber, 'underReview');
  return acceptanceNumber;
}

/** Every message, a call, a handover, and a new phone. */
export async function throughEveryMessage(stack: Stack, people: People): Promise<void> {
  const { as, applicant, answered } = people;
  const [reviewer, second, supervisor, clerk] = [
    as('reviewer'),
    as('reviewer', 'reviewer-2'),
    as('supervisor'),
    as('clerk'),
  ];
  const tell = (who: Caller, number: string, message: string, body: object) =>
    answered(200, who.tell(number, message, body));

  const number = await file(people, 'M01600');
  await called(stack, people, number);
  await tell(reviewer, number, 'assign', { to: 'reviewer-1' });
  await handedOver(people, number, ['reviewer-1', 'reviewer-2']);
  const items = [{ kind: 'medicalRecord', problem: written('problem') }];
  await tell(second, number, 'request-materials', { items, note: written('note') });
  await answered(201, second.tell(number, 'notes', { text: written('internal note') }));
  const medicalRecord = completeMaterials(await applicant.uploaded(scan()))[3];
  const form = { hospital: { code: 'H2', name: diagnosed.hospital, level: 3 }, signature: signature() };
  await tell(applicant, number, 'resubmit', { materials: [medicalRecord], form });
  await tell(second, number, 'reject', { reason: written('reason') });
  await tell(applicant, number, 'appeal', { reason: written('appeal'), materials: [medicalRecord] });
  await tell(supervisor, number, 'request-verification', { note: written('verification') });
  await tell(clerk, number, 'record-verification', { passed: true, note: written('outcome') });
  await changePhone(stack, people, number);
  await tell(supervisor, number, 'approve', { note: written('approval') });

  const withdrawn = await file(people, 'M03900');
  await tell(applicant, withdrawn, 'withdraw', { reason: written('withdrawal') });
  const accreditations = async () => (await applicant.get('/v1/accreditations')).body.items;
  await until('it is granted', async () => (await accreditations()).length > 0, PATIENCE_MS);
  const [granted] = await accreditations();
  const revocation = `/v1/accreditations/${granted?.accreditationId}/revoke`;
  await answered(200, supervisor.post(revocation, { reason: written('revocation') }, randomUUID()));
}

async function changePhone(stack: Stack, { applicant, answered }: People, number: string): Promise<void> {
  const { phone, newPhone } = { phone: canary.newPhone, newPhone: { phone: canary.newPhone } };
  await answered(202, applicant.post(`/v1/applications/${number}/phone`, newPhone));
  const code = () =>
    sms(stack)
      .find(({ to }) => to.includes(phone))
      ?.body.match(/(?<!\d)\d{6}(?!\d)/)?.[0];
  await until('the code has come', async () => code() !== undefined, PATIENCE_MS);
  await answered(200, applicant.post(`/v1/applications/${number}/phone/confirm`, { code: code() }));
}

/** What the stand-ins were sent, newest first. */
function sms(stack: Stack): OutboxNotification[] {
  const lines = readFileSync(join(stack.folder, 'outbox.jsonl'), 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line)).reverse();
}

/** What people send that can't be taken, with all of it in every place where it may be said back or written down. */
export async function refused(people: People): Promise<void> {
  const { as, applicant, answered } = people;
  const body = await filing(people, 'M01600');
  const file = (changed: unknown, status: number) =>
    answered(status, applicant.post('/v1/applications', changed, randomUUID()));
  await file({ ...body, unknown: `${canary.idNumber} ${canary.name} ${written('field')}` }, 422);
  await file({ ...body, applicant: { ...body.applicant, name: `${canary.name}1`, phone: canary.idNumber } }, 422);
  await file(`{"name": "${canary.name} ${canary.phone} ${written('syntax')}`, 400);
  for (const secret of [canary.idNumber, canary.phone, encodeURIComponent(canary.name), written('path')]) {
    await answered(404, applicant.get(`/v1/applications/${secret}`));
    await answered(404, as('reviewer').get(`/v1/nothing/${secret}?q=${secret}`));
  }
}

const TWILIO = '';
const MORE_THAN_IT_TRIES = 100;

/**
 * The insurance core and one 短信 provider fail for a while, the other as long as this goes on, with what they were
 * asked in what they say.
 */
export async function withFailures(stack: Stack, people: People): Promise<void> {
  const plan = (provider: string, fault: object) =>
    fetch(new URL(`${provider}/control`, stack.env.ALIYUN_ENDPOINT), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(fault),
    });
  for (const provider of ['/insurance', '/aliyun']) await plan(provider, { status: 500, times: 2 });
  // It says that it hasn't taken it, so the other one may.
  await plan(TWILIO, { status: 429, times: MORE_THAN_IT_TRIES });
  const number = await file(people, 'M07800');
  await stack.worker.kill();
  const decided = people.as('reviewer').tell(number, 'approve', { note: written('while it is away') });
  await stack.worker.start();
  await decided;
  await hasStatus(people, number, 'approved');
  const takenByAliyun = async () => sms(stack).some((taken) => taken.kind === 'sms' && taken.provider === 'aliyun');
  await until('the other provider has taken one', takenByAliyun, PATIENCE_MS);
}
