import type { Status } from './application.ts';

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
