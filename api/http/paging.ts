import { isAccreditationId } from '../../domain/accreditations/id.ts';
import { isAcceptanceNumber } from '../../domain/cases/acceptance-number.ts';
import { isNotificationId } from '../../domain/checks.ts';
import { problems } from './errors.ts';
import { dateSchema } from './requests.ts';
import { z } from './zod.ts';

const pageSize = '每页条数应为 1 至 200';
const limit = z.coerce.number(pageSize).int(pageSize).min(1, pageSize).max(200, pageSize).default(50);
/** Query of a list: where the page begins, and how many it shows. */
export const listQuery = z.strictObject({
  cursor: z.string().max(200, '翻页位置有误,请从第一页重新查询').optional(),
  limit,
});

const acceptanceNumber = z.string().refine(isAcceptanceNumber);
const instant = z.iso.datetime().refine((at) => dateSchema.safeParse(at.slice(0, 10)).success);

/** The sort key of a page's last entry, list by list; the checks keep out what the database can't read. */
export const cursors = {
  applications: z.tuple([instant, acceptanceNumber]),
  audit: z.tuple([instant, z.uuid(), z.string().regex(/^\d{1,15}$/)]),
  accreditations: z.tuple([instant, z.string().refine(isAccreditationId)]),
  calls: z.tuple([instant, z.string().refine(isNotificationId)]),
  inbox: z.tuple([instant, z.string().refine(isNotificationId)]),
  papers: z.tuple([instant, z.uuid()]),
};

/** As `cursors`, of the worklist: each way of sorting it has its own. */
export const worklistCursors = {
  due: z.tuple([z.literal('due'), dateSchema.nullable(), instant, acceptanceNumber]),
  age: z.tuple([z.literal('age'), z.null(), instant, acceptanceNumber]),
  submission: z.tuple([z.literal('submission'), z.null(), instant, acceptanceNumber]),
};

/** A page of a list: `nextCursor` is null on the last one. */
export const pageAnswer = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });

/**
 * A page of a list, with a cursor for the next one that is opaque to the caller.
 * @param limit how many rows were asked for; a page that isn't full is the last one
 * @param ends the sort key of a row, in the form that `cursors` describes
 * @param show makes the shown item of a row
 */
export function page<Row, Item>(
  rows: Row[],
  limit: number,
  ends: (last: Row) => (string | null)[],
  show: (row: Row) => Item,
): { items: Item[]; nextCursor: string | null } {
  const last = rows.length === limit ? rows.at(-1) : undefined;
  const nextCursor = last ? Buffer.from(JSON.stringify(ends(last))).toString('base64url') : null;
  return { items: rows.map(show), nextCursor };
}

/** The sort key after which the page begins. @throws Problem 422 for what is no cursor of this list */
export function decodeCursor<Values>(cursor: string | undefined, values: z.ZodType<Values>): Values | undefined {
  if (cursor === undefined) return undefined;
  const read = values.safeParse(parse(Buffer.from(cursor, 'base64url').toString()));
  if (read.success) return read.data;
  throw problems.invalid([{ field: 'cursor', code: 'invalid', detail: '翻页位置有误,请从第一页重新查询。' }]);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
