import { and, asc, desc, eq, getTableColumns, gt, inArray, ne, notInArray, type SQL, sql } from 'drizzle-orm';
import type { Material } from '../../domain/cases/materials.ts';
import { nothingAhead } from '../../domain/cases/milestones.ts';
import {
  type ApplicationType,
  type Channel,
  type ReviewRules,
  type Status,
  submittedApplication,
} from '../../domain/cases/state.ts';
import { file } from '../files/tables.ts';
import { type RememberedAnswer, rememberDone } from '../idempotency/requests.ts';
import type { Store, Transaction } from '../open.ts';
import { insertion, isOf, prepared } from '../prepared.ts';
import { takeClaims } from './claims.ts';
import { materialsInForce } from './materials.ts';
import { type PersonalData, sealPersonal } from './personal.ts';
import { addMaterials, type Learnt, stateColumns, writeEntry } from './record.ts';
import { type ApplicationForm, type ApplicationRow, application, dueLast, timeline } from './tables.ts';

/** An application as it is filed. */
export interface Filing {
  acceptanceNumber: string;
  submittedBy: string;
  /** Instant. */
  submittedAt: string;
  /** Shanghai date of `submittedAt`, and the days the office has. */
  acceptedOn: string;
  workingDays: number;
  /** What the disease asks of the review. */
  review?: ReviewRules;
  type: ApplicationType;
  channel: Channel;
  diseaseCode: string;
  policyVersion: string;
  personal: PersonalData;
  form: ApplicationForm;
  materials: Material[];
}

/** A file of a filing was handed in with another case a moment ago. */
export class FileTaken extends Error {}

/** The request by which something is filed: its key, and what it is answered with, made of the row as it is filed. */
export interface FilingRequest {
  key: string;
  bodyHash: string;
  answer(row: ApplicationRow): RememberedAnswer;
}

/**
 * Stores a filing with its materials, and the request with its answer, in one transaction.
 * @returns the row; null when another request with the same key got there first: nothing is written then
 * @throws FileTaken, ClaimTaken
 */
export function fileApplication(store: Store, filing: Filing, request?: FilingRequest): Promise<ApplicationRow | null> {
  const { acceptanceNumber, submittedBy, submittedAt, materials } = filing;
  const row = filedRow(store, filing);
  return store.db.transaction(async (tx) => {
    if (request) {
      const { key, bodyHash } = request;
      const first = { subject: submittedBy, key, bodyHash, acceptanceNumber, createdAt: submittedAt };
      if (!(await rememberDone(store, tx, { ...first, answer: request.answer(row) }))) return null;
    }
    await insertFiled(tx, [row]);
    await takeClaims(tx, { ...row, acceptedOn: filing.acceptedOn });
    const { round, status } = row;
    const entry = { at: submittedAt, kind: 'submitted', by: submittedBy, via: 'api', detail: {} } as const;
    await writeEntry(tx, { acceptanceNumber, sequence: 0, round, status, ...entry });
    const taken = await addMaterials(tx, { acceptanceNumber, uploadedBy: submittedBy }, 0, materials);
    const fileIds = [...new Set(materials.flatMap((one) => one.fileIds))];
    if (taken < fileIds.length && (await someBelongElsewhere(tx, acceptanceNumber, fileIds))) throw new FileTaken();
    return row;
  });
}

async function someBelongElsewhere(tx: Transaction, acceptanceNumber: string, fileIds: string[]): Promise<boolean> {
  const elsewhere = and(inArray(file.id, fileIds), ne(file.acceptanceNumber, acceptanceNumber));
  return (await tx.select({ id: file.id }).from(file).where(elsewhere)).length > 0;
}

function filedRow(store: Store, filing: Filing): ApplicationRow {
  const { personal, materials: _, acceptedOn, workingDays, review, ...fields } = filing;
  const { acceptanceNumber, submittedAt } = fields;
  const state = submittedApplication({ acceptedOn, workingDays, pauses: [] }, submittedAt, review);
  return {
    ...fields,
    personal: sealPersonal(store, acceptanceNumber, personal),
    idNumberHash: store.keyring.hash(personal.applicant.idNumber),
    phoneHash: store.keyring.hash(personal.applicant.phone),
    ...{ accreditationId: null, insured: null, sequence: 0 },
    ...stateColumns(state, nothingAhead),
    ...{ toldDueOn: null, toldWindowEndsOn: null, calendarVersion: null, calendarUnheard: false },
  };
}

const insertFiled = insertion(
  'applications',
  application,
  Object.keys(getTableColumns(application)) as (keyof ApplicationRow)[],
);

/** Keeps what the insurance core has said of an applicant. */
export async function rememberLearnt(store: Store, acceptanceNumber: string, learnt: Learnt): Promise<void> {
  await store.db.update(application).set(learnt).where(eq(application.acceptanceNumber, acceptanceNumber));
}

export async function findApplication(store: Store, acceptanceNumber: string): Promise<ApplicationRow | undefined> {
  const [row] = await numbered(store.db, { acceptanceNumber });
  return row;
}

const numbered = prepared('application', (db) => db.select().from(application).where(isOf(application)));
const entriesOf = prepared('timeline', (db) =>
  db.select().from(timeline).where(isOf(timeline)).orderBy(asc(timeline.sequence)),
);
const filesOf = prepared('files of a case', (db) => db.select().from(file).where(isOf(file)));

/** What happened to a case, in order. */
export function readTimeline(store: Store, acceptanceNumber: string) {
  return entriesOf(store.db, { acceptanceNumber });
}

/** What the case consists of beyond its row: entries, the materials in force, their files. */
export async function readCase(store: Store, acceptanceNumber: string) {
  const entries = await readTimeline(store, acceptanceNumber);
  const materials = await materialsInForce(store.db, acceptanceNumber);
  const files = await filesOf(store.db, { acceptanceNumber });
  return { entries, materials, files };
}

export interface ListFilter {
  /** Only those that this subject filed. */
  submittedBy?: string | undefined;
  /** Only those for this person. */
  idNumber?: string | undefined;
  /** Where the last page ended. */
  after?: { submittedAt: string; acceptanceNumber: string } | undefined;
  limit: number;
}

/** Newest first, ended cases too. */
export function listApplications(store: Store, filter: ListFilter): Promise<ApplicationRow[]> {
  const { submittedBy, idNumber, after, limit } = filter;
  const { submittedAt, acceptanceNumber } = application;
  const where = [
    submittedBy === undefined ? undefined : eq(application.submittedBy, submittedBy),
    idNumber === undefined ? undefined : eq(application.idNumberHash, store.keyring.hash(idNumber)),
    after && sql`(${submittedAt}, ${acceptanceNumber}) < (${after.submittedAt}, ${after.acceptanceNumber})`,
  ];
  const order = [desc(submittedAt), desc(acceptanceNumber)];
  return store.db
    .select()
    .from(application)
    .where(and(...where))
    .orderBy(...order)
    .limit(limit);
}

export interface WorklistFilter {
  status?: Status | undefined;
  assignee?: string | undefined;
  overdue?: boolean | undefined;
  /** Where the last page ended. */
  after?: { dueOn: string | null; submittedAt: string; acceptanceNumber: string } | undefined;
  limit: number;
}

/** Open cases that the office works on: by due date, first filed first; those whose clock stands still last. */
export function worklist(store: Store, filter: WorklistFilter): Promise<ApplicationRow[]> {
  const where: (SQL | undefined)[] = [eq(application.closed, false)];
  // A rejected case stays open for the applicant, an approved one for the insurance core; nobody in the office has to act on them.
  where.push(
    filter.status ? eq(application.status, filter.status) : notInArray(application.status, ['rejected', 'approved']),
  );
  if (filter.assignee) where.push(eq(application.assignee, filter.assignee));
  if (filter.overdue !== undefined) {
    where.push(filter.overdue ? gt(application.escalationLevel, 0) : eq(application.escalationLevel, 0));
  }
  const { submittedAt, acceptanceNumber } = application;
  const order = [dueLast(application.dueOn), submittedAt, acceptanceNumber];
  if (filter.after) {
    const { dueOn, ...last } = filter.after;
    const ended = [dueOn ?? 'infinity', last.submittedAt, last.acceptanceNumber];
    where.push(sql`(${sql.join(order, sql`, `)}) > ${ended}`);
  }
  return store.db
    .select()
    .from(application)
    .where(and(...where))
    .orderBy(...order)
    .limit(filter.limit);
}
