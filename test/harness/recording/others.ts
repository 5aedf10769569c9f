import { startCalendarChange } from '../../../api/calendar/start.ts';
import type { AccreditationMessages } from '../../../domain/accreditations/messages.ts';
import { addDays, shanghaiInstant } from '../../../domain/dates.ts';
import { phoneCodeText } from '../../../policy/people/phone-texts.ts';
import { findAccreditation } from '../../../store/accreditations/queries.ts';
import type { AccreditationRow } from '../../../store/accreditations/tables.ts';
import { readCalendar } from '../../../store/calendar/queries.ts';
import { idempotency } from '../../../store/idempotency/tables.ts';
import type { Person } from '../../../store/people/personal.ts';
import { issuePhoneCode } from '../../../store/people/phone-codes.ts';
import { endAbsence } from '../../../store/staff/absences.ts';
import {
  accreditationMessages,
  type DispatchNotificationStart,
  dispatchNotificationOptions,
  housekeepingQueue,
} from '../../../workflows/messages.ts';
import { enter } from '../office/absence.ts';
import { applicant, askFor, type Filed, handIn, reviewer, update } from '../office/case.ts';
import { type Office, untilNextWorkingDay } from '../office/open.ts';
import { publish } from '../office/publication.ts';
import { createSmsFollowing } from '../office/sms.ts';
import { policy } from '../policy.ts';
import { until } from '../until.ts';
import { filingOf } from './cases.ts';

/** The workflows beside the cases. Each leaves something for the next: a case that is moved, and not told yet. */
export const others: Record<string, (office: Office) => Promise<string | [id: string, runId: string]>> = {
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
    const { fileBy, takeUp } = createSmsFollowing(() => office);
    const { filed, id } = await fileBy('0001');
    await takeUp(id);
    await office.env.sleep('12 hours');
    await update(filed, 'withdraw', applicant);
    return id;
  },
  async 'dispatch-notification'(office) {
    const start = await codeForNewPhone(office);
    await office.client.workflow.execute('dispatchNotification', {
      ...dispatchNotificationOptions(start),
      args: [start],
    });
    return start.notificationId;
  },
};

/** What lists and counts, as only the real server can: there time passes as it does. */
export const realOthers: typeof others = {
  async housekeeping(office) {
    const { filed } = await createSmsFollowing(() => office).fileBy('0001');
    const options = { workflowId: 'housekeeping', taskQueue: housekeepingQueue, args: [{ passes: 2 }] };
    await office.client.workflow.execute('housekeeping', options);
    await update(filed, 'withdraw', applicant);
    return 'housekeeping';
  },
  /** More requests to forget than fit into a batch. */
  async retention(office) {
    const createdAt = '2001-01-01T00:00:00.000Z';
    const requests = Array.from({ length: 1_500 }, (_, index) => {
      return { subject: 'account', key: `${index}`, bodyHash: '', acceptanceNumber: '', createdAt };
    });
    await office.store.db.insert(idempotency).values(requests);
    await office.client.workflow.execute('retention', { workflowId: 'retention', taskQueue: housekeepingQueue });
    return 'retention';
  },
};

/** Those in which mails wait for their hour, by the shipped policy. */
export const heldOthers: typeof others = {
  async briefing(office) {
    const filed = await office.file();
    await update(filed, 'requestMaterials', askFor('photo'));
    await update(filed, 'resubmit', handIn);
    await untilNextWorkingDay(office, policy.notifying.briefingAt);
    await office.client.workflow.execute('briefing', { workflowId: 'briefing', taskQueue: housekeepingQueue });
    await update(filed, 'withdraw', applicant);
    return 'briefing';
  },
};

/** A code for a new phone that nobody has dispatched yet. */
export async function codeForNewPhone(office: Office): Promise<DispatchNotificationStart> {
  const { acceptanceNumber } = await office.file();
  const [code, at, limits] = ['123456', await office.now(), policy.notifying.phoneCode];
  const text = phoneCodeText(policy, acceptanceNumber, code);
  const issued = await issuePhoneCode(office.store, acceptanceNumber, { phone: '13900139000', code, text, limits, at });
  return { notificationId: issued.notificationId, until: issued.expiresAt };
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
