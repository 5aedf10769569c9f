import type { OfficeHours } from '../../domain/calendar/office-hours.ts';
import type { Clocks } from '../../domain/cases/clocks.ts';
import type { Schedule } from '../../domain/cases/schedule.ts';
import type { Change } from '../../domain/cases/timeline.ts';
import type { NoticeDraft, NoticedCase } from '../../domain/notices.ts';
import type { NotificationDraft, SmsText } from '../../domain/notifications/drafts.ts';
import type { StaffRow } from '../staff/tables.ts';
import type { PersonalData } from './personal.ts';
import type { ApplicationRow } from './tables.ts';

/** The rules that the store applies but doesn't own: what the policy makes of a state and of a change. */
export interface RecordRules {
  clocks: Clocks;
  /** 短信 leave only then, on working days. */
  sendingHours: OfficeHours;
  /** How many 短信 an account may cause to a phone on a Shanghai day by what it does (`withinBound`). */
  causedPerDay: number;
  notifications(
    change: Change,
    row: ApplicationRow,
    personal: PersonalData,
    schedule: Schedule,
    staff: StaffRow[],
  ): NotificationDraft[];
  /** Whether a change is told to anybody in the office. */
  tellsStaff(change: Change, schedule: Schedule): boolean;
  /** What a phone hears once another one is given in its place (更换手机号). */
  phoneReplaced(acceptanceNumber: string): SmsText;
  /** What a person's earlier phones hear of a filing that names another one, or that an agent makes. */
  filedOtherwise(acceptanceNumber: string): SmsText;
  /** What a person's phones hear once a clerk has done something to an online case for who was at the window. */
  actedAtWindow(acceptanceNumber: string): SmsText;
  /** The words of a notice (告知书); which changes have one is `noticeOf`. */
  notice(noticed: NoticedCase): NoticeDraft;
}
