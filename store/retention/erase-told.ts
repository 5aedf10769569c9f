import { eq, inArray } from 'drizzle-orm';
import { sealNotice } from '../notices/content.ts';
import { notice } from '../notices/tables.ts';
import { type About, isAbout } from '../notifications/about.ts';
import { attempt, call, notification } from '../notifications/tables.ts';
import type { Store, Transaction } from '../open.ts';

/**
 * Deletes what people were told about a case or an accreditation. Of a notice its number stays, so that the register of
 * document numbers (文号) has no gap that nobody can explain.
 */
export async function eraseTold(store: Store, tx: Transaction, about: About): Promise<void> {
  await deleteNotifications(
    tx,
    tx.select({ id: notification.id }).from(notification).where(isAbout(notification, about)),
  );
  const notices = await tx.select({ id: notice.id }).from(notice).where(isAbout(notice, about));
  for (const { id } of notices) {
    const blank = { title: '', office: '', addressee: '', sections: [], issuedOn: '', documentNumber: '' };
    await tx
      .update(notice)
      .set({ content: sealNotice(store, id, blank) })
      .where(eq(notice.id, id));
  }
}

/** Deletes notifications with their tries and calls. @param ids a list, or a query for it */
export async function deleteNotifications(tx: Transaction, ids: Parameters<typeof inArray>[1]): Promise<number> {
  await tx.delete(call).where(inArray(call.notificationId, ids as never));
  await tx.delete(attempt).where(inArray(attempt.notificationId, ids as never));
  const gone = await tx
    .delete(notification)
    .where(inArray(notification.id, ids as never))
    .returning({ id: notification.id });
  return gone.length;
}
