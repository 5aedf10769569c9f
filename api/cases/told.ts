import { tailOf } from '../../domain/cases/acceptance-number.ts';
import type { EntryKind } from '../../domain/cases/timeline.ts';
import { actsAsAgent, isMinor } from '../../domain/people/person.ts';
import { isStaff } from '../../domain/staff/roles.ts';
import type { Policy } from '../../policy/schema.ts';
import { policyInForce } from '../../policy/versions.ts';
import { openPersonal } from '../../store/cases/personal.ts';
import { findApplication } from '../../store/cases/queries.ts';
import type { ApplicationRow } from '../../store/cases/tables.ts';
import type { ApiContext } from '../context.ts';
import type { User } from '../http/auth.ts';
import type { InboxItem } from '../notifications/answers.ts';
import type { ShownDetail } from './entry-detail.ts';

/**
 * Whether a user is told what the insurance core says of a case's applicant: why it isn't accepted (不予受理), or why it
 * couldn't be registered. An agent (代办人) isn't. They have shown no more than that they know somebody's name and ID
 * number, and would learn by filing who is in arrears, dead or ill with what. They see what was decided, and what the
 * office says of the papers that they handed in; of papers those that they uploaded themselves. The guardian of a child
 * is told: nobody else can be.
 */
export function isTold({ store, policies }: ApiContext, row: ApplicationRow, user: User): boolean {
  if (isStaff(user) || !actsAsAgent(row, user.subject)) return true;
  const { idNumber } = openPersonal(store, row).applicant;
  return isMinor(idNumber, policies.of(row.policyVersion), row.state.ledger.acceptedOn);
}

/** What such a user is told instead: who knows. @param what isn't theirs to know, and why */
export function toldElsewhere({ city }: Policy, what = '原因涉及申请人的参保信息'): string {
  return (
    `${what},只告知申请人本人:可由本人登录申请渠道查看“我的申请”和 APP 消息,` +
    `或由本人持身份证件到医保窗口、致电${city.hotline}查询`
  );
}

/** Entries whose reasons come from the insurance core. */
const fromCore: readonly EntryKind[] = ['refused', 'registrationRefused'];

/** An entry's detail as an agent is shown it: of materials which kinds came, not in which files. */
export function forAgent(policy: Policy, kind: EntryKind, detail: ShownDetail): ShownDetail {
  const { materials, ...others } = detail;
  const shown = materials ? { ...others, materials: materials.map(({ fileIds: _, ...material }) => material) } : others;
  if (!fromCore.includes(kind)) return shown;
  const { reasons: _, reason: __, ...rest } = shown;
  return { ...rest, toldTo: 'applicant', advice: `${toldElsewhere(policy)}。` };
}

/** Entries of the APP inbox as this user may read them. */
export async function inboxFor(context: ApiContext, user: User, items: InboxItem[]): Promise<InboxItem[]> {
  return Promise.all(
    items.map(async (item) => {
      const { purpose, acceptanceNumber } = item;
      if (purpose !== 'refused' || acceptanceNumber === null) return item;
      const row = await findApplication(context.store, acceptanceNumber);
      if (!row || isTold(context, row, user)) return item;
      const advice = toldElsewhere(policyInForce(context));
      return { ...item, body: `您代办的门特申请(受理号尾号${tailOf(acceptanceNumber)})不予受理。${advice}。` };
    }),
  );
}
