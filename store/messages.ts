import { and, asc, desc, eq, inArray, or } from 'drizzle-orm';
import { openPerson, openPersonal } from './personal.ts';
import { accreditation, application, message, staff } from './schema.ts';
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
  /** For providers that know a 短信 by its template and parameters only (阿里云); null where the policy names none. */
  template: { code: string; parameters: Record<string, string> } | null;
}

/** Those of the messages that nobody has taken yet; the recipient's address is looked up now. */
export async function outgoingMessages(store: Store, ids: string[]): Promise<OutgoingMessage[]> {
  const rows = await store.db
    .select()
    .from(message)
    .leftJoin(application, eq(application.acceptanceNumber, message.acceptanceNumber))
    .leftJoin(accreditation, eq(accreditation.id, message.accreditationId))
    .leftJoin(staff, eq(staff.id, message.recipient))
    .where(and(inArray(message.id, ids), eq(message.state, 'queued')))
    .orderBy(asc(message.id));
  return rows.map(({ message: { id, channel, recipient, subject, body }, ...about }) => {
    const phone = recipient === 'applicant' ? phoneOf(store, about) : about.staff?.phone;
    const address = (channel === 'sms' ? phone : about.staff?.email) ?? null;
    return { id, channel: channel === 'sms' ? 'sms' : 'email', address, subject: subject ?? '', body, template: null };
  });
}

interface About {
  application: Parameters<typeof openPersonal>[1] | null;
  accreditation: Parameters<typeof openPerson>[1] | null;
}

/** The applicant's phone, or that of who was accredited; null where an earlier system had none. */
function phoneOf(store: Store, { application: one, accreditation: other }: About): string | null {
  const phone = one ? openPersonal(store, one).applicant.phone : other && openPerson(store, other).phone;
  return phone ? `+86${phone}` : null;
}

/** The provider has taken the message. */
export async function markSent(store: Store, id: string, sentAt: string, providerId: string): Promise<void> {
  await store.db.update(message).set({ state: 'sent', sentAt, providerId, failure: null }).where(eq(message.id, id));
}

/** The message can't be sent as it is; trying again would change nothing. */
export async function markFailed(store: Store, id: string, failure: string): Promise<void> {
  await store.db.update(message).set({ state: 'failed', failure }).where(eq(message.id, id));
}

/** The APP messages (APP 消息) about the cases that a subject filed and what they brought, newest first. */
export function inbox(store: Store, submittedBy: string, limit: number) {
  return store.db
    .select({
      id: message.id,
      acceptanceNumber: message.acceptanceNumber,
      accreditationId: message.accreditationId,
      purpose: message.purpose,
      body: message.body,
      createdAt: message.createdAt,
    })
    .from(message)
    .leftJoin(application, eq(application.acceptanceNumber, message.acceptanceNumber))
    .leftJoin(accreditation, eq(accreditation.id, message.accreditationId))
    .where(
      and(
        eq(message.channel, 'app'),
        or(eq(application.submittedBy, submittedBy), eq(accreditation.submittedBy, submittedBy)),
      ),
    )
    .orderBy(desc(message.createdAt), desc(message.id))
    .limit(limit);
}

/** What was sent, or could not be, about a case. */
export function messagesOfCase(store: Store, acceptanceNumber: string): Promise<MessageRow[]> {
  const ofCase = eq(message.acceptanceNumber, acceptanceNumber);
  return store.db.select().from(message).where(ofCase).orderBy(asc(message.sequence), asc(message.id));
}
