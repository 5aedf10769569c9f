import type { Apart, Difference } from '../activities/housekeeping/compare.ts';
import type { Mended } from '../activities/housekeeping/mend.ts';
import type { ApplicationState } from '../domain/cases/state.ts';
import { accreditationStatusNames, statusNames } from '../domain/names.ts';
import type { KeptRow, KeptType } from '../store/housekeeping/kept-rows.ts';

/** What was done about a difference. */
export const mendedInWords: Record<Exclude<Mended, 'left'>, string> = {
  begun: '→ 已按数据库重新启动流程',
  recorded: '→ 已按流程历史补录数据库',
  replaced: '→ 已终止落后的流程,按数据库处理',
};

export const leftInWords = '→ 未修复:流程收到的操作尚未执行,worker 运行后自动启动流程并补做';

/** What the operator has to do about differences that can't be repaired. */
export const hopeless: Record<KeptType, string> = {
  application:
    '库中没有的申请在数据库备份之后提交。姓名、证件号码、电话和材料只存于数据库,无法恢复。请在窗口和各渠道告知:该受理号已失效,请重新提交申请。' +
    '原提交时间即该流程的开始时间。告知后可终止该流程。',
  accreditation:
    '库中没有的认定在数据库备份之后生效。请按医保核心系统的备案核对:申请仍在库中的,由主管核实后重新办理;不在库中的,请当事人重新提交。',
};

const names: Record<string, string> = { ...statusNames, ...accreditationStatusNames };

const ends: Record<string, string> = {
  TERMINATED: '已被终止',
  CANCELLED: '已被取消',
  FAILED: '已失败',
  TIMED_OUT: '已超时',
};

/** What each kind of difference means, in words. */
const meanings: Record<Apart, string> = {
  neverBegun: '流程从未启动',
  gone: '流程已被删除',
  ended: '流程不在运行',
  completed: '流程已正常结束',
  rowAhead: '流程落后于数据库',
  rowBehind: '数据库落后于流程',
  differs: '同一步结果不同',
  noRow: '数据库备份之后才提交',
};

/** A difference as a line of the report. */
export function differenceInWords(type: KeptType, { id, apart, row, execution, lastChange }: Difference): string {
  const inFlow = lastChange ? stateInWords(lastChange) : (ends[execution.how] ?? flowStates[execution.state]);
  return `${numbered(type, id)}:库中 ${row ? rowInWords(row) : '没有'};流程中 ${inFlow}。${meanings[apart]}`;
}

/** The line for a case or an accreditation that could not be compared. @param code of the error */
export function notCompared(type: KeptType, id: string, code: string): string {
  return `${numbered(type, id)}:无法核对(${code})`;
}

function numbered(type: KeptType, id: string): string {
  return type === 'application' ? `受理号 ${id}` : `认定编号 ${id}`;
}

const flowStates = { none: '没有', running: '在运行', completed: '已正常结束', ended: '已结束' };

function rowInWords({ status, sequence, round, assignee, escalationLevel }: KeptRow): string {
  return inWords(status, sequence, round, assignee, escalationLevel);
}

function stateInWords({ sequence, state }: NonNullable<Difference['lastChange']>): string {
  const { status, round, assignee, escalationLevel } = state as Partial<ApplicationState>;
  return inWords(status as string, sequence, round, assignee, escalationLevel);
}

function inWords(
  status: string,
  sequence: number,
  round: number | null = null,
  assignee: string | null = null,
  level: number | null = null,
): string {
  const details = [
    `第 ${sequence} 步`,
    ...(round === null ? [] : [`第 ${round} 轮`]),
    ...(assignee === null ? [] : [`承办人 ${assignee}`]),
    ...(level ? [`上报 ${level} 级`] : []),
  ];
  return `${names[status] ?? status}(${details.join(',')})`;
}
