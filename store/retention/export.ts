import { and, asc, eq, inArray, isNull } from 'drizzle-orm';
import { openPerson } from '../accreditations/personal.ts';
import { accreditationTimeline, findAccreditation } from '../accreditations/queries.ts';
import type { AccreditationRow } from '../accreditations/tables.ts';
import { notesOf } from '../cases/notes/notes.ts';
import { openPersonal } from '../cases/personal.ts';
import { findApplication, readTimeline } from '../cases/queries.ts';
import { type ApplicationRow, formVersion, material } from '../cases/tables.ts';
import { filesOfCase } from '../files/queries.ts';
import { type FileRow, file } from '../files/tables.ts';
import { noticesAbout } from '../notices/queries.ts';
import type { About } from '../notifications/about.ts';
import { openAttempt, openNotification } from '../notifications/personal.ts';
import { attemptsOf, notificationsOfAccreditation, notificationsOfCase } from '../notifications/queries.ts';
import { call } from '../notifications/tables.ts';
import type { Store } from '../open.ts';
import { openPhone } from '../people/personal.ts';
import { codeId } from '../people/phone-codes.ts';
import { phoneCode } from '../people/tables.ts';
import { accreditationsOfPerson, casesOfAgent, casesOfPerson } from './person.ts';

/**
 * Everything that is held about a person, from all apps, in the clear; and the rows of the files, whose contents go with
 * it.
 */
export async function exportPerson(store: Store, idNumber: string) {
  const hash = store.keyring.hash(idNumber);
  const asAgent = await casesOfAgent(store, hash);
  const cases = await inOrder(await casesOfPerson(store, hash), ({ id }) => findApplication(store, id));
  const granted = await inOrder(await accreditationsOfPerson(store, hash), ({ id }) => findAccreditation(store, id));
  const represented = await inOrder(asAgent, ({ id }) => findApplication(store, id));
  const files: FileRow[] = [];
  const held = {
    cases: await inOrder(cases.filter(notErased), (row) => exportCase(store, row, files)),
    accreditations: await inOrder(granted.filter(notErased), (row) => exportAccreditation(store, row)),
    asAgent: represented.map((row) => {
      const { acceptanceNumber, submittedAt } = row;
      return { acceptanceNumber, submittedAt, agent: openPersonal(store, row).agent };
    }),
    otherFiles: await looseFiles(store, hash, files),
  };
  // One that was handed in with several cases goes with it once.
  return { held, files: [...new Map(files.map((row) => [row.id, row])).values()] };
}

/** What there is of these, one after the other. */
async function inOrder<Item, Found>(items: Item[], find: (item: Item) => Promise<Found | undefined>): Promise<Found[]> {
  const found: Found[] = [];
  for (const item of items) {
    const one = await find(item);
    if (one !== undefined) found.push(one);
  }
  return found;
}

const notErased = ({ erasedAt }: { erasedAt: string | null }) => erasedAt === null;

async function exportCase(store: Store, row: ApplicationRow, files: FileRow[]) {
  const { db } = store;
  const { acceptanceNumber } = row;
  const { submittedBy, submittedAt, type, channel, diseaseCode, form, insured, accreditationId, status, round } = row;
  const { corePhone, policyVersion, dueOn, assignee, closed, attended } = row;
  const ofCase = await filesOfCase(store, acceptanceNumber);
  files.push(...ofCase);
  const versions = await db.select().from(formVersion).where(eq(formVersion.acceptanceNumber, acceptanceNumber));
  const codes = await db.select().from(phoneCode).where(eq(phoneCode.acceptanceNumber, acceptanceNumber));
  return {
    ...{ acceptanceNumber, submittedBy, submittedAt, type, channel, diseaseCode, accreditationId, status, round },
    ...{ policyVersion, dueOn, assignee, closed, attended, ...openPersonal(store, row), form, insured, corePhone },
    earlierForms: versions.map((version) => {
      return { ...openPersonal(store, version), form: version.form, confirmedAt: version.confirmedAt };
    }),
    newPhones: codes.map((code) => {
      return {
        phone: openPhone(store, codeId('phoneCode', code), code.phone),
        askedAt: code.createdAt,
        confirmedAt: code.confirmedAt,
      };
    }),
    materials: await db
      .select()
      .from(material)
      .where(eq(material.acceptanceNumber, acceptanceNumber))
      .orderBy(asc(material.sequence), asc(material.position)),
    files: ofCase.map(shownFile),
    timeline: await readTimeline(store, acceptanceNumber),
    internalNotes: (await notesOf(store, acceptanceNumber)).map(({ id, at, by, text }) => ({ id, at, by, text })),
    ...(await exportTold(store, { acceptanceNumber }, row.idNumberHash)),
  };
}

async function exportAccreditation(store: Store, row: AccreditationRow) {
  const { personal: _, idNumberHash: __, state: ___, erasedAt: ____, ...shown } = row;
  return {
    ...shown,
    person: openPerson(store, row),
    timeline: await accreditationTimeline(store, row.id),
    ...(await exportTold(store, { accreditationId: row.id }, row.idNumberHash)),
  };
}

/** What the person, and others about them, were told, and when the person has read it. */
async function exportTold(store: Store, about: About, person: string) {
  const rows =
    'acceptanceNumber' in about
      ? await notificationsOfCase(store, about.acceptanceNumber)
      : await notificationsOfAccreditation(store, about.accreditationId);
  const attempts = await attemptsOf(store, rows);
  const ids = rows.map(({ id }) => id);
  const calls = await store.db.select().from(call).where(inArray(call.notificationId, ids));
  return {
    notices: await noticesAbout(store, about),
    notifications: rows.map((row) => {
      const { id, purpose, channel, recipient, subject, body, createdAt, state, settledAt, failure } = row;
      const tries = attempts.filter(({ notificationId }) => notificationId === id);
      return {
        ...{ id, purpose, channel, recipient, subject, body, createdAt, state, settledAt, failure },
        readAt: row.readBy[person] ?? null,
        ...openNotification(store, row),
        tries: tries.map((attempt) => {
          const { provider, startedAt, outcome, receipt } = attempt;
          return { provider, startedAt, outcome, receipt, ...openAttempt(store, attempt) };
        }),
      };
    }),
    calls,
  };
}

async function looseFiles({ db }: Store, idNumberHash: string, files: FileRow[]) {
  const loose = await db
    .select()
    .from(file)
    .where(and(eq(file.uploadedBy, idNumberHash), isNull(file.idNumberHash)));
  files.push(...loose);
  return loose.map(shownFile);
}

function shownFile({ idNumberHash, ...shown }: FileRow) {
  return shown;
}
