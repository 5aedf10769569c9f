import { randomUUID } from 'node:crypto';
import { insuredPeople } from '../../../dev/stand-ins/insured-people.ts';
import { addWorkingDays } from '../../../domain/calendar/working-days.ts';
import type { EntryKind } from '../../../domain/cases/timeline.ts';
import { shanghaiInstant } from '../../../domain/dates.ts';
import type { Status } from '../../../domain/vocabulary.ts';
import { readCalendar } from '../../../store/calendar/queries.ts';
import { fileApplication } from '../../../store/cases/filing.ts';
import { findApplication } from '../../../store/cases/queries.ts';
import type { ApplicationRow } from '../../../store/cases/tables.ts';
import { recordChange, rules } from '../database/store.ts';
import { filing, liNa, newPerson } from '../people.ts';
import { accept, caseAfter, requestMaterials } from '../rules/cases.ts';
import { until } from '../until.ts';
import type { Caller } from './caller.ts';
import { dayFromNow } from './documents.ts';
import type { Http } from './open.ts';

/** Owes contributions. */
const { name, idNumber } = insuredPeople.arrears;
const owing = { name, idNumber };

/** How a case stands, as far as the answers to messages depend on it. */
export interface Situation {
  status: Status;
  /** Filed by a clerk at the window (线下窗口), not online. */
  atWindow: boolean;
  /** reviewer-1 is in charge (承办人); nobody, where false. */
  assigned: boolean;
}

/** A case, and who filed it. */
export interface Filed {
  acceptanceNumber: string;
  owner: Caller;
}

/** The last part of a message's address. */
type Address = 'approve' | 'reject' | 'request-materials' | 'request-verification' | 'withdraw';

/** The message that brings a case under review on to a status, and who sends it. */
const lastStep: Partial<Record<Status, [message: Address, by: 'reviewer' | 'owner', body?: object]>> = {
  awaitingMaterials: ['request-materials', 'reviewer', { items: [{ kind: 'photo', problem: '看不清' }] }],
  awaitingVerification: ['request-verification', 'reviewer'],
  approved: ['approve', 'reviewer'],
  rejected: ['reject', 'reviewer', { reason: '病历不能证明诊断' }],
  withdrawn: ['withdraw', 'owner'],
};

/** An api whose clock shows an hour at which the window (线下窗口) is open, not long from now. */
export async function atWindowHours(http: Http) {
  const workday = addWorkingDays(await readCalendar(http.store), dayFromNow(0), 1);
  return http.at(shanghaiInstant(workday, '10:00'));
}

/** A filing at the window as it is complete at a time of day in Shanghai. */
export async function filedAt(clerk: Caller, date: string, time: string) {
  const body = await clerk.completeFiling({ channel: 'window' });
  const materials = body.materials.map((material) => (material.issuedOn ? { ...material, issuedOn: date } : material));
  return { ...body, materials, signature: { ...body.signature, signedAt: shanghaiInstant(date, time) } };
}

/**
 * Brings cases into any status, by the messages that lead there. The insurance core has to be down for `submitted`, up
 * for the others.
 */
export async function openSituations(http: Http) {
  const window = await atWindowHours(http);
  const supervisor = http.as('supervisor');

  const serverOf = ({ atWindow }: Situation) => (atWindow ? window : http);
  const timelineOf = async ({ acceptanceNumber }: Filed) => (await supervisor.progress(acceptanceNumber)).body.timeline;
  const untilHappened = (filed: Filed, kind: EntryKind) =>
    until(`${kind} is recorded`, async () => (await timelineOf(filed)).some((entry) => entry.kind === kind));

  async function arrive(situation: Situation): Promise<Filed> {
    const { status, atWindow, assigned } = situation;
    const owner = atWindow
      ? window.as('clerk', `clerk-${randomUUID()}`)
      : http.newApplicant(status === 'refused' ? { person: owing } : {});
    if (status === 'lapsed') return { owner, acceptanceNumber: await lapsed(owner, atWindow) };
    const acceptanceNumber = await owner.files({
      ...(atWindow ? { channel: 'window' } : {}),
      ...(status === 'refused' && atWindow ? { applicant: { ...liNa, idNumber } } : {}),
    });
    const filed = { acceptanceNumber, owner };
    if (status === 'refused') await untilHappened(filed, 'refused');
    else if (status !== 'submitted') await untilHappened(filed, 'accepted');
    if (assigned && status !== 'refused')
      await succeeds(supervisor.tell(acceptanceNumber, 'assign', { to: 'reviewer-1' }));
    const [message, by, body] = lastStep[status] ?? [];
    if (message) await succeeds((by === 'owner' ? owner : http.as('reviewer')).tell(acceptanceNumber, message, body));
    if (status === 'approved') await untilHappened(filed, 'registered');
    return filed;
  }

  /**
   * Days have to pass until a case lapses, and the worker's clock is the real one: it is written into the store as its
   * workflow would have written it. An ended case has no workflow, so over HTTP it is the same.
   */
  async function lapsed({ id: submittedBy, applying }: Caller, atWindow: boolean): Promise<string> {
    const at = new Date().toISOString();
    const applicant = applying?.person ?? newPerson();
    const personal = { applicant, signature: { name: applicant.name, signedAt: at } };
    const filed = filing(at, { submittedBy, personal, channel: atWindow ? 'window' : 'scApp' });
    await fileApplication(http.store, filed);
    const { state } = (await findApplication(http.store, filed.acceptanceNumber)) as ApplicationRow;
    const change = {
      sequence: 1,
      entry: { at, kind: 'lapsed' as const, by: 'system', via: 'system' as const, detail: {} },
      state: caseAfter(state, [accept], [requestMaterials], [{ name: 'lapse' }]),
    };
    await recordChange(http.store, filed.acceptanceNumber, change, { ...rules, notifications: () => [] });
    return filed.acceptanceNumber;
  }

  return { arrive, timelineOf, serverOf, close: window.close };
}

async function succeeds(sent: ReturnType<Caller['tell']>): Promise<void> {
  const { status, text } = await sent;
  if (status !== 200) throw new Error(`Answered ${status} ${text}`);
}
