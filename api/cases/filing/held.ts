import { isOwner } from '../../../domain/cases/access.ts';
import { policyInForce } from '../../../policy/versions.ts';
import type { ClaimTaken } from '../../../store/cases/claims.ts';
import { findApplication } from '../../../store/cases/queries.ts';
import type { ApplicationRow } from '../../../store/cases/tables.ts';
import type { ApiContext } from '../../context.ts';
import type { User } from '../../http/auth.ts';
import { Problem } from '../../http/errors.ts';

/**
 * The problem to answer when another application stands in the way of a filing. Whose it is, whoever filed it, and any
 * clerk learn its number and what can be done with it; another agent learns only that there is one.
 */
export async function heldAlready(
  context: ApiContext,
  { kind, acceptanceNumber }: ClaimTaken,
  user: User,
): Promise<Problem> {
  const row = await findApplication(context.store, acceptanceNumber);
  const code = kind === 'yearly' ? 'changed-this-year' : 'application-open';
  if (!row || !(user.roles.includes('clerk') || isOwner(user, row))) {
    const { hotline } = policyInForce(context).city;
    const detail = `该参保人已有同类申请,不是由您提交的。请由参保人本人在申请渠道的“我的申请”中查看,或致电${hotline}。`;
    return new Problem(409, code, detail);
  }
  return new Problem(409, code, `${heldDetails[kind](row)}。`, { acceptanceNumber });
}

const heldDetails: Record<ClaimTaken['kind'], (row: ApplicationRow) => string> = {
  yearly: ({ acceptanceNumber, status }) =>
    status === 'approved'
      ? `定点医疗机构每年只能变更 1 次,今年已变更(受理号 ${acceptanceNumber}),请明年再申请`
      : `定点医疗机构每年只能变更 1 次,今年已有变更申请正在办理(受理号 ${acceptanceNumber}),请查看其办理进度`,
  open: ({ acceptanceNumber, status }) =>
    `同一病种、同一类型已有一件未办结的申请(受理号 ${acceptanceNumber})。${
      status === 'rejected'
        ? '该申请未通过,可在期限内补充材料重新提交或申诉,不用另行申请'
        : '请查看该申请的办理进度,不用重复提交'
    }`,
};
