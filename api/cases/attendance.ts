import { type Attendance, actorOf, type DocumentSeen, isItsAgent } from '../../domain/cases/attendance.ts';
import type { ApplicationRow } from '../../store/cases/tables.ts';
import type { User } from '../http/auth.ts';
import { type FieldError, problems } from '../http/errors.ts';

/** What is wrong with what is said of who is at the window. */
export function attendanceErrors(
  row: ApplicationRow,
  { roles }: User,
  documentSeen: DocumentSeen | undefined,
): FieldError[] {
  if (documentSeen && !roles.includes('clerk')) {
    const detail = '到场核验的证件由窗口人员填写,请去掉。';
    return [{ field: 'documentSeen', code: 'windowOnly', detail }];
  }
  if (documentSeen?.of !== 'agent' || isItsAgent(row)) return [];
  const detail = '到场的代办人应为提交本申请的代办人;其他人到场的,请由申请人本人办理。';
  return [{ field: 'documentSeen.of', code: 'notTheAgent', detail }];
}

/**
 * In whose right this user changes a case's phone, and, where they are a clerk, what is kept of that.
 * @param at instant
 * @throws Problem 422
 */
export function attending(
  row: ApplicationRow,
  user: User,
  documentSeen: DocumentSeen | undefined,
  at: string,
): { by: string; attendance?: Attendance } {
  const errors = attendanceErrors(row, user, documentSeen);
  if (errors.length > 0) throw problems.invalid(errors);
  const by = actorOf(row, user.subject, documentSeen);
  if (!documentSeen && row.channel !== 'window') return { by };
  return { by, attendance: { by: user.subject, at, ...(documentSeen ? { documentSeen } : {}) } };
}
