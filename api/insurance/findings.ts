import { shanghaiDate } from '../../domain/dates.ts';
import { type CaseFinding, coreEventFinding } from '../../policy/cases/findings.ts';
import type { ApplicationRow } from '../../store/cases/tables.ts';
import { eventAgainst } from '../../store/insurance/events.ts';
import type { ApiContext } from '../context.ts';

/** What the insurance core has told since an application was filed that stands against granting it. */
export async function coreFindings(
  { store, now }: Pick<ApiContext, 'store' | 'now'>,
  { submittedAt, idNumberHash, closed }: ApplicationRow,
): Promise<CaseFinding[]> {
  if (closed) return [];
  const days = { filedOn: shanghaiDate(submittedAt), today: shanghaiDate(now()) };
  const event = await eventAgainst(store, idNumberHash, days);
  return event ? [coreEventFinding(event)] : [];
}
