import type { StaffMail } from '../policy/staff-mail.ts';
import { type KnownMessage, markFailed } from '../store/sending.ts';
import { now } from './clock.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { tryToSend } from './send.ts';

/**
 * Hands a mail to the staff over. A message has one Message-ID however often it is tried, and no mailbox can be asked what it has.
 * @param inWords what the message says, with those that it carries
 * @throws ProviderUnavailable
 */
export async function sendMail(
  { store, providers }: Pick<ActivityDependencies, 'store' | 'providers'>,
  message: KnownMessage,
  inWords: (message: KnownMessage) => StaffMail,
): Promise<void> {
  const { address } = message.outgoing;
  if (address === null) return markFailed(store, message.row.id, 'unknown recipient', now());
  const { send } = providers.email;
  const words = (one: KnownMessage) => ({ ...one.outgoing, ...inWords(one), address });
  await tryToSend(store, message, words, { name: 'smtp', send, receiptMinutes: null });
}
