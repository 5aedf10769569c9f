import { and, count, eq, gte, ne, sql } from 'drizzle-orm';
import { shanghaiDate, shanghaiInstant } from '../../domain/dates.ts';
import { acknowledgements, causedByFiling } from '../../domain/notifications/caused.ts';
import type { NotificationDraft } from '../../domain/notifications/drafts.ts';
import { type ApplicationRow, application } from '../cases/tables.ts';
import type { Transaction } from '../open.ts';
import { isAny, prepared } from '../prepared.ts';
import { notification } from './tables.ts';

/**
 * Leaves out the 短信 that acknowledge what the applicant did, once their account has caused as many to the case's phone
 * on that day: it may be anybody's. What they say also lies in the APP inbox. Results, and what the office asks for,
 * always go; so does what a clerk caused at the window.
 * @param at instant of the change
 * @param most 短信 a day
 */
export async function withinBound(
  tx: Transaction,
  { channel, phoneHash, submittedBy }: ApplicationRow,
  drafts: NotificationDraft[],
  { at, most }: { at: string; most: number },
): Promise<NotificationDraft[]> {
  const acknowledges = (draft: NotificationDraft) => {
    return draft.channel === 'sms' && draft.recipient === 'applicant' && isIn(acknowledgements, draft.purpose);
  };
  if (channel === 'window' || !drafts.some(acknowledges)) return drafts;
  const since = shanghaiInstant(shanghaiDate(at), '00:00');
  const [caused] = await causedSince(tx, { phoneHash, submittedBy, since, purposes: [...causedByFiling] });
  return caused && caused.texts >= most ? drafts.filter((draft) => !acknowledges(draft)) : drafts;
}

const isIn = (purposes: readonly string[], purpose: string) => purposes.includes(purpose);

const causedSince = prepared('短信 that an account caused to a phone', (db) =>
  db
    .select({ texts: count() })
    .from(application)
    .innerJoin(notification, eq(notification.acceptanceNumber, application.acceptanceNumber))
    .where(
      and(
        eq(application.phoneHash, sql.placeholder('phoneHash')),
        eq(application.submittedBy, sql.placeholder('submittedBy')),
        eq(notification.channel, 'sms'),
        eq(notification.recipient, 'applicant'),
        isAny(notification.purpose, 'purposes'),
        ne(notification.state, 'overtaken'),
        gte(notification.createdAt, sql.placeholder('since')),
      ),
    ),
);
