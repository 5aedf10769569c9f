import { z } from 'zod';
import { isIsoDate } from '../domain/dates.ts';

/** A Shanghai date. */
export const date = z.string().refine(isIsoDate, 'must be a date YYYY-MM-DD');
/** A time of day in Shanghai. */
export const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time HH:MM');
export const count = z.number().int().positive();
/** Percentages of the costs that are paid, from–to. */
export const ratio = z
  .tuple([z.number(), z.number()])
  .refine(([from, to]) => 0 < from && from <= to && to <= 100, 'must be 0–100, from ≤ to');
/** Numbers of days that go down, as reminders do. */
export const descending = z
  .array(count)
  .refine((days) => days.every((day, i) => i === 0 || day < (days[i - 1] as number)), 'must go down, each number once');

/** A text with parameters in braces. @param parameters the names that it may use */
export function template(parameters: readonly string[]) {
  return z
    .string()
    .min(1)
    .superRefine((value, context) => {
      for (const [, name] of value.matchAll(/\{([^{}]*)\}/g)) {
        if (!parameters.includes(name as string)) {
          context.addIssue({
            code: 'custom',
            message: `unknown parameter {${name}}; there are ${parameters.join(', ')}`,
          });
        }
      }
    });
}

/** Refuses a list in which two items have the same `key`. */
export function unique<Key extends string>(key: Key) {
  return (items: Record<Key, string>[], context: z.RefinementCtx) => {
    for (const [index, item] of items.entries()) {
      const first = items.findIndex((other) => other[key] === item[key]);
      if (first < index) context.addIssue({ code: 'custom', path: [index, key], message: `${item[key]} stands twice` });
    }
  };
}
