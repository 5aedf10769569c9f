import type { CarriedCase } from '../../activities/contract.ts';
import type { Milestone, Purpose } from '../../domain/cases/milestones.ts';
import type { Schedule } from '../../domain/cases/schedule.ts';
import type { ApplicationState } from '../../domain/cases/state.ts';
import { shanghaiMinute } from '../../domain/dates.ts';
import { statusNames } from '../../domain/names.ts';
import { searchAttributes } from '../messages.ts';

/** The case in words, for Temporal Web (Markdown): what an operator wants to know before reading the history. */
export function caseDetails(acceptanceNumber: string, state: ApplicationState, schedule: Schedule): string {
  const stopped = state.closed ? '—' : `停表中,还剩 ${schedule.workingDaysLeft} 个工作日`;
  const due = schedule.dueOn ?? stopped;
  const lines = [
    `**${statusNames[state.status]}** · 第 ${state.round} 轮 · 受理日 ${state.ledger.acceptedOn}`,
    `办理期限:${due}${schedule.provisional ? '(暂定:该年放假安排未公布)' : ''}`,
  ];
  if (state.escalationLevel > 0) lines.push(`已超期,第 ${state.escalationLevel} 级上报`);
  if (state.assignee) lines.push(`承办人:${state.assignee}`);
  if (schedule.windowEndsOn) lines.push(`申请人期限:${schedule.windowEndsOn}`);
  const next = state.closed ? undefined : schedule.milestones[0];
  lines.push(next ? `下一步:${milestoneSummary(next)}` : state.closed ? '已结束' : '等待处理');
  return [`受理号 ${acceptanceNumber}`, ...lines].join('\n\n');
}

/** The search attributes that say something else than before: setting one costs an event. */
export function changedAttributes(before: CarriedCase['published'], next: CarriedCase['published']) {
  const { caseStatus, dueOn, escalationLevel } = searchAttributes;
  const dueAt = next.dueAt === null ? null : new Date(next.dueAt);
  return [
    ...(before.status === next.status ? [] : [{ key: caseStatus, value: next.status }]),
    ...(before.dueAt === next.dueAt ? [] : [{ key: dueOn, value: dueAt }]),
    ...(before.level === next.level ? [] : [{ key: escalationLevel, value: next.level }]),
  ];
}

const purposeNames: Record<Purpose, (value: number) => string> = {
  tellDelay: () => '参保信息仍未核对,告知申请人',
  remindNotice: (days) => `提醒一次性告知(受理后第 ${days} 个工作日)`,
  remindReviewer: (left) => `提醒审核人(还剩 ${left} 个工作日)`,
  escalate: (level) => `超期,第 ${level} 级上报`,
  remindSupplement: (left) => `提醒申请人补正(还剩 ${left} 天)`,
  lapse: () => '补正期满',
  remindVerification: (left) => `提醒申请人到窗口核验(还剩 ${left} 天)`,
  missVerification: () => '核验期满',
  remindAppeal: (left) => `提醒申请人可申诉(还剩 ${left} 天)`,
  remindResubmission: (left) => `提醒申请人可重新提交(还剩 ${left} 天)`,
  close: () => '重新提交和申诉期满,结束',
};

/** What a timer is waiting for. */
export function milestoneSummary({ purpose, value, at }: Milestone): string {
  return `${purposeNames[purpose](value)} ${shanghaiMinute(at)}`;
}
