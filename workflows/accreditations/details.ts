import type { AccreditationMilestone } from '../../domain/accreditations/milestones.ts';
import type { AccreditationState } from '../../domain/accreditations/state.ts';
import { shanghaiMinute } from '../../domain/dates.ts';
import { accreditationStatusNames } from '../../domain/names.ts';

const purposeNames: Record<AccreditationMilestone['purpose'], (value: number) => string> = {
  remindRenewal: (left) => `提醒续期(还剩 ${left} 天)`,
  extend: () => '到期,续期审核中',
  end: () => '到期',
  close: () => '可续期的时间已过,结束',
};

/** What an accreditation's timer is waiting for. */
export function accreditationTimer({ purpose, value, at }: AccreditationMilestone): string {
  return `${purposeNames[purpose](value)} ${shanghaiMinute(at)}`;
}

/** An accreditation in words, for Temporal Web (Markdown). */
export function accreditationDetails(state: AccreditationState, [next]: AccreditationMilestone[]): string {
  const lines = [
    `**${accreditationStatusNames[state.status]}** · ${state.validFrom} 至 ${state.validUntil ?? '长期'}`,
    ...(state.renewal ? [`续期申请:${state.renewal.acceptanceNumber}`] : []),
    next ? `下一步:${accreditationTimer(next)}` : state.closed ? '已结束' : '等待处理',
  ];
  return lines.join('\n\n');
}
