import { randomUUID } from 'node:crypto';
import { phoneCodeText } from '../../../policy/people/phone-texts.ts';
import { grantAccreditation } from '../../../store/accreditations/grant.ts';
import { createAuditWriter } from '../../../store/audit/append.ts';
import { type Filing, fileApplication } from '../../../store/cases/filing.ts';
import { proposeForm } from '../../../store/cases/form-versions.ts';
import { rememberLearnt } from '../../../store/cases/insured.ts';
import { writeNote } from '../../../store/cases/notes/notes.ts';
import { findApplication } from '../../../store/cases/queries.ts';
import type { ApplicationRow } from '../../../store/cases/tables.ts';
import { saveFile } from '../../../store/files/uploads.ts';
import { findNotification, type KnownNotification } from '../../../store/notifications/known.ts';
import { beginAttempt } from '../../../store/notifications/sending.ts';
import { call } from '../../../store/notifications/tables.ts';
import type { Store } from '../../../store/open.ts';
import { issuePhoneCode } from '../../../store/people/phone-codes.ts';
import { beginErasure } from '../../../store/retention/erasures.ts';
import { setHold } from '../../../store/retention/holds.ts';
import { filing, liNa } from '../people.ts';
import { policy } from '../policy.ts';
import { changesOf, grant, ownWords, recordChange, roomy, rules } from './store.ts';

/**
 * Files a case to which happens all that is written down encrypted: it is accepted, with a notice and notifications, one
 * of which was sent and has come to a call; a corrected form waits; the staff noted something; a new phone gets its code; a file was uploaded; an
 * accreditation was granted; it is held, somebody is being erased; and somebody has read it.
 */
export async function fileFully(store: Store): Promise<Filing> {
  const at = new Date().toISOString();
  const filed = filing(at, { submittedBy: randomUUID() });
  const { acceptanceNumber } = filed;
  const answer = () => ({ status: 201, body: { name: liNa.name } });
  await fileApplication(store, filed, { key: randomUUID(), bodyHash: 'hash', answer });
  const insured = { status: 'normal', arrears: false, insuredType: 'employee', region: '510400' } as const;
  await rememberLearnt(store, acceptanceNumber, { insured, corePhone: liNa.phone });
  const { queued } = await recordChange(store, acceptanceNumber, changesOf(filed).accepted, rules);
  const sms = (await findNotification(store, queued.sms[0] as string)) as KnownNotification;
  await beginAttempt(store, sms, { provider: 'twilio', startedAt: at, now: at, inWords: ownWords });
  const tries = [{ at, by: 'clerk-1', note: '无人接听' }];
  await store.db.insert(call).values({ notificationId: sms.row.id, createdAt: at, tries, note: '家属接听' });
  const row = (await findApplication(store, acceptanceNumber)) as ApplicationRow;
  await proposeForm(store, row, randomUUID(), filed);
  await writeNote(store, { id: randomUUID(), acceptanceNumber, at, by: 'reviewer-1', text: `${liNa.name}来电` });
  const text = phoneCodeText(policy, acceptanceNumber, '123456');
  const limits = { ...policy.notifying.phoneCode, perDay: 100_000 };
  await issuePhoneCode(store, acceptanceNumber, { phone: '13900139009', code: '123456', text, limits, at });
  const content = Buffer.from(acceptanceNumber);
  await saveFile(store, { content, contentType: 'application/pdf', uploadedBy: filed.submittedBy, at, quota: roomy });
  await grantAccreditation(store, { ...grant(at), tier: '二档', institution: '攀枝花市中心医院' });
  const act = { by: 'admin-1', reason: '本人申请删除', at };
  await setHold(store, { acceptanceNumber }, act);
  await beginErasure(store, randomUUID(), act);
  const read = { action: 'read', kind: 'application', part: 'details', why: 'duty' } as const;
  const about = { objects: [acceptanceNumber], people: ['hash'], circumstances: { address: '10.0.0.7' } };
  await createAuditWriter(store).append({ at, by: 'clerk-1', role: 'clerk', ...read, ...about });
  return filed;
}
