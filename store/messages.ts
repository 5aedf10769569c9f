import { and, asc, desc, eq, inArray } from 'drizzle-orm';
import { openPersonal } from './personal.ts';
import { application, message, staff } from './schema.ts';
import type { Store } from './store.ts';

export type MessageRow = typeof message.$inferSelect;

/** A message that still has to be handed over. */
export interface OutgoingMessage {
  id: string;
  channel: 'sms' | 'email';
  /** An E.164 phone number or an e-mail address; null where the recipient isn't known (any more). */
  address: string | null;
  subject: string;
  body: string;
}

/** Those of the messages that nobody has taken yet; the recipient's address is looked up now. */
export async function outgoingMessages(store: Store, ids: string[]): Promise<OutgoingMessage[]> {
  const rows = await store.db
    .select()
    .from(message)
    .innerJoin(application, eq(application.acceptanceNumber, message.acceptanceNumber))
    .leftJoin(staff, eq(staff.id, message.recipient))
    .where(and(inArray(message.id, ids), eq(message.state, 'queued')))
    .orderBy(asc(message.id));
  return rows.map(({ message: { id, channel, recipient, subject, body }, application: row, staff: employee }) => {
    const phone = recipient === 'applicant' ? `+86${openPersonal(store, row).applicant.phone}` : employee?.phone;
    const address = (channel === 'sms' ? phone : employee?.email) ?? null;
    return { id, channel: channel === 'sms' ? 'sms' : 'email', address, subject: subject ?? '', body };
  });
}

/** The provider has taken the message. */
export async function markSent(store: Store, id: string, sentAt: string, providerId: string): Promise<void> {
  await store.db.update(message).set({ state: 'sent', sentAt, providerId, failure: null }).where(eq(message.id, id));
}

/** The message can't be sent as it is; trying again would change nothing. */
export async function markFailed(store: Store, id: string, failure: string): Promise<void> {
  await store.db.update(message).set({ state: 'failed', failure }).where(eq(message.id, id));
}

/** The APP messages (APP 消息) about the cases that a subject filed, newest first. */
export function inbox(store: Store, submittedBy: string, limit: number) {
  return store.db
    .select({
      id: message.id,
      acceptanceNumber: message.acceptanceNumber,
      purpose: message.purpose,
      body: message.body,
      createdAt: message.createdAt,
    })
    .from(message)
    .innerJoin(application, eq(application.acceptanceNumber, message.acceptanceNumber))
    .where(and(eq(message.channel, 'app'), eq(application.submittedBy, submittedBy)))
    .orderBy(desc(message.createdAt), desc(message.id))
    .limit(limit);
}

/** What was sent, or could not be, about a case. */
export function messagesOfCase(store: Store, acceptanceNumber: string): Promise<MessageRow[]> {
  const ofCase = eq(message.acceptanceNumber, acceptanceNumber);
  return store.db.select().from(message).where(ofCase).orderBy(asc(message.sequence), asc(message.id));
}
