import type { Request } from 'express';
import { addDays, shanghaiDate, shanghaiInstant } from '../../domain/dates.ts';
import { type Count, countingIn, countTogether, type Limit } from '../../store/limits/counting.ts';
import type { Store } from '../../store/open.ts';
import type { ApiContext } from '../context.ts';
import type { User } from './auth.ts';
import { problems } from './errors.ts';

/** Whom or what a limit counts; of people and phones their keyed hash. */
export type Counted = { account: User } | { idNumber: string } | { phone: string } | { address: Request };

/** The key of a counter: the one place that says what counts as the same account, person, phone or address. */
export function counterKey({ keyring }: Pick<Store, 'keyring'>, counted: Counted): string {
  if ('account' in counted) return `account:${counted.account.subject}`;
  if ('idNumber' in counted) return `person:${keyring.hash(counted.idNumber)}`;
  if ('phone' in counted) return `phone:${keyring.hash(counted.phone)}`;
  return `address:${network(counted.address.ip ?? '')}`;
}

/** Of an IPv6 address the part that a subscriber is given; who has one has all the addresses within it. */
function network(address: string): string {
  if (!address.includes(':')) return address;
  if (/^::ffff:\d+\.\d+\.\d+\.\d+$/i.test(address)) return address.slice(7);
  const [head = '', tail] = address.split('%')[0]?.split('::') ?? [];
  const groups = (text = '') => (text === '' ? [] : text.split(':'));
  const [first, last] = [groups(head), groups(tail)];
  const zeros = tail === undefined ? [] : Array.from({ length: 8 - first.length - last.length }, () => '0');
  return `${[...first, ...zeros, ...last].slice(0, 4).join(':')}::/64`;
}

/** What is limited, by the code of its problem. */
interface Taking {
  code: 'too-many-filings' | 'too-many-uploads' | 'too-many-lookups';
  counted: Counted;
  most: number;
  /** On a Shanghai day, or within an hour of the first. */
  within: 'day' | 'hour';
  /** Chinese: how many there may be, and what else can be done. */
  detail: string;
}

const DAY_SECONDS = 86_400;

/**
 * It fails closed: what is limited here needs the database anyway.
 * @returns functions that count something that is about to be done; they throw Problem 429 where it may not be done
 */
export function limiter({ store, now }: Pick<ApiContext, 'store' | 'now'>, count: Count = countingIn(store)) {
  const counterOf = ({ code, counted, most, within }: Taking, at: string): { limit: Limit; key: string } => {
    const key = counterKey(store, counted);
    const limit = { name: code, most, seconds: within === 'day' ? DAY_SECONDS : 3600 };
    return { limit, key: within === 'day' ? `${shanghaiDate(at)}:${key}` : key };
  };
  async function take(taking: Taking): Promise<void> {
    const at = now();
    const { limit, key } = counterOf(taking, at);
    const wait = await count(limit, key);
    if (wait === 0) return;
    const midnight = shanghaiInstant(addDays(shanghaiDate(at), 1), '00:00');
    const until = taking.within === 'day' ? midnight : new Date(Date.parse(at) + wait).toISOString();
    throw problems.tooManyUntil(taking.code, taking.detail, { until, now: at });
  }
  /** Of something that several limits are about; each costs little only together. */
  async function takeAll(takings: Taking[]): Promise<void> {
    const at = now();
    const counted = takings.map((taking) => counterOf(taking, at));
    if (await countTogether(store, counted, at)) return;
    for (const taking of takings) await take(taking);
  }
  return { take, takeAll };
}
export type Limiter = ReturnType<typeof limiter>;
