import type { DocumentSeen } from './cases/attendance.ts';
import type { Role } from './vocabulary.ts';

/** What the audit (审计) records of reads and changes of people's data. */
export const auditActions = ['read', 'change'] as const;
export type AuditAction = (typeof auditActions)[number];

/** What was read or changed. */
export const auditKinds = [
  'application', // 申请
  'accreditation', // 认定
  'file', // 材料文件
  'notice', // 告知书
  'person', // 按身份证号查询
  'call', // 电话告知
  'inbox', // APP 消息
  'history', // 流程历史中的文字
  'staff', // 工作人员名册
  'audit', // 审计记录
] as const;
export type AuditKind = (typeof auditKinds)[number];

/** Which part of it, or what was done to it; each with its Chinese name. */
export const auditParts = {
  list: '列表中的姓名、病种和办理状态',
  details: '办理详情',
  deadline: '期限说明',
  notices: '告知书目录',
  content: '内容',
  notifications: '消息',
  decoded: '流程历史中解密的文字',
  lookUp: '按身份证号查询的结果',
  trail: '查阅记录',
  calls: '待打电话的姓名、电话和内容',
  upload: '上传材料',
  papers: '可再次提交的材料目录',
  filing: '提交申请',
  approve: '通过认定',
  reject: '不予通过',
  requestMaterials: '要求补充材料',
  requestVerification: '要求线下核验',
  recordVerification: '登记线下核验结果',
  assign: '指定承办人',
  releaseClaims: '解除占用',
  resubmit: '补充材料或重新提交',
  appeal: '申诉',
  withdraw: '撤回申请',
  newPhone: '更换手机号',
  readMark: '标为已读',
  call: '登记电话告知结果',
  revoke: '撤销认定',
  membership: '登记、变更或停用工作人员',
  absence: '登记或结束不在岗',
  export: '导出个人信息',
  erasure: '删除个人信息',
  hold: '设为法律保留',
  liftHold: '解除法律保留',
} as const;
export type AuditPart = keyof typeof auditParts;

/** Why somebody may. */
export const auditReasons = [
  'own', // 本人或代办人
  'inCharge', // 承办此件
  'unassigned', // 尚无承办人
  'duty', // 岗位职责
  'lookUp', // 查询,另记理由
] as const;
export type AuditReason = (typeof auditReasons)[number];

/** From where a request came, and the reason that was given. */
export interface Circumstances {
  /** Network address; null for a command on a server. */
  address: string | null;
  reason?: string;
  /** By which document a clerk saw for whom they acted. */
  documentSeen?: DocumentSeen;
}

/** Something that is to be recorded. */
export interface AuditRecord {
  /** Instant. */
  at: string;
  by: string;
  role: Role | 'system';
  action: AuditAction;
  kind: AuditKind;
  part: AuditPart;
  objects: string[];
  people: string[];
  why: AuditReason;
  circumstances: Circumstances;
}
