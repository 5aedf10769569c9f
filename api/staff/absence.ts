import { z } from 'zod';
import { shanghaiDate } from '../../domain/dates.ts';
import { type Absence, type AbsenceProblem, absenceProblems, isAbsentOn } from '../../domain/staff/absence.ts';
import { isReviewer } from '../../domain/staff/roles.ts';
import { standingAbsences } from '../../store/staff/absences.ts';
import { everyone, namesOf } from '../../store/staff/queries.ts';
import type { ApiContext } from '../context.ts';
import { type FieldError, problems } from '../http/errors.ts';
import { fieldErrors } from '../http/route.ts';
import { absenceSchema } from './requests.ts';

const { from, until, to } = absenceSchema.shape;
/** The part of an absence that can be read, so that a wrong date doesn't hide a wrong person. */
const readable = z
  .object({
    period: z.object({ from, until }).optional().catch(undefined),
    to: to.optional().catch(undefined),
  })
  .catch({});

/**
 * Checks an absence (不在岗) as it is entered.
 * @throws Problem 422 with everything that is wrong with it, at once
 */
export async function checkAbsence(
  { store, now }: ApiContext,
  staffId: string,
  body: unknown,
): Promise<Absence & { until: string }> {
  const parsed = absenceSchema.safeParse(body ?? {});
  const part = readable.parse({ ...(body as object), period: body });
  const today = shanghaiDate(now());
  const reviewers = (await everyone(store.db)).filter(isReviewer).map(({ id }) => id);
  const wrong = absenceProblems({ staffId, ...part }, today, reviewers, await standingAbsences(store, today));
  const errors = [
    ...(parsed.success ? [] : fieldErrors(parsed.error)),
    ...wrong.map((problem) => fieldProblems[problem]),
  ];
  if (!parsed.success || errors.length > 0) throw problems.invalid(errors);
  return { staffId, ...parsed.data };
}

/** What is said of who is to take over, and of the days. */
export const fieldProblems: Record<AbsenceProblem, FieldError> = {
  endsTooEarly: { field: 'until', code: 'endsTooEarly', detail: '最后一天不能早于第一天。' },
  over: { field: 'until', code: 'over', detail: '最后一天已过,不用登记。' },
  notAReviewer: { field: 'to', code: 'notAReviewer', detail: '接替人应为审核人员,请重新选择。' },
  samePerson: { field: 'to', code: 'samePerson', detail: '接替人不能是本人,请重新选择。' },
  absentToo: { field: 'to', code: 'absentToo', detail: '接替人在这段时间也不在岗,请选择其他人员。' },
};

/** Errors where somebody is absent today: nobody is put in charge of a case then. */
export async function absenceErrors({ store, now }: ApiContext, staffId: string): Promise<FieldError[]> {
  const today = shanghaiDate(now());
  const standing = await standingAbsences(store, today);
  const absent = standing.filter((absence) => absence.staffId === staffId && isAbsentOn(absence, today));
  const nameOf = await namesOf(
    store,
    absent.map(({ to }) => to),
  );
  return absent.map(({ from, until, to }) => ({
    field: 'to',
    code: 'absent',
    detail: `该审核人员 ${from} 至 ${until ?? '今后'} 不在岗,请指派给${to ? `接替人 ${nameOf(to)} 或` : ''}其他审核人员。`,
  }));
}
