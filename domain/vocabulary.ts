/**
 * The words of the field: ids of what there are only so many kinds of, each with its Chinese term. What people read in
 * their place is in `names.ts` and in the policy. This file imports nothing, and everything may import it.
 */

/** Status of an application (办理状态). Being overdue is a fact about a case (`escalationLevel`), not a status. */
export const statuses = [
  'submitted', // 已提交
  'refused', // 不予受理
  'underReview', // 审核中
  'awaitingMaterials', // 待补材料
  'awaitingVerification', // 待线下核验
  'approved', // 已通过
  'rejected', // 未通过
  'lapsed', // 补正逾期
  'withdrawn', // 已撤回
] as const;
export type Status = (typeof statuses)[number];

/** What is applied for (申请类型). */
export const applicationTypes = [
  'new', // 新申请
  'renewal', // 续期
  'changeInstitution', // 变更定点医疗机构
] as const;
export type ApplicationType = (typeof applicationTypes)[number];

/** Where an application comes from (申请渠道). */
export const channels = [
  'scApp', // 四川医保APP
  'pzhMiniProgram', // 攀枝花智慧医保小程序
  'nationalApp', // 国家医保服务平台APP
  'window', // 线下窗口
] as const;
export type Channel = (typeof channels)[number];

/** Kinds of material (申请材料), the guide's table; what the applicant reads of them is in the policy. */
export const materialKinds = [
  'idCard', // 有效身份证件
  'electronicVoucher', // 医保电子凭证
  'socialSecurityCard', // 社保卡
  'applicationForm', // 门诊慢特病病种待遇认定申请表
  'diagnosisCertificate', // 疾病诊断证明书
  'medicalRecord', // 检查报告或病历
  'photo', // 近期免冠照片
] as const;
export type MaterialKind = (typeof materialKinds)[number];

/** Documents by which the window sees who is there (到场核验的证件); which count, the guide doesn't say: 待核实. */
export const identityDocuments = [
  'residentIdCard', // 居民身份证
  'residencePermit', // 港澳台居民居住证
  'travelPermit', // 港澳居民来往内地通行证、台湾居民来往大陆通行证
  'permanentResidence', // 外国人永久居留身份证
  'passport', // 护照
  'householdRegister', // 户口簿
  'electronicVoucher', // 医保电子凭证
  'socialSecurityCard', // 社保卡
] as const;
export type IdentityDocument = (typeof identityDocuments)[number];

/** How somebody is insured (参保类型); 灵活就业 pays by itself into the employees' scheme. */
export const insuredTypes = [
  'employee', // 城镇职工
  'resident', // 城乡居民
  'flexible', // 灵活就业
] as const;
export type InsuredType = (typeof insuredTypes)[number];

/** Why an application isn't accepted (不予受理). */
export const refusalReasons = [
  'notInsured', // 未参保
  'insuredElsewhere', // 不在本市参保
  'suspended', // 暂停参保
  'terminated', // 参保终止
  'deceased', // 参保人已死亡
  'movedAway', // 参保关系已转出
  'arrears', // 欠费
  'noCrossRegionFiling', // 未办异地就医备案
  'alreadyAccredited', // 已认定,仍在有效期内
  'nothingToRenew', // 无可续期的认定
  'renewalNotNeeded', // 无需续期
  'renewalTooEarly', // 未到续期时间
  'renewalTooLate', // 已过续期时间
  'nothingToChange', // 无可变更的认定
  'sameInstitution', // 定点医疗机构未变
] as const;
export type RefusalReason = (typeof refusalReasons)[number];

/** How an entry came about: through the api, by a signal (whose sender is only claimed), or by the case itself. */
export type Via = 'api' | 'signal' | 'system';

/** Status of an accreditation (认定状态). */
export const accreditationStatuses = [
  'active', // 有效
  'ended', // 已到期
  'revoked', // 已撤销
] as const;
export type AccreditationStatus = (typeof accreditationStatuses)[number];

/** What the insurance core tells of a person unasked (变动通知). */
export const coreEventKinds = [
  'deceased', // 参保人已死亡
  'movedAway', // 参保关系已转出
] as const;
export type CoreEventKind = (typeof coreEventKinds)[number];

/** Why an accreditation is revoked (撤销): by the office, or on the insurance core's word. */
export const revocationCauses = [
  'office', // 经办机构决定
  ...coreEventKinds,
] as const;
export type RevocationCause = (typeof revocationCauses)[number];

/** What somebody may do (角色). All but the applicant are the office's staff (工作人员). */
export const roles = [
  'applicant', // 申请人
  'clerk', // 窗口人员
  'reviewer', // 审核人
  'supervisor', // 科室负责人
  'director', // 分管领导
  'admin', // 系统管理员
] as const;
export type Role = (typeof roles)[number];
