import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Client } from '@temporalio/client';
import { pino } from 'pino';
import { createApp, routesOf } from '../../../api/app.ts';
import type { ApiContext } from '../../../api/context.ts';
import type { Inspector } from '../../../api/files/content/inspect.ts';
import type { User } from '../../../api/http/auth.ts';
import { systemClock } from '../../../config/clock.ts';
import { accreditationId } from '../../../domain/accreditations/id.ts';
import { acceptanceNumber } from '../../../domain/cases/acceptance-number.ts';
import { officeRoles } from '../../../domain/staff/roles.ts';
import { policiesOf } from '../../../policy/versions.ts';
import { grantAccreditation } from '../../../store/accreditations/grant.ts';
import { createAuditWriter } from '../../../store/audit/append.ts';
import { takeFiles } from '../../../store/files/hand-in.ts';
import { saveFile } from '../../../store/files/uploads.ts';
import { sealNotice } from '../../../store/notices/content.ts';
import { notice } from '../../../store/notices/tables.ts';
import { call, notification } from '../../../store/notifications/tables.ts';
import type { Store } from '../../../store/open.ts';
import { staff } from '../../../store/staff/tables.ts';
import { fileOne, grant, roomy } from '../database/store.ts';
import { testKeyring } from '../keyring.ts';
import { newPerson } from '../people.ts';
import { prompt } from '../policy.ts';
import { pdf } from './documents.ts';

/** How somebody stands to a case, an accreditation or whatever belongs to one. */
export const standings = [
  'own',
  'ownByAgent', // about them, filed by an agent
  'asAgent', // filed by them, for somebody else
  'namedAgent', // names them as the agent; filed by the applicant
  'others',
  'takenIn', // filed by them at the window
  'window', // filed by a clerk at the window
  'windowOwn', // the same, and they are the applicant
  'unknown',
] as const;
export type Standing = (typeof standings)[number];

/** The one who asks, in whatever role; `membership` is what the list of staff says. */
export type Membership = 'active' | 'retired' | 'unlisted';
const subjects: Record<Membership, string> = { active: 'asker', retired: 'asker-retired', unlisted: 'asker-unlisted' };

const me = newPerson();
const mine = testKeyring.hash(me.idNumber);
const email = 'somebody@pzh-ybj.example';
const phone = '+8613900000099';
let lastNumber = 0;

/** Ids that stand in a path. */
export type Ids = Record<
  'acceptanceNumber' | 'accreditationId' | 'fileId' | 'noticeId' | 'revocationId' | 'id' | 'messageId',
  string
>;

/** An api over a store with something of every standing, without Temporal: every body that is sent is wrong. */
export async function openStandings(store: Store) {
  const context: ApiContext = {
    store,
    policies: policiesOf([prompt]),
    temporal: { withDeadline: async () => ({}), workflowService: {} } as unknown as Client,
    audit: createAuditWriter(store),
    log: pino({ level: 'silent' }),
    now: systemClock,
    inspector: {} as Inspector,
  };
  const app = createApp(
    context,
    async (request) => JSON.parse(decodeURIComponent(request.get('x-user') as string)) as User,
  );
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const roles = [...officeRoles];
  await store.db.insert(staff).values([
    { id: subjects.active, roles, email, phone },
    { id: subjects.retired, roles, email, phone, active: false },
    { id: 'colleague', roles: ['reviewer'], email, phone },
  ]);
  const ids = Object.fromEntries(
    await Promise.all(Object.values(subjects).map(async (subject) => [subject, await lay(store, subject)] as const)),
  );

  return {
    routes: routesOf(context),
    idsOf: (membership: Membership, standing: Standing): Ids => ids[subjects[membership]]?.[standing] as Ids,
    subjectOf: (membership: Membership) => subjects[membership],
    /** Asks as somebody; an answer's status and its problem's code. */
    async ask(method: string, path: string, roles: string[], membership: Membership) {
      const user = {
        subject: subjects[membership],
        roles,
        person: { name: me.name, idNumber: me.idNumber, hash: mine },
      };
      const headers = { 'x-user': encodeURIComponent(JSON.stringify(user)), 'content-type': 'application/json' };
      const body = method === 'get' || method === 'delete' ? {} : { body: JSON.stringify({ nothing: 'that fits' }) };
      const response = await fetch(origin + path, { method: method.toUpperCase(), headers, ...body });
      const text = await response.text();
      const isProblem = response.headers.get('content-type')?.startsWith('application/problem');
      return { status: response.status, code: isProblem ? (JSON.parse(text) as { code: string }).code : '' };
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Lays down a case, and what belongs to one, of every standing of somebody's. */
async function lay(store: Store, subject: string): Promise<Record<Standing, Ids>> {
  const laid = async (submittedBy: string, channel: 'scApp' | 'window', applicant = newPerson(), agent?: typeof me) => {
    const signature = { name: applicant.name, signedAt: '2026-01-01T00:00:00Z' };
    const personal = { applicant, signature, ...(agent ? { agent: { ...agent, relation: '子女' } } : {}) };
    const diseaseCode = `M${String(++lastNumber).padStart(5, '0')}`;
    const { acceptanceNumber } = await fileOne(store, { submittedBy, channel, personal, diseaseCode });
    const granted = { ...grant(new Date().toISOString()), person: applicant };
    await grantAccreditation(store, granted);
    const belonging = await belongings(store, { acceptanceNumber, accreditationId: granted.id, submittedBy });
    return { acceptanceNumber, accreditationId: granted.id, ...belonging };
  };
  const unknownNumber = acceptanceNumber('510400', 2026, randomBytes(8));
  return {
    own: await laid(mine, 'scApp', me),
    ownByAgent: await laid('another-person', 'scApp', me, newPerson()),
    asAgent: await laid(mine, 'scApp', newPerson(), me),
    namedAgent: await laid('another-person', 'scApp', newPerson(), me),
    others: await laid('stranger', 'scApp'),
    takenIn: await laid(subject, 'window'),
    window: await laid('clerk-1', 'window'),
    windowOwn: await laid('clerk-1', 'window', me),
    unknown: {
      acceptanceNumber: unknownNumber,
      accreditationId: accreditationId(unknownNumber),
      fileId: randomUUID(),
      noticeId: randomUUID(),
      revocationId: randomUUID(),
      id: 'none',
      messageId: 'none',
    },
  };
}

/** A file, notices under one id, a call, and an entry of the APP inbox. */
async function belongings(
  store: Store,
  about: { acceptanceNumber: string; accreditationId: string; submittedBy: string },
) {
  const { acceptanceNumber, accreditationId, submittedBy } = about;
  const at = new Date().toISOString();
  const upload = { content: pdf, contentType: 'application/pdf', uploadedBy: submittedBy, at, quota: roomy };
  const { id: fileId } = await saveFile(store, upload);
  const handing = { by: submittedBy, person: submittedBy, all: false };
  await store.db.transaction((tx) => takeFiles(tx, [fileId], acceptanceNumber, handing));
  const [noticeId, revocationId, id] = [randomUUID(), randomUUID(), randomUUID()];
  const issued = { sequence: 1, year: 2026, number: ++lastNumber };
  const paper = { title: '', documentNumber: '', addressee: '', sections: [], office: '', issuedOn: '2026-01-01' };
  const sealed = (noticeId: string) => sealNotice(store, noticeId, { ...paper });
  await store.db.insert(notice).values([
    { ...issued, kind: 'rejection', id: noticeId, acceptanceNumber, content: sealed(noticeId) },
    { ...issued, kind: 'revocation', id: revocationId, accreditationId, content: sealed(revocationId) },
  ]);
  const ofCase = {
    acceptanceNumber,
    sequence: 1,
    purpose: 'accepted',
    channel: 'sms',
    recipient: 'applicant',
  } as const;
  const words = {
    recipientKey: id,
    body: '短信',
    createdAt: at,
    leaving: 'anyTime',
    leavesAt: at,
    state: 'failed',
  } as const;
  const messageId = randomUUID();
  await store.db.insert(notification).values([
    { id, ...ofCase, ...words },
    { id: messageId, ...ofCase, ...words, channel: 'app', state: 'delivered' },
  ]);
  await store.db.insert(call).values({ notificationId: id, createdAt: at });
  return { fileId, noticeId, revocationId, id, messageId };
}
