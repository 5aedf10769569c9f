import { z } from 'zod';
import { shanghaiDate } from '../../domain/dates.ts';
import { absenceProblems } from '../../domain/staff/absence.ts';
import { isReviewer, reviewsNow } from '../../domain/staff/roles.ts';
import { standingAbsences } from '../../store/staff/absences.ts';
import { LastAdmin, type SavedMember, saveMembers } from '../../store/staff/members.ts';
import { everyone } from '../../store/staff/queries.ts';
import type { ApiContext } from '../context.ts';
import type { User } from '../http/auth.ts';
import { type FieldError, Problem, problems } from '../http/errors.ts';
import { fieldErrors } from '../http/route.ts';
import { fieldProblems } from './absence.ts';
import { memberSchema } from './requests.ts';

type Member = z.infer<typeof memberSchema>;

/** The part that says who takes over, so that a wrong phone doesn't hide a wrong person. */
const readable = z.object({ to: memberSchema.shape.to.catch(undefined) }).catch({});

/**
 * Checks what is said of a member of staff, as it comes in.
 * @throws Problem 422 with everything that is wrong with it, at once
 */
export async function checkMember(context: ApiContext, staffId: string, body: unknown): Promise<Member> {
  const parsed = memberSchema.safeParse(body ?? {});
  const { to } = readable.parse(body ?? {});
  const errors = [
    ...(parsed.success ? [] : fieldErrors(parsed.error)),
    ...(parsed.success && to !== undefined && reviewsNow(parsed.data) ? [notLeaving] : []),
    ...(typeof to === 'string' ? await takerErrors(context, staffId, to) : []),
  ];
  if (!parsed.success || errors.length > 0) throw problems.invalid(errors);
  return parsed.data;
}

const notLeaving = { field: 'to', code: 'notLeaving', detail: '停用或不再任审核岗位时才有接替人,请去掉。' };

/** What speaks against somebody who is to take over from today on. */
async function takerErrors({ store, now }: ApiContext, staffId: string, to: string): Promise<FieldError[]> {
  const today = shanghaiDate(now());
  const reviewers = (await everyone(store.db)).filter(isReviewer).map(({ id }) => id);
  const entered = { staffId, period: { from: today, until: today }, to };
  const wrong = absenceProblems(entered, today, reviewers, await standingAbsences(store, today));
  return wrong.map((problem) => fieldProblems[problem]);
}

/** Saves what was checked. @throws Problem 409 where nobody could keep the list any more */
export async function saveMember(
  { store, now }: ApiContext,
  staffId: string,
  { to, ...member }: Member,
  { subject }: User,
): Promise<SavedMember | undefined> {
  if (staffId === subject && !(member.active && member.roles.includes('admin'))) throw ownMembership();
  try {
    const [saved] = await saveMembers(store, [{ id: staffId, ...member }], { by: subject, at: now(), to });
    return saved;
  } catch (error) {
    throw error instanceof LastAdmin ? lastAdmin() : error;
  }
}

const ownMembership = () =>
  new Problem(409, 'own-membership', '不能停用自己或取消自己的管理员岗位,请由另一位系统管理员办理。');
const lastAdmin = () =>
  new Problem(409, 'last-admin', '这是最后一位在职的系统管理员,不能停用或取消其管理员岗位。请先登记另一位系统管理员。');
