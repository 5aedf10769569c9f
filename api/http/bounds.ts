import { isStorable } from '../../domain/checks.ts';
import type { FieldError } from './errors.ts';

/** Levels of objects and lists within one another; a filing has four. */
const DEEPEST = 12;
/** Entries of one list, and fields of one object; a whole year of days off has 366. */
const MOST_ENTRIES = 1_000;
/** Values in all. A page of a history that `/codec/decode` reads has some 6,000. */
const MOST_VALUES = 10_000;

interface Place {
  value: unknown;
  path: string;
  depth: number;
}

/**
 * What is too large in a body for a schema to look at it: each entry of a long list would be checked, and a deep
 * document ends whatever goes through it by recursion, as `JSON.stringify` does. It costs less than the parsing before
 * it.
 * @returns the first thing that is too large; null where nothing is
 */
export function oversize(body: unknown): FieldError | null {
  const places: Place[] = [{ value: body, path: '', depth: 0 }];
  let values = 1;
  for (let place = places.pop(); place; place = places.pop()) {
    const { value, path, depth } = place;
    if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) continue;
    const entries = Object.entries(value);
    if (depth >= DEEPEST) return tooLarge(path, '层级过多,请核对接口说明。');
    if (entries.length > MOST_ENTRIES) return tooLarge(path, `内容过多,最多 ${MOST_ENTRIES} 项,请减少后重新提交。`);
    values += entries.length;
    if (values > MOST_VALUES) return tooLarge('', '内容过多,请减少后重新提交。');
    for (const [key, entry] of entries) {
      places.push({ value: entry, path: path === '' ? key : `${path}.${key}`.slice(0, 300), depth: depth + 1 });
    }
  }
  return null;
}

const tooLarge = (field: string, detail: string): FieldError => ({ field, code: 'tooLarge', detail });

/** Texts, and names of fields, that PostgreSQL can't keep. Only for what `oversize` has passed. */
export function unstorable(value: unknown, path: string[] = []): FieldError[] {
  if (typeof value === 'string' && !isStorable(value)) return [unreadable(path)];
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return [];
  return Object.entries(value).flatMap(([key, entry]) => [
    ...(isStorable(key) ? [] : [unreadable(path)]),
    ...unstorable(entry, [...path, key]),
  ]);
}

const unreadable = (path: string[]): FieldError => {
  return { field: path.join('.'), code: 'invalid', detail: '有无法识别的字符,请删去后重新提交。' };
};
