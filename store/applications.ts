import { and, asc, desc, eq, gt, inArray, ne, notInArray, type SQL, sql } from 'drizzle-orm';
import {
  type ApplicationType,
  type Channel,
  type ReviewRules,
  type Status,
  submittedApplication,
} from '../domain/application.ts';
import type { InsuredPerson } from '../domain/eligibility.ts';
import type { Material } from '../domain/materials.ts';
import { takeClaims } from './claims.ts';
import { rememberDone } from './idempotency.ts';
import { materialsInForce } from './materials.ts';
import { type ApplicationRow, sealPersonal } from './personal.ts';
import { isOf, prepared } from './prepared.ts';
import { addMaterials } from './record.ts';
import { application, dueLast, file, timeline } from './schema.ts';
import type { Store } from './store.ts';
import type { ApplicationForm, PersonalData } from './types.ts';

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

/**
 * Stores a filing with its materials, and the request's key, in one transaction.
 * @returns false when another request with the same key got there first; nothing is written then
 * @throws FileTaken, ClaimTaken
 */
export function fileApplication(
  store: Store,
  filing: Filing,
  request?: { key: string; bodyHash: string },
): Promise<boolean> {
  const {
    acceptanceNumber,
    submittedBy,
    submittedAt,
    personal,
    materials,
    acceptedOn,
    workingDays,
    review,
    ...fields
  } = filing;
  const state = submittedApplication({ acceptedOn, workingDays, pauses: [] }, { ...review, submittedAt });
  const idNumberHash = store.keyring.hash(personal.applicant.idNumber);
  return store.db.transaction(async (tx) => {
    if (request) {
      const row = { subject: submittedBy, ...request, acceptanceNumber, createdAt: submittedAt };
      if (!(await rememberDone(tx, row))) return false;
    }
    await tx.insert(application).values({
      ...fields,
      acceptanceNumber,
      submittedBy,
      submittedAt,
      personal: sealPersonal(store, acceptanceNumber, personal),
      idNumberHash,
      phoneHash: store.keyring.hash(personal.applicant.phone),
      status: state.status,
      round: state.round,
      state,
    });
    await takeClaims(tx, { ...filing, idNumberHash });
    await tx.insert(timeline).values({
      acceptanceNumber,
      sequence: 0,
      at: submittedAt,
      round: state.round,
      kind: 'submitted',
      by: submittedBy,
      via: 'api',
      status: state.status,
      detail: {},
    });
    await addMaterials(tx, { acceptanceNumber, uploadedBy: submittedBy }, 0, materials);
    const fileIds = materials.flatMap((one) => one.fileIds);
    const elsewhere = and(inArray(file.id, fileIds), ne(file.acceptanceNumber, acceptanceNumber));
    if ((await tx.select({ id: file.id }).from(file).where(elsewhere)).length > 0) throw new FileTaken();
    return true;
  });
}

/** Keeps what the insurance core says of the applicant: null where it doesn't know them. */
export async function rememberInsured(store: Store, acceptanceNumber: string, insured: InsuredPerson | null) {
  const ofCase = eq(application.acceptanceNumber, acceptanceNumber);
  await store.db.update(application).set({ insured }).where(ofCase);
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
