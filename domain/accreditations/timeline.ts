import { shanghaiDate } from '../dates.ts';
import type { RevocationCause, Via } from '../vocabulary.ts';
import type { AccreditationState } from './state.ts';

/** What happened to an accreditation, by kind, in the words that people read; the person sees all but the last. */
export const accreditationEntryNames = {
  granted: '认定生效',
  renewalReminded: '提醒续期',
  renewalFiled: '已受理续期申请',
  extended: '续期审核中,待遇延续',
  renewalEnded: '续期申请未通过或已撤回',
  renewed: '续期成功',
  institutionChanged: '已变更定点医疗机构',
  ended: '到期',
  revoked: '撤销',
  coreInformed: '医保系统已撤销备案',
  closed: '已过可续期的时间,结束',
  messageIgnored: '收到不适用的指令,未处理',
} as const;
export type AccreditationEntryKind = keyof typeof accreditationEntryNames;

/** What an entry says beyond its kind. */
export interface AccreditationEntryDetail {
  acceptanceNumber?: string;
  filedOn?: string;
  validFrom?: string;
  validUntil?: string | null;
  cause?: RevocationCause;
  reason?: string;
  /** Shanghai date from which it is revoked, where that isn't the day of the entry. */
  on?: string;
  left?: number;
  message?: string;
  fields?: string[];
}

export interface AccreditationEntry {
  /** Instant, by the workflow's clock. */
  at: string;
  kind: AccreditationEntryKind;
  by: string;
  via: Via;
  detail: AccreditationEntryDetail;
  requestId?: string;
}

/**
 * Shanghai date from which an accreditation is revoked: on the insurance core's word it is the day on which it happened
 * (somebody's insurance ends then, whenever that is told), else the day of the decision.
 */
export function revokedOn({ at, detail }: Pick<AccreditationEntry, 'at' | 'detail'>): string {
  return detail.on ?? shanghaiDate(at);
}

/** One step of an accreditation: the entry and the whole state after it. Numbered from 1 without gaps. */
export interface AccreditationChange {
  sequence: number;
  entry: AccreditationEntry;
  state: AccreditationState;
}
