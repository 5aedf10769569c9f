import { and, asc, count, desc, eq, gt, gte, inArray, isNull, lt, or, type SQL, sql } from 'drizzle-orm';
import type { Search } from '../../domain/cases/search.ts';
import type { ApplicationType, Channel, Status } from '../../domain/vocabulary.ts';
import type { Store } from '../open.ts';
import { isMeant } from './search.ts';
import { type ApplicationRow, application, dueLast } from './tables.ts';

/** Which cases a worklist shows: those that fit every part that is given, each by any of its values. */
export interface WorklistFilter {
  statuses?: readonly Status[] | undefined;
  /** Ids of the staff; null for cases that nobody has. */
  assignees?: readonly (string | null)[] | undefined;
  diseases?: readonly string[] | undefined;
  types?: readonly ApplicationType[] | undefined;
  channels?: readonly Channel[] | undefined;
  overdue?: boolean | undefined;
  /** Shanghai date; a case whose clock stands still is due before none. */
  dueBefore?: string | undefined;
  /** The lowest rung of the ladder that a case has reached; 0 for those that were never escalated. */
  escalated?: number | undefined;
  /** Finds ended cases too, since people ask about them. */
  search?: Search | undefined;
}

/** `due`: soonest first, standing clocks last; `age`: first filed first; `submission`: last filed first. */
export type WorklistSort = 'due' | 'age' | 'submission';

export interface WorklistPage {
  sort: WorklistSort;
  /** Where the last page ended. */
  after?: { dueOn: string | null; submittedAt: string; acceptanceNumber: string } | undefined;
  limit: number;
}

/** A page of the cases that the office works on. */
export function worklist(
  store: Store,
  filter: WorklistFilter,
  { sort, after, limit }: WorklistPage,
): Promise<ApplicationRow[]> {
  const { dueOn, submittedAt, acceptanceNumber } = application;
  const byAge = [submittedAt, acceptanceNumber];
  const key = sort === 'due' ? [dueLast(dueOn), ...byAge] : byAge;
  return store.db
    .select()
    .from(application)
    .where(and(...conditionsOf(store, filter), after && isBehind(key, sort, after)))
    .orderBy(...key.map((part) => (sort === 'submission' ? desc(part) : asc(part))))
    .limit(limit);
}

/** How many cases there are on all pages. */
export async function countWorklist(store: Store, filter: WorklistFilter): Promise<number> {
  const [counted] = await store.db
    .select({ total: count() })
    .from(application)
    .where(and(...conditionsOf(store, filter)));
  return counted?.total ?? 0;
}

function isBehind(
  key: (SQL | typeof application.submittedAt | typeof application.acceptanceNumber)[],
  sort: WorklistSort,
  { dueOn, submittedAt, acceptanceNumber }: NonNullable<WorklistPage['after']>,
): SQL {
  const ended = [...(sort === 'due' ? [dueOn ?? 'infinity'] : []), submittedAt, acceptanceNumber];
  return sql`(${sql.join(key, sql`, `)}) ${sql.raw(sort === 'submission' ? '<' : '>')} ${ended}`;
}

function conditionsOf(store: Store, filter: WorklistFilter): (SQL | undefined)[] {
  const { closed, status, diseaseCode, type, channel, escalationLevel, dueOn } = application;
  const { statuses, assignees, diseases, types, channels, overdue, dueBefore, escalated, search } = filter;
  return [
    ...(search ? isMeant(store, search) : [eq(closed, false)]),
    statuses && inArray(status, [...statuses]),
    assignees && isWith(assignees),
    diseases && inArray(diseaseCode, [...diseases]),
    types && inArray(type, [...types]),
    channels && inArray(channel, [...channels]),
    overdue === undefined ? undefined : overdue ? gt(escalationLevel, 0) : eq(escalationLevel, 0),
    dueBefore === undefined ? undefined : lt(dueLast(dueOn), dueBefore),
    escalated === undefined ? undefined : escalated > 0 ? gte(escalationLevel, escalated) : eq(escalationLevel, 0),
  ];
}

function isWith(assignees: readonly (string | null)[]): SQL | undefined {
  const named = assignees.filter((id) => id !== null);
  return or(
    named.length > 0 ? inArray(application.assignee, named) : undefined,
    assignees.includes(null) ? isNull(application.assignee) : undefined,
  );
}
