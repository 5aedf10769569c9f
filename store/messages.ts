import { and, asc, desc, eq, inArray, or, type SQL } from 'drizzle-orm';
import { openPerson, openPersonal } from './personal.ts';
import { accreditation, application, attempt, message } from './schema.ts';
import type { Store } from './store.ts';
import type { Person } from './types.ts';

export type MessageRow = typeof message.$inferSelect;

/** What a message is about: its case or its accreditation. */
interface About {
  application: Parameters<typeof openPersonal>[1] | null;
  accreditation: Parameters<typeof openPerson>[1] | null;
}

/** The applicant, or who was accredited; null where it is about nobody. */
export function personOf(store: Store, { application: one, accreditation: other }: About): Person | null {
  return one ? openPersonal(store, one).applicant : other && openPerson(store, other);
}

/** That person's phone (E.164); null where an earlier system had none. */
export function phoneOf(store: Store, about: About): string | null {
  const phone = personOf(store, about)?.phone;
  return phone ? `+86${phone}` : null;
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
  return inOrder(store, eq(message.acceptanceNumber, acceptanceNumber));
}

/** What was sent, or could not be, about an accreditation. */
export function messagesOfAccreditation(store: Store, id: string): Promise<MessageRow[]> {
  return inOrder(store, eq(message.accreditationId, id));
}

/** As the changes came of which they tell. */
function inOrder(store: Store, which: SQL): Promise<MessageRow[]> {
  return store.db.select().from(message).where(which).orderBy(asc(message.sequence), asc(message.id));
}

/** All tries to hand messages over, oldest first. */
export function attemptsOf(store: Store, messages: MessageRow[]) {
  const ids = messages.map(({ id }) => id);
  return store.db.select().from(attempt).where(inArray(attempt.messageId, ids)).orderBy(asc(attempt.startedAt));
}
