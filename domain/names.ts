import type { AuditKind, AuditReason } from './audit.ts';
import type { ExplainedDay } from './calendar/deadline.ts';
import type { EntryKind } from './cases/timeline.ts';
import type { DeliveryStep } from './notifications/delivery.ts';
import type { ReceiptState } from './notifications/receipts.ts';
import type {
  AccreditationStatus,
  ApplicationType,
  Channel,
  CoreEventKind,
  IdentityDocument,
  InsuredType,
  Role,
  Status,
} from './vocabulary.ts';

/** The statuses as people in the office and at home read them (办理状态). */
export const statusNames: Record<Status, string> = {
  submitted: '已提交',
  refused: '不予受理',
  underReview: '审核中',
  awaitingMaterials: '待补材料',
  awaitingVerification: '待线下核验',
  approved: '已通过',
  rejected: '未通过',
  lapsed: '补正逾期',
  withdrawn: '已撤回',
};

/** How somebody is insured (参保类型). */
export const insuredTypeNames: Record<InsuredType, string> = {
  employee: '城镇职工',
  resident: '城乡居民',
  flexible: '灵活就业',
};

/** The types of application (申请类型). */
export const typeNames: Record<ApplicationType, string> = {
  new: '新申请',
  renewal: '续期',
  changeInstitution: '变更定点医疗机构',
};

/** The documents by which the window sees who is there (证件). */
export const documentNames: Record<IdentityDocument, string> = {
  residentIdCard: '居民身份证',
  residencePermit: '港澳台居民居住证',
  travelPermit: '港澳台居民来往通行证',
  permanentResidence: '外国人永久居留身份证',
  passport: '护照',
  householdRegister: '户口簿',
  electronicVoucher: '医保电子凭证',
  socialSecurityCard: '社保卡',
};

export const channelNames: Record<Channel, string> = {
  scApp: '四川医保APP',
  pzhMiniProgram: '攀枝花智慧医保小程序',
  nationalApp: '国家医保服务平台APP',
  window: '线下窗口',
};

/** The statuses of an accreditation (认定状态). */
export const accreditationStatusNames: Record<AccreditationStatus, string> = {
  active: '有效',
  ended: '已到期',
  revoked: '已撤销',
};

/** What happened to a case, in the words of the progress (办理进度). */
export const entryNames: Record<EntryKind, string> = {
  submitted: '提交申请',
  eligibilityDelayed: '参保信息核对中,稍后继续',
  refused: '不予受理',
  accepted: '受理',
  materialsRequested: '要求补充材料',
  supplementReminded: '提醒补充材料',
  verificationRequested: '要求线下核验',
  verificationReminded: '提醒到窗口核验',
  verificationRecorded: '已线下核验',
  verificationMissed: '到期未来核验,继续审核',
  resubmitted: '收到材料',
  lapsed: '到期未补充,终止',
  firstApproved: '初审通过,待复核',
  approved: '通过认定',
  registered: '已在医保系统备案',
  registrationRefused: '医保系统未予备案,继续审核',
  rejected: '未通过认定',
  resubmissionReminded: '提醒可重新提交',
  appealReminded: '提醒可申诉',
  appealed: '收到申诉',
  closed: '重新提交和申诉期满,结束',
  withdrawn: '撤回申请',
  calendarChanged: '放假安排有调整,重算期限',
  assigned: '指定承办人',
  claimsReleased: '主管解除占用,参保人可另行申请',
  noticeReminded: '提醒一次性告知',
  reviewerReminded: '提醒审核人',
  escalated: '超期上报',
  messageIgnored: '收到不适用的指令,未处理',
};

/** What the insurance core tells of a person, as the reason of what follows from it. */
export const coreEventNames: Record<CoreEventKind, string> = {
  deceased: '参保人已死亡',
  movedAway: '参保关系已转出',
};

/** The further ways to reach somebody whose 短信 didn't arrive. */
export const stepNames: Record<DeliveryStep, string> = {
  app: '放入APP消息',
  otherProvider: '换一家服务商再发',
  call: '转电话告知',
  callOverdue: '电话逾期未打,告知科室负责人',
};

/** What a provider says of a notification that it took (回执). */
export const receiptNames: Record<ReceiptState, string> = {
  underWay: '尚无回执',
  delivered: '已送达',
  undelivered: '未送达',
};

/** Why a day counts towards the due date or not (民法典第 201、203 条;国务院办公厅放假安排). */
export const dayRuleNames: Record<ExplainedDay['rule'], string> = {
  dayOfAcceptance: '受理当日,不计',
  workingDay: '工作日,计入',
  makeUpDay: '调休上班日,计入',
  weekend: '周末,不计',
  holiday: '放假,不计',
  clockStopped: '停止计时,不计',
};

/** Who somebody is in the office (角色); `system` for a command on a server. */
export const roleNames: Record<Role | 'system', string> = {
  applicant: '申请人或代办人',
  clerk: '窗口人员',
  reviewer: '审核人',
  supervisor: '科室负责人',
  director: '分管领导',
  admin: '系统管理员',
  system: '运维人员',
};

/** What the audit says that was read or changed. */
export const auditKindNames: Record<AuditKind, string> = {
  application: '申请',
  accreditation: '认定',
  file: '材料文件',
  notice: '告知书',
  person: '个人',
  call: '电话告知',
  inbox: 'APP 消息',
  history: '流程历史',
  staff: '工作人员名册',
  audit: '审计记录',
};

/** Why somebody might. */
export const auditReasonNames: Record<AuditReason, string> = {
  own: '本人或代办',
  inCharge: '承办此件',
  unassigned: '尚无承办人',
  duty: '岗位职责',
  lookUp: '查询,另记理由',
};
