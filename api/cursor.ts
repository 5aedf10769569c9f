import { problems } from './errors.ts';

/** Where a page of a list ended, opaque to the caller. */
export function encodeCursor(...values: (string | null)[]): string {
  return Buffer.from(JSON.stringify(values)).toString('base64url');
}

/** @throws Problem 422 for what is no cursor of a list with so many values */
export function decodeCursor(cursor: string | undefined, length: number): (string | null)[] | undefined {
  if (cursor === undefined) return undefined;
  try {
    const values = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    const right = Array.isArray(values) && values.length === length;
    if (right && values.every((one) => one === null || /^[\w:.-]{1,40}$/.test(one))) return values;
  } catch {
    // falls through: not a cursor of ours
  }
  throw problems.invalid([{ field: 'cursor', code: 'invalid', detail: '翻页位置有误,请从第一页重新查询。' }]);
}
