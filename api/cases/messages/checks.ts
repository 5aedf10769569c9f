import { hasAttended, isAtWindow } from '../../../domain/cases/attendance.ts';
import type { Message, Messages } from '../../../domain/cases/messages.ts';
import { decisions } from '../../../domain/cases/reviewing.ts';
import { transitions } from '../../../domain/cases/transitions.ts';
import { addDays, shanghaiDate } from '../../../domain/dates.ts';
import { reviewsNow } from '../../../domain/staff/roles.ts';
import { policyInForce } from '../../../policy/versions.ts';
import type { ApplicationRow } from '../../../store/cases/tables.ts';
import { findStaff } from '../../../store/staff/queries.ts';
import { assertNotClosed, ticketErrors } from '../../calendar/window.ts';
import type { ApiContext } from '../../context.ts';
import type { User } from '../../http/auth.ts';
import { type FieldError, Problem, problems } from '../../http/errors.ts';
import { absenceErrors } from '../../staff/absence.ts';
import { attendanceErrors } from '../attendance.ts';
import { checkAppeal } from './appeal.ts';
import type { Sending } from './correction.ts';
import { checkRequest } from './one-time-notice.ts';
import { checkResubmission } from './resubmission.ts';
import { conflict, objected } from './send.ts';

/**
 * Checks what the case's workflow can't: it knows no files, no staff, no policy and no personal data.
 * @throws Problem 422 or 409
 */
export async function checkMessage(
  context: ApiContext,
  row: ApplicationRow,
  user: User,
  { message: { name, payload }, corrected }: Sending,
): Promise<void> {
  if (transitions[name][row.status] === undefined) {
    // Normally the workflow says whether a message fits the status. But papers can't be checked in this one, and must
    // not reach the workflow unchecked, which may just have moved on to a status that takes them.
    if ('materials' in payload && payload.materials) throw conflict(row.status);
    return;
  }
  checkWindow(context, row, user, { name, payload } as Message);
  if (decisions.includes(name)) await checkPresence(context, row, payload as Messages['approve']);
  if (name === 'approve') checkPeriod(context, row, payload);
  if (name === 'resubmit') await checkResubmission(context, row, payload, corrected);
  if (name === 'appeal' && payload.materials) await checkAppeal(context, row, payload.by, payload.materials);
  if (name === 'requestMaterials') await checkRequest(context, row, payload);
  if (name === 'reject') checkGrounds(context, payload);
  if (name === 'assign') {
    assertNotAttended(row, payload.to);
    await checkAssignee(context, payload);
  }
}

/** Checks what is said of who is at the window, and whether it still serves them. */
function checkWindow(context: ApiContext, row: ApplicationRow, user: User, { name, payload }: Message): void {
  const { documentSeen, ticketTakenAt } = payload as Messages['resubmit'];
  const now = context.now();
  // Originals are shown at the counter, whatever the application came through.
  const verifies = name === 'recordVerification';
  const errors = [
    ...attendanceErrors(row, user, documentSeen),
    ...ticketErrors(verifies || isAtWindow(row, documentSeen), ticketTakenAt, now),
  ];
  if (errors.length > 0) throw problems.invalid(errors);
  const { windowEndsOn, appealUntil } = row;
  const ends = { resubmit: windowEndsOn, appeal: appealUntil, recordVerification: windowEndsOn };
  const until = ends[name as keyof typeof ends] ?? null;
  if (verifies || row.channel === 'window') assertNotClosed(policyInForce(context), until, { now, ticketTakenAt });
}

/**
 * Nobody who is entered as absent takes charge of a case, by deciding or otherwise: it would lie with them.
 * @throws Problem 409
 */
export async function checkPresence(
  context: ApiContext,
  { assignee }: Pick<ApplicationRow, 'assignee'>,
  { by }: { by: string },
): Promise<void> {
  if (assignee !== null || (await absenceErrors(context, by)).length === 0) return;
  throw new Problem(409, 'absent', '您已登记不在岗,不能承办新的申请。请先结束不在岗登记,或由主管指派其他人员。');
}

/**
 * Checks the period that a reviewer gives: a renewal's follows from the accreditation that it renews, and none begins
 * before the acceptance or long after the decision.
 */
function checkPeriod(context: ApiContext, row: ApplicationRow, { validFrom, validUntil }: Messages['approve']): void {
  const today = shanghaiDate(context.now());
  const { acceptedOn } = row.state.ledger;
  const latest = addDays(today, policyInForce(context).accreditation.startsWithinDays);
  const error = (field: string, code: string, detail: string): FieldError => ({ field, code, detail });
  const errors = [
    ...(validFrom && row.type !== 'new'
      ? [error('validFrom', 'notForThisType', '续期和变更的起始日期按原认定计算,不用填写。')]
      : []),
    ...(validFrom && row.type === 'new' && (validFrom < acceptedOn || validFrom > latest)
      ? [error('validFrom', 'outOfRange', `起始日期应在受理日 ${acceptedOn} 至 ${latest} 之间。`)]
      : []),
    ...(validUntil && validUntil <= today ? [error('validUntil', 'past', '截止日期应晚于今天。')] : []),
    ...(validUntil && row.type === 'changeInstitution'
      ? [error('validUntil', 'notForThisType', '变更不改变有效期,不用填写截止日期。')]
      : []),
  ];
  if (errors.length > 0) throw problems.invalid(errors);
}

function checkGrounds(context: ApiContext, { grounds = [] }: Messages['reject']): void {
  const { rejectionGrounds } = policyInForce(context);
  const unknown = grounds.filter((code) => !Object.hasOwn(rejectionGrounds, code));
  if (unknown.length === 0) return;
  const known = Object.entries(rejectionGrounds).map(([code, text]) => `${code}(${text})`);
  const detail = `没有这个原因,请从列表中选择:${known.join('、')}。`;
  throw problems.invalid([{ field: 'grounds', code: 'unknown', detail }]);
}

/** @throws Problem 409 where this one has acted for the applicant at the window, of which the workflow knows a part */
export function assertNotAttended(row: Pick<ApplicationRow, 'attended'>, to: string | null): void {
  if (hasAttended(row, to)) throw objected('ownCase');
}

/** @throws Problem 422 for who may not be in charge of a case, or is absent */
export async function checkAssignee(context: ApiContext, { to }: Pick<Messages['assign'], 'to'>): Promise<void> {
  if (to === null) return;
  const employee = await findStaff(context.store, to);
  if (!reviewsNow(employee)) {
    throw problems.invalid([{ field: 'to', code: 'notAReviewer', detail: '承办人应为审核人员,请重新选择。' }]);
  }
  const errors = await absenceErrors(context, to);
  if (errors.length > 0) throw problems.invalid(errors);
}
