import { userInfo } from 'node:os';
import { shanghaiMinute } from '../../domain/dates.ts';
import { createAuditWriter } from '../../store/audit/append.ts';
import type { Store } from '../../store/open.ts';
import { type StandingHold, standingHolds } from '../../store/retention/holds.ts';
import { accreditationsOfPerson, casesOfPerson } from '../../store/retention/person.ts';

/**
 * All legal holds that stand: on what, why, who has set it and when. A person is shown by what they have: the store
 * knows them by a hash.
 * @param at instant
 */
export async function holdsInWords(store: Store, at: string): Promise<string> {
  const holds = await standingHolds(store);
  await createAuditWriter(store).append({
    ...{ at, by: userInfo().username, role: 'system', action: 'read', kind: 'person', part: 'hold', why: 'duty' },
    objects: holds.flatMap(({ acceptanceNumber }) => acceptanceNumber ?? []),
    people: holds.flatMap(({ idNumberHash }) => idNumberHash ?? []),
    circumstances: { address: null },
  });
  const lines: string[] = [];
  for (const hold of holds) {
    lines.push(`${await subjectOf(store, hold)}:${hold.reason}(${hold.setBy},${shanghaiMinute(hold.setAt)})`);
  }
  return [`共有 ${holds.length} 项法律保留。`, ...lines].join('\n');
}

async function subjectOf(store: Store, { acceptanceNumber, idNumberHash }: StandingHold): Promise<string> {
  if (acceptanceNumber !== null) return acceptanceNumber;
  const hash = idNumberHash as string;
  const held = [...(await casesOfPerson(store, hash)), ...(await accreditationsOfPerson(store, hash))];
  return held.length > 0 ? `${held.map(({ id }) => id).join('、')} 的当事人` : '没有申请和认定的人';
}
