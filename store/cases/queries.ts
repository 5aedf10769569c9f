import { and, asc, desc, eq, isNull, ne, or, type SQL, sql } from 'drizzle-orm';
import { type Schedule, schedule } from '../../domain/cases/schedule.ts';
import type { ApplicationState } from '../../domain/cases/state.ts';
import { readCalendar } from '../calendar/queries.ts';
import { filesOfCase } from '../files/queries.ts';
import type { Store } from '../open.ts';
import { isOf, prepared } from '../prepared.ts';
import { existing } from './lock.ts';
import { allMaterials } from './materials.ts';
import type { RecordRules } from './rules.ts';
import { type ApplicationRow, application, timeline } from './tables.ts';

export async function findApplication(store: Store, acceptanceNumber: string): Promise<ApplicationRow | undefined> {
  const [row] = await numbered(store.db, { acceptanceNumber });
  return row;
}

const numbered = prepared('application', (db) => db.select().from(application).where(isOf(application)));
const entriesOf = prepared('timeline', (db) =>
  db.select().from(timeline).where(isOf(timeline)).orderBy(asc(timeline.sequence)),
);

/** What happened to a case, in order. */
export function readTimeline(store: Store, acceptanceNumber: string) {
  return entriesOf(store.db, { acceptanceNumber });
}

/** Whether an Update with this id has changed the case: its answer may be lost, its effect is not. */
export async function wasRecorded(store: Store, acceptanceNumber: string, requestId: string): Promise<boolean> {
  return (await entryOfRequest(store.db, { acceptanceNumber, requestId })).length > 0;
}

const entryOfRequest = prepared('entry of a request', (db) =>
  db
    .select({ sequence: timeline.sequence })
    .from(timeline)
    .where(and(isOf(timeline), eq(timeline.requestId, sql.placeholder('requestId')))),
);

/** What the case consists of beyond its row: entries, the materials in force and all that there ever were, files. */
export async function readCase(store: Store, acceptanceNumber: string) {
  const entries = await readTimeline(store, acceptanceNumber);
  const versions = await allMaterials(store.db, acceptanceNumber);
  const materials = versions.filter(({ replacedBy }) => replacedBy === null);
  const files = await filesOfCase(store, acceptanceNumber);
  return { entries, materials, versions, files };
}
export type ReadCase = Awaited<ReturnType<typeof readCase>>;

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

const channelOf = prepared('channel of an application', (db) =>
  db.select({ channel: application.channel }).from(application).where(isOf(application)),
);

/**
 * A person's other open applications for the same disease and type: what an agent files may go beside their own.
 * @returns their acceptance numbers
 */
export async function filedBeside(store: Store, row: ApplicationRow): Promise<string[]> {
  const { acceptanceNumber, idNumberHash, type, diseaseCode, closed } = application;
  const beside = await store.db
    .select({ acceptanceNumber })
    .from(application)
    .where(
      and(
        eq(idNumberHash, row.idNumberHash),
        eq(type, row.type),
        eq(diseaseCode, row.diseaseCode),
        eq(closed, false),
        ne(acceptanceNumber, row.acceptanceNumber),
      ),
    )
    .orderBy(asc(acceptanceNumber));
  return beside.map((other) => other.acceptanceNumber);
}

export interface ListFilter {
  /** Only this person's, and those that they filed as an agent: the keyed hash of their ID number. */
  visibleTo?: string | undefined;
  /** Only those for this person: the keyed hash of their ID number. */
  idNumberHash?: string | undefined;
  /** Where the last page ended. */
  after?: { submittedAt: string; acceptanceNumber: string } | undefined;
  limit: number;
}

/** Of applications: a person's own, and those that they filed as an agent. @param hash of their ID number */
export function isVisibleTo(hash: string): SQL {
  return or(eq(application.idNumberHash, hash), eq(application.submittedBy, hash)) as SQL;
}

/** Newest first, ended cases too; erased ones tell of nobody any more. */
export function listApplications(store: Store, filter: ListFilter): Promise<ApplicationRow[]> {
  const { visibleTo, idNumberHash, after, limit } = filter;
  const { submittedAt, acceptanceNumber } = application;
  const where = [
    isNull(application.erasedAt),
    visibleTo === undefined ? undefined : isVisibleTo(visibleTo),
    idNumberHash === undefined ? undefined : eq(application.idNumberHash, idNumberHash),
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
