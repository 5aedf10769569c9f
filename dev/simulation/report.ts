import type { TimelineEntry } from '../../domain/cases/timeline.ts';
import { shanghaiMinute, yearOf } from '../../domain/dates.ts';
import { dayRuleNames, entryNames, statusNames } from '../../domain/names.ts';
import { materialName } from '../../policy/catalogue.ts';
import type { Policy } from '../../policy/schema.ts';
import type { ApplicationRow } from '../../store/cases/tables.ts';
import type { Happening, Played } from './play.ts';
import type { Scenario } from './scenario.ts';
import { unshiftText } from './shift.ts';

export interface ReportOptions {
  /** Shows the texts that were sent, too. */
  notifications: boolean;
  /** Explains the due date, too, day by day. */
  explain: boolean;
}

/** What happened, as a case officer reads it: a line each, in order, with the scenario's own dates. */
export function report(
  scenario: Scenario,
  { years, happenings, row, explained }: Played,
  policy: Policy,
  options: ReportOptions,
): string {
  const lines = [
    scenario.title,
    '',
    ...happenings.flatMap((happening) => [
      `${shanghaiMinute(happening.at)}  ${line(happening, policy)}`,
      ...(options.notifications && happening.kind === 'entry' ? happening.notifications.map(notificationLine) : []),
    ]),
    '',
    `结果:${statusNames[row.status]}${row.closed ? '' : '(尚未办结)'},受理日 ${row.state.ledger.acceptedOn},${dueText(row)}`,
  ];
  if (options.explain) {
    lines.push(
      '',
      ...explained.days.map(({ date, rule, name, circular }) =>
        [date, dayRuleNames[rule], name, circular].filter(Boolean).join('  '),
      ),
    );
  }
  return unshiftText(lines.join('\n'), years, yearOf(row.submittedAt));
}

function line(happening: Happening, policy: Policy): string {
  if (happening.kind === 'publication') return `公布放假安排 ${happening.circular},涉及 ${happening.moved} 件`;
  if (happening.kind === 'refused') return `未被接受:${happening.message}。${happening.reason}`;
  const { entry, row } = happening;
  const details = detailsOf(entry, policy);
  return [padded(entryNames[entry.kind] + (details ? `:${details}` : ''), 44), dueText(row)].join('  ').trimEnd();
}

function detailsOf({ kind: entryKind, detail }: Pick<TimelineEntry, 'kind' | 'detail'>, policy: Policy): string {
  const { left, level, moves, kinds, items, reason, note, to, message } = detail;
  const asked = (items?.map(({ kind }) => kind) ?? kinds ?? []).map((kind) => materialName(policy, kind));
  return [
    ...asked,
    ...(left === undefined ? [] : [`还剩 ${left} 个${entryKind === 'reviewerReminded' ? '工作日' : '自然日'}`]),
    ...(level === undefined ? [] : [`第 ${level} 级`]),
    ...Object.values(moves ?? {}).map(({ from, to: date }) => `由 ${from} 改为 ${date}`),
    ...[to, reason, note, message].flatMap((text) => text ?? []),
  ].join('、');
}

function dueText({ dueOn, provisional, workingDaysLeft, windowEndsOn, closed }: ApplicationRow): string {
  const due = dueOn ? `期限 ${dueOn}${provisional ? '(暂定)' : ''}` : `停表,还剩 ${workingDaysLeft} 个工作日`;
  return windowEndsOn && !closed ? `${due},申请人期限 ${windowEndsOn}` : due;
}

const channels = { sms: '短信', email: '邮件', app: 'APP' };

function notificationLine({
  channel,
  recipient,
  body,
}: {
  channel: keyof typeof channels;
  recipient: string;
  body: string;
}): string {
  return `                    → ${channels[channel]} ${recipient === 'applicant' ? '申请人' : recipient}:${body}`;
}

/** Pads a text to a width on the screen, where a Chinese character takes two columns. */
function padded(text: string, columns: number): string {
  const width = [...text].reduce((sum, character) => sum + (/[\u2e80-\uffef]/.test(character) ? 2 : 1), 0);
  return text + ' '.repeat(Math.max(0, columns - width));
}
