import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { WorkflowNotFoundError } from '@temporalio/client';
import type { Workflow } from '@temporalio/common';
import { revokeAccreditation } from '../../../api/accreditations/revoke.ts';
import { insuredPeople } from '../../../dev/stand-ins/insured-people.ts';
import { addDays, addMonths, shanghaiDate, shanghaiInstant } from '../../../domain/dates.ts';
import { openPerson } from '../../../store/accreditations/personal.ts';
import { accreditationsOf, accreditationTimeline, findAccreditation } from '../../../store/accreditations/queries.ts';
import type { AccreditationRow } from '../../../store/accreditations/tables.ts';
import { accreditationMessages, accreditationOptions } from '../../../workflows/messages.ts';
import { breakInsurance } from '../../harness/http/insurance-outage.ts';
import {
  applicant,
  entriesOf,
  type Filed,
  kindsOf,
  reviewer,
  rowOf,
  signal,
  update,
} from '../../harness/office/case.ts';
import { type Office, openOffice, publishTestCalendar } from '../../harness/office/open.ts';
import { newPerson } from '../../harness/people.ts';
import { until } from '../../harness/until.ts';

let office: Office;
async function open(): Promise<void> {
  office = await openOffice();
  await publishTestCalendar(office.store, await office.now());
}
beforeAll(open);
afterAll(() => office?.close());

/**
 * The test server's clock stands still once an accreditation of another test has ended, so years pass in an office of
 * their own.
 */
async function reopen(): Promise<void> {
  await office.close();
  await open();
}

const today = async () => shanghaiDate(await office.now());
const personal = (person = newPerson()) => ({
  applicant: person,
  signature: { name: person.name, signedAt: '2026-01-01T00:00:00Z' },
});
const institution = '攀枝花市第二人民医院';
const toInstitution = {
  insuredType: 'employee',
  hospital: { code: 'H', name: 'H', level: 3 },
  hasElectronicVoucher: true,
  designatedInstitution: institution,
} as const;

async function rowOfAccreditation(id: string): Promise<AccreditationRow> {
  return (await findAccreditation(office.store, id)) as AccreditationRow;
}
const kinds = async (id: string) => (await accreditationTimeline(office.store, id)).map(({ kind }) => kind);
const happened = (id: string, kind: string) =>
  until(`${kind} is recorded`, async () => (await kinds(id)).includes(kind as never));

/** Grants somebody an accreditation that ends (M00500, 24 months). */
async function granted(person = newPerson()) {
  const filed = await office.file({ diseaseCode: 'M00500', personal: personal(person) });
  await update(filed, 'approve', reviewer);
  const { accreditationId } = (await rowOf(office, filed)) as { accreditationId: string };
  await happened(accreditationId, 'granted');
  return { person, filed, row: await rowOfAccreditation(accreditationId) };
}

function renew(person: ReturnType<typeof newPerson>): Promise<Filed> {
  return office.file({ type: 'renewal', diseaseCode: 'M00500', personal: personal(person) });
}

const at = (date: string, time = '12:00') => office.until(shanghaiInstant(date, time));

describe('an approval', () => {
  it('brings an accreditation that is registered with the core and lives as a workflow', async () => {
    const { row, filed } = await granted();
    const on = await today();
    expect(row).toMatchObject({
      status: 'active',
      source: 'application',
      insuredType: 'employee',
      validFrom: on,
      validUntil: addDays(`${Number(on.slice(0, 4)) + 2}${on.slice(4)}`, -1),
      registrationNumber: expect.any(String),
    });
    expect((await kindsOf(office, filed)).slice(-2)).toEqual(['approved', 'registered']);
  });

  it('that the core refuses goes back to the reviewer, and grants nothing', async () => {
    const { name, idNumber } = insuredPeople.registrationRefused;
    const filed = await office.file({ personal: personal({ name, idNumber, phone: '13800138001' }) });
    await filed.handle.executeUpdate('approve', { args: [reviewer] });
    await until('the core has refused', async () => (await kindsOf(office, filed)).includes('registrationRefused'));
    expect(await filed.progress()).toMatchObject({ status: 'underReview', awaiting: { what: 'decision' } });
    expect(await rowOf(office, filed)).toMatchObject({ accreditationId: null, closed: false });
    await update(filed, 'reject', { ...reviewer, reason: '定点医疗机构已停止服务' });
    expect((await filed.progress()).status).toBe('rejected');
  });
});

describe('an application that is not accepted', () => {
  it.each([
    ['arrears', 'new', ['arrears']],
    ['notInsured', 'new', ['notInsured']],
    ['deceased', 'new', ['deceased']],
    ['insuredElsewhere', 'new', ['insuredElsewhere']],
    ['employee', 'renewal', ['nothingToRenew']],
    ['employee', 'changeInstitution', ['nothingToChange']],
    ['accreditationLongEnded', 'renewal', ['renewalTooLate']],
  ] as const)('%s, %s: %j', async (state, type, reasons) => {
    const { name, idNumber } = insuredPeople[state];
    const filed = await office.file({
      type,
      diseaseCode: 'M00500',
      personal: personal({ name, idNumber, phone: '13800138001' }),
      form: toInstitution,
    });
    await filed.handle.result();
    expect(await rowOf(office, filed)).toMatchObject({ status: 'refused', closed: true });
    const entries = await entriesOf(office, filed);
    expect(entries.map(({ kind, detail }) => [kind, detail.reasons])).toEqual([
      ['submitted', undefined],
      ['refused', reasons],
    ]);
  });
});

describe('a renewal', () => {
  beforeEach(reopen);

  it('of what an earlier system granted goes on where it ends', async () => {
    const { name, idNumber, phone } = insuredPeople.accreditationRunning;
    const filed = await renew({ name, idNumber, phone: '13800138001' });
    // Nothing is taken over by a filing: it is the core's until somebody has approved.
    expect(await rowOf(office, filed)).toMatchObject({ status: 'underReview', accreditationId: null });
    expect(await accreditationsOf(office.store, idNumber)).toEqual([]);
    const endsOn = addDays(await today(), 30);
    await update(filed, 'approve', reviewer);
    const { accreditationId } = (await rowOf(office, filed)) as { accreditationId: string };
    await happened(accreditationId, 'renewed');
    const held = await rowOfAccreditation(accreditationId);
    expect(held.source).toBe('core');
    expect(openPerson(office.store, held)).toEqual({ name, idNumber, phone });
    // Decided before the end, it takes the old one's place at once, and still lasts from the old end on.
    expect(await rowOfAccreditation(accreditationId)).toMatchObject({
      status: 'active',
      validFrom: await today(),
      validUntil: addDays(addMonths(addDays(endsOn, 1), 24), -1),
    });
    expect(await kinds(accreditationId)).toEqual(['granted', 'renewed']);
  });

  it('filed in time keeps the benefit without a gap, however late it is decided', async () => {
    const { person, row } = await granted();
    const end = row.validUntil as string;
    await at(addDays(end, -3));
    const filed = await renew(person);
    await at(addDays(end, 10));
    expect((await rowOfAccreditation(row.id)).status).toBe('active');
    await update(filed, 'approve', reviewer);
    await happened(row.id, 'renewed');
    expect(await rowOfAccreditation(row.id)).toMatchObject({ status: 'active', validFrom: addDays(end, 1) });
    expect(await kinds(row.id)).toEqual([
      'granted',
      'renewalReminded',
      'renewalReminded',
      'renewalReminded',
      'renewalFiled',
      'extended',
      'renewed',
    ]);
    await until('a new run has begun with the new period', async () => {
      const { events = [] } = await office.client.workflow.getHandle(row.id).fetchHistory();
      return Boolean(events?.[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId);
    });
  });

  it('that comes to nothing lets it end, and after the end it can be renewed for some days only', async () => {
    const { person, row } = await granted();
    const end = row.validUntil as string;
    await at(addDays(end, -3));
    const filed = await renew(person);
    await at(addDays(end, 2));
    await update(filed, 'withdraw', applicant);
    await happened(row.id, 'renewalEnded');
    expect((await rowOfAccreditation(row.id)).status).toBe('ended');
    await at(addDays(end, 29));
    const late = await renew(person);
    await update(late, 'approve', reviewer);
    await happened(row.id, 'renewed');
    expect(await rowOfAccreditation(row.id)).toMatchObject({ status: 'active', validFrom: await today() });
  });
});

describe('a change of institution', () => {
  it('leaves the period as it is, and is registered in place of the old one', async () => {
    const { person, row } = await granted();
    const filed = await office.file({
      type: 'changeInstitution',
      diseaseCode: 'M00500',
      personal: personal(person),
      form: toInstitution,
    });
    await update(filed, 'approve', reviewer);
    await happened(row.id, 'institutionChanged');
    const after = await rowOfAccreditation(row.id);
    expect(after).toMatchObject({ institution, validFrom: row.validFrom, validUntil: row.validUntil });
    expect(after.registrationNumber).not.toBe(row.registrationNumber);
  });
});

describe('an accreditation without an end', () => {
  it('has a workflow only while something is carried out: a change of institution, a revocation', async () => {
    const person = newPerson();
    const filed = await office.file({ personal: personal(person) });
    await update(filed, 'approve', reviewer);
    const id = (await filed.row()).accreditationId as string;
    const handle = office.client.workflow.getHandle(id);
    const hasEnded = async () => (await handle.describe()).status.name === 'COMPLETED';
    await expect(handle.describe()).rejects.toThrow(WorkflowNotFoundError);
    expect(await kinds(id)).toEqual(['granted']);

    const { form } = await filed.row();
    const change = { type: 'changeInstitution', personal: personal(person) } as const;
    const moved = await office.file({ ...change, form: { ...form, designatedInstitution: institution } });
    await update(moved, 'approve', reviewer);
    await happened(id, 'institutionChanged');
    await until('its workflow has ended', hasEnded);
    expect(await rowOfAccreditation(id)).toMatchObject({ status: 'active', institution, closed: false });

    const payload = { by: 'supervisor-1', cause: 'office', reason: '材料不实' } as const;
    const row = await rowOfAccreditation(id);
    expect(await revokeAccreditation(office.client, row, payload, 'revocation')).toBe('done');
    await happened(id, 'coreInformed');
    await until('its workflow has ended', hasEnded);
    expect(await kinds(id)).toEqual(['granted', 'institutionChanged', 'revoked', 'coreInformed']);
    expect(await rowOfAccreditation(id)).toMatchObject({ status: 'revoked', closed: true });
  });

  it('that is revoked while the core is down tells it when it is back', async () => {
    const filed = await office.file({ personal: personal() });
    await update(filed, 'approve', reviewer);
    const id = (await filed.row()).accreditationId as string;
    const mend = await breakInsurance(`${office.outboxUrl}/insurance`);
    const payload = { by: 'supervisor-1', cause: 'office', reason: '材料不实' } as const;
    expect(await revokeAccreditation(office.client, await rowOfAccreditation(id), payload, 'revocation')).toBe('done');
    expect(await rowOfAccreditation(id)).toMatchObject({ status: 'revoked', closed: false });
    await mend();
    await office.env.sleep('2 minutes');
    await happened(id, 'coreInformed');
    expect(await kinds(id)).toEqual(['granted', 'revoked', 'coreInformed']);
  });

  it('hears of the same change of institution again without a word', async () => {
    const filed = await office.file({ personal: personal() });
    await update(filed, 'approve', reviewer);
    const id = (await filed.row()).accreditationId as string;
    const start = { accreditationId: id, status: 'active' } as const;
    const tell = () =>
      office.client.workflow.signalWithStart<Workflow, [{ acceptanceNumber: string }]>('accreditation', {
        ...accreditationOptions(start),
        args: [start],
        signal: 'institutionChanged',
        signalArgs: [{ acceptanceNumber: 'one' }],
      });
    for (let times = 0; times < 3; times += 1) await tell();
    await happened(id, 'institutionChanged');
    const handle = office.client.workflow.getHandle(id);
    await until('its workflow has ended', async () => (await handle.describe()).status.name === 'COMPLETED');
    expect(await kinds(id)).toEqual(['granted', 'institutionChanged']);
  });
});

describe('while the insurance core is down', () => {
  it('an application stays submitted, its applicant is told so, and it goes on by itself', async () => {
    const mend = await breakInsurance(`${office.outboxUrl}/insurance`);
    const filed = await office.fileOnly({});
    await office.env.sleep('15 minutes');
    expect(await filed.progress()).toMatchObject({ status: 'submitted', awaiting: { what: 'eligibility' } });
    expect(await kindsOf(office, filed)).toEqual(['submitted', 'eligibilityDelayed']);
    await signal(filed, 'approve', reviewer);
    await mend();
    await office.env.sleep('2 minutes');
    await until('it is accepted', async () => (await rowOf(office, filed))?.status === 'underReview');
    expect((await filed.progress()).acceptedOn).toBe(filed.acceptedOn);
    await update(filed, 'withdraw', applicant);
    expect((await kindsOf(office, filed)).slice(2)).toEqual(['messageIgnored', 'accepted', 'withdrawn']);
  });

  it('it can be withdrawn, and ends at once', async () => {
    const mend = await breakInsurance(`${office.outboxUrl}/insurance`);
    const filed = await office.fileOnly({});
    await filed.handle.executeUpdate('withdraw', { args: [applicant] });
    await filed.handle.result();
    expect(await rowOf(office, filed)).toMatchObject({ status: 'withdrawn', closed: true });
    await mend();
  });
});

describe('an accreditation that nobody renews', () => {
  beforeEach(reopen);

  it('is told of its end, ends, and cannot be renewed after some days', async () => {
    const { row } = await granted();
    const end = row.validUntil as string;
    await at(addDays(end, 30), '24:00');
    await happened(row.id, 'closed');
    expect(await rowOfAccreditation(row.id)).toMatchObject({ status: 'ended', closed: true });
    expect((await kinds(row.id)).slice(-2)).toEqual(['ended', 'closed']);
  });
});

describe('a revocation', () => {
  it('ends the accreditation, is told to the core, and is not done by a signal', async () => {
    const { row } = await granted();
    const handle = office.client.workflow.getHandle(row.id);
    const payload = { by: 'supervisor-1', cause: 'office', reason: '材料不实' } as const;
    await handle.signal(accreditationMessages.revoke.signal, payload);
    await handle.executeUpdate(accreditationMessages.revoke.update, { args: [payload] });
    await happened(row.id, 'coreInformed');
    expect(await rowOfAccreditation(row.id)).toMatchObject({ status: 'revoked', closed: true });
    expect(await kinds(row.id)).toEqual(['granted', 'messageIgnored', 'revoked', 'coreInformed']);
  });
});

describe('an accreditation that was revoked', () => {
  beforeEach(reopen);

  it('stays so when the renewal that was under way comes to nothing', async () => {
    const { person, row } = await granted();
    await at(addDays(row.validUntil as string, -3));
    const renewal = await renew(person);
    const handle = office.client.workflow.getHandle(row.id);
    const payload = { by: 'insurance-core', cause: 'deceased', reason: '参保人已死亡' } as const;
    await handle.executeUpdate(accreditationMessages.revoke.update, { args: [payload] });
    await happened(row.id, 'coreInformed');
    await until('it has ended', async () => (await handle.describe()).status.name === 'COMPLETED');
    await update(renewal, 'withdraw', { by: 'applicant-1' });
    await until(
      'the withdrawn one has ended',
      async () => (await renewal.handle.describe()).status.name === 'COMPLETED',
    );
    expect((await handle.describe()).status.name).toBe('COMPLETED');
    expect(await rowOfAccreditation(row.id)).toMatchObject({ status: 'revoked', closed: true });
  });
});

describe('an approval whose period is empty', () => {
  it('goes back to the reviewer, who can put it right', async () => {
    const filed = await office.file({ diseaseCode: 'M00500', personal: personal() });
    await filed.handle.executeUpdate('approve', { args: [{ ...reviewer, validUntil: '2020-01-01' }] });
    await until('it is back', async () => (await kindsOf(office, filed)).includes('registrationRefused'));
    expect((await update(filed, 'approve', reviewer)).status).toBe('approved');
  });
});

describe('an accreditation that is written to over and over', () => {
  it('goes on in a new run with everything it knows', async () => {
    const { row } = await granted();
    const handle = office.client.workflow.getHandle(row.id);
    const { runId } = await handle.describe();
    for (const heard of [80, 160, 240, 320, 400, 480, 560]) {
      await Promise.all(
        Array.from({ length: 80 }, () => handle.signal(accreditationMessages.revoke.signal, {} as never)),
      );
      await until('all is noted', async () => (await kinds(row.id)).length === heard + 1);
    }
    await until('a new run has begun', async () => (await handle.describe()).runId !== runId);
    const payload = { by: 'supervisor-1', cause: 'office', reason: '材料不实' } as const;
    await handle.executeUpdate(accreditationMessages.revoke.update, { args: [payload] });
    await happened(row.id, 'coreInformed');
    const entries = await accreditationTimeline(office.store, row.id);
    expect(entries.map(({ sequence }) => sequence)).toEqual(entries.map((_, index) => index + 1));
    expect(entries.slice(-2).map(({ kind }) => kind)).toEqual(['revoked', 'coreInformed']);
  });
});
