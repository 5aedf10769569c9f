import { accreditationEntryNames } from '../../domain/accreditations/timeline.ts';
import { entryNames, stepNames } from '../../domain/names.ts';
import type {
  AttemptOutcome,
  CallOutcome,
  NotificationPurpose,
  NotificationState,
} from '../../store/notifications/tables.ts';

/** What notifications tell; what also stands in a timeline has the same name as there. */
export const purposeNames: Record<NotificationPurpose, string> = {
  ...accreditationEntryNames,
  ...entryNames,
  verificationFailed: '线下核验未通过',
  rejectedWithoutAppeal: '未通过认定,不能再申诉',
  dueDateMoved: '办理期限因放假安排改变',
  windowMoved: '提交材料的期限因放假安排改变',
  renewalExtended: accreditationEntryNames.extended,
  accreditationEnded: accreditationEntryNames.ended,
  accreditationRevoked: accreditationEntryNames.revoked,
  callOverdue: stepNames.callOverdue,
  phoneCode: '新手机号的验证码',
  phoneReplaced: '告知原号码手机号已更换',
  filedOtherwise: '告知以往号码有人提交申请',
  actedAtWindow: '告知预留号码窗口已代办',
  circularMissing: '告知管理员放假安排还没有录入',
};

export const notificationStateNames: Record<NotificationState, string> = {
  queued: '待发出',
  dispatched: '已发出',
  delivered: '已送达',
  failed: '未送达',
  overtaken: '不用再发',
};

export const attemptOutcomeNames: Record<AttemptOutcome, string> = {
  taken: '服务商已接收',
  refused: '服务商拒收',
  notTaken: '服务商未收到',
};

export const callOutcomeNames: Record<CallOutcome, string> = { reached: '已告知', wrongNumber: '号码有误' };
