import { isIsoDate } from './dates.ts';

/** Checks of what arrives from Temporal Web and the CLI, where no HTTP schema has looked at it. */
export type Check = (value: unknown) => boolean;
/** Field → its check, which may look at the other fields too. */
export type Shape = Record<string, (value: unknown, fields: Record<string, unknown>) => boolean>;

/** PostgreSQL keeps neither a NUL nor half a surrogate pair: such a text could never be recorded. */
export const isStorable = (text: string) => !/\0|\p{Cs}/u.test(text);
/** Far more than anybody writes by hand, and little enough that Temporal takes it together with the state. */
const LONGEST_TEXT = 10_000;
const LONGEST_LIST = 100;
/** Text that can be shown and stored. */
export const text: Check = (value) =>
  typeof value === 'string' && value.trim() !== '' && value.length <= LONGEST_TEXT && isStorable(value);
/** An opaque id, as token subjects are (OpenID Connect: at most 255 ASCII characters): never a name. */
export const isSender: Check = (value) => typeof value === 'string' && /^[\x21-\x7e]{1,255}$/.test(value);
export const date: Check = (value) => typeof value === 'string' && isIsoDate(value);
/** An instant in UTC. */
export const instant: Check = (value) =>
  typeof value === 'string' && !Number.isNaN(Date.parse(value)) && new Date(value).toISOString() === value;
export const flag: Check = (value) => typeof value === 'boolean';
export const oneOf =
  (values: readonly unknown[]): Check =>
  (value) =>
    values.includes(value);
export const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
export const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.length > 0 && value.length <= LONGEST_LIST && value.every(check);
export const shape =
  (fields: Shape): Check =>
  (value) =>
    wrongFields(fields, value).length === 0;

/** The fields of a value that are missing or malformed; empty when it has the shape. */
export function wrongFields(fields: Shape, value: unknown): string[] {
  const values = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  const wrong = Object.entries(fields)
    .filter(([field, check]) => !check(values[field], values))
    .map(([field]) => field);
  // What nobody has looked at must not get in; its name may be anything, so it isn't repeated.
  const unknown = Object.keys(values).some((field) => !Object.hasOwn(fields, field));
  return unknown ? [...wrong, '(unknown field)'] : wrong;
}

/** Whether a text may be the id of a notification to an applicant (`store/notifications/outbox.ts`). */
export function isNotificationId(text: string): boolean {
  return /^[\w-]{1,200}$/.test(text);
}
