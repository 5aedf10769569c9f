import { ungrouped } from './typed.ts';

/**
 * A mobile number of the mainland as people type it: 13800138001, +86 138-0013-8001, 8613800138001, full-width digits.
 * @returns its 11 digits (1, 3 to 9, and nine more: the segments of 工业和信息化部's 电信网编号计划); null for anything else
 */
export function understandPhone(text: string): string | null {
  const digits = ungrouped(text).replaceAll(/[().]/g, '');
  const national = digits.replace(/^(?:\+|00)?86(?=1\d{10}$)/, '');
  return /^1[3-9]\d{9}$/.test(national) ? national : null;
}
