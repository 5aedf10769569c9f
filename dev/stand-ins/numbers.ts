/**
 * Endings of phone numbers that mean the same to all stand-ins for providers of 短信, so that a demo or a test can make a
 * notification fail:
 *
 * | ending | what becomes of a notification                                  |
 * | ------ | --------------------------------------------------------------- |
 * | 0001   | refused: there is no such number                                |
 * | 0002   | refused: its owner has unsubscribed (退订)                      |
 * | 0003   | taken, and not delivered: the phone is out of service (停机)    |
 * | 0004   | taken, and under way for good: the carrier never sends a receipt |
 *
 * Every other number gets what is sent to it.
 */
const endings = { '0001': 'illegal', '0002': 'unsubscribed', '0003': 'undelivered', '0004': 'underWay' } as const;

export type Fate = (typeof endings)[keyof typeof endings] | 'delivered';

/** What becomes of a notification to this number, in whatever form it is written. */
export function fateOf(number: string): Fate {
  const ending = number.slice(-4);
  return ending in endings ? endings[ending as keyof typeof endings] : 'delivered';
}
