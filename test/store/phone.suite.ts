import { beforeAll, describe, expect, it } from '@jest/globals';
import { phoneCodeText, phoneReplacedText } from '../../policy/phone-texts.ts';
import { findApplication } from '../../store/applications.ts';
import type { ApplicationRow } from '../../store/personal.ts';
import { type Confirmation, confirmPhone, issuePhoneCode } from '../../store/phone-codes.ts';
import { queuedSealed } from '../../store/sealed-messages.ts';
import { markFailed } from '../../store/sending.ts';
import type { Store } from '../../store/store.ts';
import { policy } from '../support/policy.ts';
import { fileOne } from './open-store.ts';

const at = (minute: number, day = 2) => `2026-03-0${day}T02:${String(minute).padStart(2, '0')}:00.000Z`;
const limits = { ...policy.messaging.phoneCode, perDay: 1000 };

/** A new phone (更换手机号), and the messages about it. */
export function phoneSuite(shared: () => Store): void {
  let store: Store;
  beforeAll(() => {
    store = shared();
  });

  /** Sends the code 123456 for a case to 13900139009. */
  const issue = (acceptanceNumber: string, minute: number) => {
    const text = phoneCodeText(policy, acceptanceNumber, '123456');
    return issuePhoneCode(store, acceptanceNumber, {
      phone: '13900139009',
      code: '123456',
      text,
      limits,
      at: at(minute),
    });
  };
  /** An account of its own for each: it may have so many codes a day. */
  const file = async () => (await fileOne(store, { submittedBy: `applicant-${Math.random()}` })).acceptanceNumber;

  describe('a message whose handing over may not have been started', () => {
    const lost = async (before: string, acceptanceNumber: string) =>
      (await queuedSealed(store, before)).filter(({ messageId }) => messageId.startsWith(acceptanceNumber));

    it('is found from an instant on, for a day, until it is settled; a code with the end of its time', async () => {
      const number = await file();
      const { messageId, expiresAt } = await issue(number, 10);
      expect(expiresAt).toBe(at(20));
      const found = [{ messageId, until: at(20) }];
      expect(await lost(at(10), number)).toEqual([]);
      expect(await lost(at(11), number)).toEqual(found);
      expect(await lost(at(9, 3), number)).toEqual(found);
      expect(await lost(at(10, 3), number)).toEqual([]);
      await markFailed(store, messageId, 'given up', at(20));
      expect(await lost(at(21), number)).toEqual([]);
    });

    it('is the one to the former number, too, whose words always say something', async () => {
      const number = await file();
      const code = await issue(number, 10);
      await markFailed(store, code.messageId, 'given up', at(11));
      const row = (await findApplication(store, number)) as ApplicationRow;
      const confirmation = await confirmPhone(store, row, {
        code: '123456',
        at: at(12),
        tries: limits.tries,
        replaced: phoneReplacedText(policy, number),
      });
      const { messageId } = confirmation as Extract<Confirmation, { phone: string }>;
      expect(await lost(at(13), number)).toEqual([{ messageId }]);
    });
  });
}
