import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accreditationId } from '../../../domain/accreditations/id.ts';
import type { AccreditationChange } from '../../../domain/accreditations/timeline.ts';
import { type ApplicationState, submittedApplication } from '../../../domain/cases/state.ts';
import type { Change } from '../../../domain/cases/timeline.ts';
import type { OutwardChannel, Unsent } from '../../../domain/notifications/delivery.ts';
import { estimator } from '../../../policy/calendar/arrangements.ts';
import { caseNotice } from '../../../policy/notices/case.ts';
import { actedAtWindowText, filedOtherwiseText, phoneReplacedText } from '../../../policy/people/phone-texts.ts';
import type { Grant } from '../../../store/accreditations/grant.ts';
import { type AccreditationRules, recordAccreditationChanges } from '../../../store/accreditations/record.ts';
import { type Filing, fileApplication } from '../../../store/cases/filing.ts';
import { recordChanges } from '../../../store/cases/record.ts';
import type { RecordRules } from '../../../store/cases/rules.ts';
import { createKeyring } from '../../../store/encryption/keyring.ts';
import type { Addressed, KnownNotification } from '../../../store/notifications/known.ts';
import { openStore, type Store } from '../../../store/open.ts';
import { filing, newPerson } from '../people.ts';
import { policies, policy } from '../policy.ts';

export const dataKey = (id: string, byte: number) => `${id}:${Buffer.alloc(32, byte).toString('base64')}`;
export const hashKey = Buffer.alloc(32, 9).toString('base64');

/** A store on a database whose migrations have run, with a folder of its own; `close` removes it. */
export async function openTestStore(url: string, dataKeys = [dataKey('k1', 7)]): Promise<Store> {
  const filesDir = await mkdtemp(join(tmpdir(), 'mente-files-'));
  const keyring = createKeyring(dataKeys, hashKey);
  const store = openStore({ url, keyring, filesDir, estimate: estimator(policies), onError: () => undefined });
  const close = async () => {
    await store.close();
    await rm(filesDir, { recursive: true, force: true });
  };
  return { ...store, close };
}

/** Room for all that a test uploads. */
export const roomy = { daily: { files: 1e6, bytes: 1e12 }, unused: { files: 1e6, bytes: 1e12 } };

/** A notification as a provider gets it that carries no others. */
export function ownWords({ outgoing }: KnownNotification): Addressed {
  return { ...outgoing, address: outgoing.address as string };
}

/** Files a complete application, now unless told otherwise. */
export async function fileOne(store: Store, overrides: Partial<Filing> = {}): Promise<Filing> {
  const filed = filing(overrides.submittedAt ?? new Date().toISOString(), overrides);
  await fileApplication(store, filed);
  return filed;
}

/** The first two changes of a case, as its workflow would record them: it is accepted, and assigned to somebody. */
export function changesOf({ acceptedOn, workingDays, submittedAt: at }: Filing): {
  accepted: Change;
  assigned: Change;
} {
  const submitted = submittedApplication(
    { acceptedOn, workingDays, pauses: [] },
    { submittedAt: at, filedBy: 'applicant-1' },
  );
  const underReview: ApplicationState = { ...submitted, status: 'underReview' };
  const by = { by: 'reviewer-1', via: 'api', detail: {} } as const;
  return {
    accepted: { sequence: 1, entry: { at, kind: 'accepted', ...by }, state: underReview },
    assigned: {
      sequence: 2,
      entry: { at, kind: 'assigned', ...by },
      state: { ...underReview, assignee: 'reviewer-2' },
    },
  };
}

/** What an earlier system granted to somebody whom nobody knows yet. */
export function grant(createdAt: string): Grant {
  const id = accreditationId(filing(createdAt).acceptanceNumber);
  const fixed = { createdAt, source: 'import', diseaseCode: 'M01600', insuredType: 'employee' } as const;
  const dates = { begunOn: '2037-01-01', validFrom: '2037-01-01', validUntil: null };
  const unknown = { tier: null, institution: null, registrationNumber: null };
  return { id, sourceKey: id, person: newPerson(), policyVersion: policy.version, ...fixed, ...dates, ...unknown };
}

/** The policy's dates and notices, and one text of each channel for every change. */
export const rules: RecordRules = {
  clocks: policy.clocks,
  causedPerDay: 100,
  sendingHours: policy.notifying.sendingHours,
  tellsStaff: () => true,
  notifications: ({ entry: { kind } }) => [
    { purpose: 'accepted', channel: 'sms', leaving: 'anyTime', recipient: 'applicant', body: `短信:${kind}` },
    { purpose: 'accepted', channel: 'app', leaving: 'anyTime', recipient: 'applicant', body: `消息:${kind}` },
    {
      purpose: 'accepted',
      channel: 'email',
      leaving: 'anyTime',
      recipient: 'reviewer-1',
      subject: '主题',
      body: '邮件',
    },
  ],
  phoneReplaced: (acceptanceNumber) => phoneReplacedText(policy, acceptanceNumber),
  actedAtWindow: (acceptanceNumber) => actedAtWindowText(policy, acceptanceNumber),
  filedOtherwise: (acceptanceNumber) => filedOtherwiseText(policy, acceptanceNumber),
  notice: (noticed) => caseNotice(policy, noticed),
};

/** Records one change of a case; answers as `recordChanges`, with the ids of what is to be dispatched by channel. */
export async function recordChange(store: Store, acceptanceNumber: string, change: Change, how: RecordRules) {
  const recorded = await recordChanges(store, acceptanceNumber, [change], how);
  return { ...recorded, queued: byChannel(recorded.unsent) };
}

/** As `recordChange`, of an accreditation. */
export async function recordAccreditation(
  store: Store,
  id: string,
  change: AccreditationChange,
  how: AccreditationRules,
) {
  const recorded = await recordAccreditationChanges(store, id, [change], how);
  return { ...recorded, queued: byChannel(recorded.unsent) };
}

function byChannel(unsent: Unsent[]): Record<OutwardChannel, string[]> {
  const of = (channel: OutwardChannel) =>
    unsent.flatMap((batch) => (batch.channel === channel ? batch.notificationIds : []));
  return { sms: of('sms'), email: of('email') };
}
