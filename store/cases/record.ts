import { and, eq, gte, inArray, isNull, sql } from 'drizzle-orm';
import { datesOf, movesOf } from '../../domain/calendar/moves.ts';
import type { OfficeHours } from '../../domain/calendar/office-hours.ts';
import type { Calendar } from '../../domain/calendar/working-days.ts';
import type { Material } from '../../domain/cases/materials.ts';
import { type Clocks, isLateFirstRequest, type Schedule, schedule } from '../../domain/cases/milestones.ts';
import { isFirstRequest } from '../../domain/cases/one-time-notice.ts';
import type { ApplicationState, ApplicationType } from '../../domain/cases/state.ts';
import { type Change, datedEntries, type EntryDetail } from '../../domain/cases/timeline.ts';
import { shanghaiDate } from '../../domain/dates.ts';
import type { NoticeDraft, NoticedCase } from '../../domain/notices.ts';
import type { Unsent } from '../../domain/notifications/delivery.ts';
import type { MessageDraft, SmsText } from '../../domain/notifications/drafts.ts';
import { calendarOf, lockCalendar, readCalendar } from '../calendar/queries.ts';
import { calendar as calendarTable } from '../calendar/tables.ts';
import { file } from '../files/tables.ts';
import { type Divergence, isSame, type Replacing, recordInOrder } from '../in-order.ts';
import { type DueNotice, noticeDue, writeNotice } from '../notices/issue.ts';
import { personKey } from '../notifications/about.ts';
import { type KnownMessage, knownMessage } from '../notifications/known.ts';
import { type Leave, writeMessages } from '../notifications/outbox.ts';
import { dropOvertaken, dropUnsaid } from '../notifications/overtaken.ts';
import type { MessageRow } from '../notifications/tables.ts';
import { unsentIn, unsentMessages } from '../notifications/unsent.ts';
import type { Store, Transaction } from '../open.ts';
import { given, insertion, isAny, isOf, prepared, slots } from '../prepared.ts';
import { type StaffRow, staff } from '../staff/tables.ts';
import { releaseClaims } from './claims.ts';
import { applyForm } from './form-versions.ts';
import { openPersonal, type PersonalData } from './personal.ts';
import { type ApplicationRow, application, material, type TimelineRow, timeline } from './tables.ts';

/** The rules that the store applies but doesn't own: what the policy makes of a state and of a change. */
export interface RecordRules {
  clocks: Clocks;
  /** 短信 leave only then, on working days. */
  sendingHours: OfficeHours;
  messages(
    change: Change,
    row: ApplicationRow,
    personal: PersonalData,
    schedule: Schedule,
    staff: StaffRow[],
  ): MessageDraft[];
  /** Whether a change is told to anybody in the office. */
  tellsStaff(change: Change, schedule: Schedule): boolean;
  /** What a phone hears once another one is given in its place (更换手机号). */
  phoneReplaced(acceptanceNumber: string): SmsText;
  /** The words of a notice (告知书); which changes have one is `noticeOf`. */
  notice(noticed: NoticedCase): NoticeDraft;
}

/** A workflow was started for an acceptance number that was never given out. */
export class UnknownApplication extends Error {}

/** What changes leave to be done, and what their recording has shown. */
export interface Recorded {
  type: ApplicationType;
  /** What lies ahead of the case. */
  schedule: Schedule;
  unsent: Unsent[];
  /** Those of the messages that are new with this recording: nobody has begun to send them. */
  fresh: KnownMessage[];
  /** What follows from the changes, if it is recorded. */
  followed: Change | undefined;
  divergence: Divergence | null;
}

/** What the insurance core has said of the applicant: null where it doesn't know them; and which accreditation is to be renewed or changed. */
export type Learnt = Pick<ApplicationRow, 'insured'> & Partial<Pick<ApplicationRow, 'accreditationId'>>;

interface Recording extends Replacing {
  /**
   * What follows from the last change by itself, which the workflow doesn't know yet. It never replaces anything: it may come from a worker that was
   * taken for dead, and the workflow may have decided something else since.
   */
  followed?: Change | undefined;
  /** To be kept with what follows. */
  learnt?: Learnt | undefined;
}

/**
 * Writes changes in their order, each at most once: row, timeline, materials, messages and notice, in one transaction.
 * @param changes at least one, or what follows
 * @throws UnknownApplication
 */
export function recordChanges(
  store: Store,
  acceptanceNumber: string,
  changes: Change[],
  rules: RecordRules,
  { replaces, followed, learnt }: Recording = { replaces: true },
): Promise<Recorded> {
  return store.db.transaction(async (tx) => {
    const held = await lockWithCalendar(store, tx, acceptanceNumber);
    const { calendar } = held;
    let { row } = held;
    const written: Written[] = [];
    const write = async (change: Change) => {
      const one = await recordOne(store, tx, row, change, rules, calendar);
      row = one.row;
      written.push(one);
    };
    const entry = (sequence: number) => entryOf(tx, acceptanceNumber, sequence);
    const forget = ({ sequence }: Change) => forgetFrom(tx, { acceptanceNumber, sequence });
    const divergence = await recordInOrder(changes, { replaces, last: async () => row.sequence, entry, forget, write });
    const follows = followed?.sequence === row.sequence + 1;
    if (followed && follows) {
      row = { ...row, ...learnt };
      await write(followed);
    }
    if (written.length > 0) await writeRow(tx, { ...row });
    for (const { notice } of written) if (notice) await writeNotice(store, tx, notice);
    const known = followed && !follows ? await entry(followed.sequence) : undefined;
    const isRecorded = followed && (follows || (known && isSame(known, followed)));
    const done = followed && isRecorded ? [...changes, followed] : changes;
    const state = done.at(-1)?.state ?? row.state;
    const fresh = written.flatMap(({ messages }) => messages);
    // A corrected form may tell the former phone, too.
    const isNew = written.length === done.length && !divergence && !changes.some((one) => one.entry.detail.form);
    const sequences = done.map(({ sequence }) => sequence);
    return {
      type: row.type,
      schedule: schedule(state, row.channel, rules.clocks, calendar),
      unsent: isNew ? unsentIn(fresh.map((one) => one.row)) : await unsentMessages(tx, { acceptanceNumber }, sequences),
      fresh,
      followed: isRecorded ? followed : undefined,
      divergence,
    };
  });
}

/** What recording a change has left: the row and the notice, which are yet to be written, and the messages. */
interface Written {
  row: ApplicationRow;
  notice: DueNotice | undefined;
  messages: KnownMessage[];
}

async function recordOne(
  store: Store,
  tx: Transaction,
  row: ApplicationRow,
  change: Change,
  rules: RecordRules,
  calendar: Calendar,
): Promise<Written> {
  const { acceptanceNumber } = row;
  const ahead = schedule(change.state, row.channel, rules.clocks, calendar);
  const told = withFacts(change, row, ahead, rules.clocks, calendar);
  const next = { ...row, ...columnsOf(told, ahead), calendarVersion: calendar.version };
  const { status, round } = change.state;
  await writeEntry(tx, { acceptanceNumber, sequence: change.sequence, status, round, ...told.entry });
  if (change.state.closed) await releaseClaims(tx, acceptanceNumber, change.state);
  const { materials = [], form } = change.entry.kind === 'resubmitted' ? change.entry.detail : {};
  if (materials.length > 0) {
    await addMaterials(tx, { acceptanceNumber, uploadedBy: uploaderOf(row, change) }, change.sequence, materials);
  }
  if (form !== undefined) {
    const correction = { id: form, sequence: change.sequence, at: change.entry.at };
    Object.assign(next, await applyForm(store, tx, row, correction, rules.phoneReplaced(acceptanceNumber)));
  }
  const people = rules.tellsStaff(told, ahead) ? await everyone(tx) : [];
  const drafts = rules.messages(told, row, openPersonal(store, row), ahead, people);
  const rows = await queueMessages(tx, row, told, drafts, { sendingHours: rules.sendingHours, calendar });
  const notice = await noticeDue(store, tx, row, { change: told, schedule: ahead }, rules.notice);
  const about = (recipient: string) => {
    return { application: next, accreditation: null, staff: people.find(({ id }) => id === recipient) ?? null };
  };
  return { row: next, notice, messages: rows.map((one) => knownMessage(store, one, about(one.recipient))) };
}

const everyone = prepared('staff', (db) => db.select().from(staff));

async function entryOf(tx: Transaction, acceptanceNumber: string, sequence: number) {
  const one = and(eq(timeline.acceptanceNumber, acceptanceNumber), eq(timeline.sequence, sequence));
  const [entry] = await tx.select().from(timeline).where(one);
  return entry;
}

/** Takes back the entries and materials from a sequence on, and what they would tell. A notice that was issued stays: somebody may hold it. */
async function forgetFrom(
  tx: Transaction,
  { acceptanceNumber, sequence }: { acceptanceNumber: string; sequence: number },
): Promise<void> {
  const entries = and(eq(timeline.acceptanceNumber, acceptanceNumber), gte(timeline.sequence, sequence));
  await tx.delete(timeline).where(entries);
  const ofCase = eq(material.acceptanceNumber, acceptanceNumber);
  await tx.delete(material).where(and(ofCase, gte(material.sequence, sequence)));
  const replaced = and(ofCase, gte(material.replacedBy, sequence));
  await tx.update(material).set({ replacedBy: null }).where(replaced);
  await dropUnsaid(tx, { acceptanceNumber, sequence });
}

async function queueMessages(
  tx: Transaction,
  { acceptanceNumber, status, idNumberHash, phoneHash }: ApplicationRow,
  { sequence, state, entry: { at, kind } }: Change,
  drafts: MessageDraft[],
  leave: Pick<Leave, 'sendingHours' | 'calendar'>,
): Promise<MessageRow[]> {
  const cause = { acceptanceNumber, sequence };
  await dropOvertaken(tx, cause, { kind, before: status, state, drafts }, at);
  return writeMessages(tx, cause, drafts, { ...leave, at, applicantKey: personKey(idNumberHash, phoneHash) });
}

/**
 * Adds what the workflow can't know, having neither calendar nor policy: what a changed calendar did to the dates that the people of the
 * case were told, and whether the first request for materials came too late.
 */
function withFacts(change: Change, row: ApplicationRow, ahead: Schedule, clocks: Clocks, calendar: Calendar): Change {
  const { entry, state } = change;
  const withDetail = (detail: EntryDetail) => ({
    ...change,
    entry: { ...entry, detail: { ...entry.detail, ...detail } },
  });
  if (entry.kind === 'calendarChanged') {
    const told = { dueOn: row.toldDueOn, windowEndsOn: row.toldWindowEndsOn };
    return withDetail({ moves: movesOf(told, datesOf(state, ahead)) });
  }
  const first = entry.kind === 'materialsRequested' && isFirstRequest(row.state);
  return first && isLateFirstRequest(state, shanghaiDate(entry.at), clocks, calendar)
    ? withDetail({ late: true })
    : change;
}

/**
 * What lies ahead of a case in this state, by today's calendar and policy; nothing is written, and nobody is held up.
 * @throws UnknownApplication
 */
export async function readSchedule(
  store: Store,
  acceptanceNumber: string,
  state: ApplicationState,
  { clocks }: Pick<RecordRules, 'clocks'>,
): Promise<Schedule> {
  const { channel } = existing(await channelOf(store.db, { acceptanceNumber }));
  return schedule(state, channel, clocks, await readCalendar(store));
}

/**
 * Locks the calendar, as `lockCalendar` does, and then the row, in one statement: every decision begins with it.
 * @throws UnknownApplication
 */
async function lockWithCalendar(store: Store, tx: Transaction, acceptanceNumber: string) {
  const found = await heldWithCalendar(tx, { acceptanceNumber });
  // Where the calendar is missing, no case is found either: that is another fault.
  if (found.length === 0) await lockCalendar(store, tx);
  const { row, version } = existing(found);
  return { row, calendar: await calendarOf(store, tx, version) };
}

const heldWithCalendar = prepared('application for update, calendar for share', (db) => {
  const inForce = db
    .$with('in_force')
    .as(db.select({ version: calendarTable.version }).from(calendarTable).for('share'));
  return db
    .with(inForce)
    .select({ row: application, version: inForce.version })
    .from(application)
    .innerJoin(inForce, sql`true`)
    .where(isOf(application))
    .for('update', { of: application });
});

/** @throws UnknownApplication */
export async function lockApplication(tx: Transaction, acceptanceNumber: string): Promise<ApplicationRow> {
  return existing(await held(tx, { acceptanceNumber }));
}

const held = prepared('application for update', (db) =>
  db.select().from(application).where(isOf(application)).for('update'),
);
const channelOf = prepared('channel of an application', (db) =>
  db.select({ channel: application.channel }).from(application).where(isOf(application)),
);

function existing<Row>([row]: Row[]): Row {
  if (row === undefined) throw new UnknownApplication('No application was filed under this acceptance number');
  return row;
}

/** What the row shows once a change is recorded. */
function columnsOf({ sequence, state, entry: { kind, detail } }: Change, ahead: Schedule) {
  const dates = datesOf(state, ahead);
  const told = { toldDueOn: dates.dueOn, toldWindowEndsOn: dates.windowEndsOn };
  return {
    sequence,
    ...stateColumns(state, ahead),
    ...(datedEntries.includes(kind) ? told : {}),
    ...(kind === 'calendarChanged' || state.closed ? { calendarUnheard: false } : {}),
    ...(kind === 'registered' && detail.accreditationId ? { accreditationId: detail.accreditationId } : {}),
  };
}

const writeRow = prepared('application as recorded', (db) =>
  db
    .update(application)
    .set(
      slots(
        ...([
          'insured',
          'sequence',
          'state',
          'status',
          'round',
          'assignee',
          'escalationLevel',
          'closed',
          'accreditationId',
        ] as const),
        ...(['dueOn', 'provisional', 'workingDaysLeft', 'windowEndsOn', 'appealUntil'] as const),
        ...(['toldDueOn', 'toldWindowEndsOn', 'calendarVersion', 'calendarUnheard'] as const),
      ) as object,
    )
    .where(isOf(application)),
);

/** What the row shows of a state, and of what lies ahead of it. */
export function stateColumns(state: ApplicationState, ahead: Schedule) {
  const { status, round, assignee, escalationLevel, closed } = state;
  return { state, status, round, assignee, escalationLevel, closed, ...asColumns(ahead) };
}

/** What the row shows of a schedule. */
export function asColumns({ dueOn, provisional, workingDaysLeft, windowEndsOn, appealUntil }: Schedule) {
  return { dueOn, provisional, workingDaysLeft, windowEndsOn, appealUntil };
}

export async function writeEntry(
  tx: Transaction,
  entry: Omit<TimelineRow, 'requestId'> & { requestId?: string },
): Promise<void> {
  await newEntry(tx, { requestId: null, ...entry });
}

const newEntry = prepared('timeline entry', (db) =>
  db
    .insert(timeline)
    .values(slots('acceptanceNumber', 'sequence', 'status', 'round', 'requestId', 'at', 'kind', 'by', 'via', 'detail')),
);

/** Whose files a resubmission may hand in: its applicant's; at the window those of the clerk who is there, if the api vouches for them. */
function uploaderOf({ channel, submittedBy }: ApplicationRow, { entry: { by, via } }: Change): string {
  return channel === 'window' && via === 'api' ? by : submittedBy;
}

/**
 * Adds materials to a case: those of the same kinds are replaced, their files become readable with the case.
 * A file belongs only to who uploaded it, so another person's file id gets no file here, whoever sent it.
 * @returns how many files are the case's from now on
 */
export async function addMaterials(
  tx: Transaction,
  { acceptanceNumber, uploadedBy }: { acceptanceNumber: string; uploadedBy: string },
  sequence: number,
  materials: Material[],
): Promise<number> {
  // With the submission come the first ones.
  if (sequence > 0) await replaceMaterials(tx, acceptanceNumber, sequence, materials);
  await insertMaterials(
    tx,
    materials.map(({ kind, fileIds, issuedOn = null, originalSeen = false }, position) => {
      return { acceptanceNumber, sequence, position, kind, fileIds, issuedOn, originalSeen };
    }),
  );
  const ids = materials.flatMap(({ fileIds }) => fileIds);
  return ids.length > 0 ? (await takeFiles(tx, { ids, uploadedBy, acceptanceNumber })).length : 0;
}

async function replaceMaterials(tx: Transaction, acceptanceNumber: string, sequence: number, by: Material[]) {
  const kinds = [...new Set(by.map(({ kind }) => kind))];
  const same = and(
    eq(material.acceptanceNumber, acceptanceNumber),
    inArray(material.kind, kinds),
    isNull(material.replacedBy),
  );
  await tx.update(material).set({ replacedBy: sequence }).where(same);
}

const insertMaterials = insertion('materials', material, [
  ...(['acceptanceNumber', 'sequence', 'position', 'kind', 'fileIds', 'issuedOn', 'originalSeen'] as const),
]);
const takeFiles = prepared('files of a case taken', (db) => {
  const { acceptanceNumber, uploadedBy } = given('acceptanceNumber', 'uploadedBy');
  const own = and(isAny(file.id, 'ids'), eq(file.uploadedBy, uploadedBy), isNull(file.acceptanceNumber));
  return db.update(file).set({ acceptanceNumber }).where(own).returning({ id: file.id });
});
