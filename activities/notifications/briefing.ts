import { isWorkingDay } from '../../domain/calendar/working-days.ts';
import { shanghaiInstant } from '../../domain/dates.ts';
import { type BriefingCases, mostUrgentFirst } from '../../domain/notifications/briefing.ts';
import { briefingMail, type StaffMail } from '../../policy/notifications/staff-mail.ts';
import { policyInForce } from '../../policy/versions.ts';
import { readCalendar } from '../../store/calendar/queries.ts';
import { briefingReaders, composeBriefing, keepForNextBriefing } from '../../store/notifications/briefing.ts';
import { findNotification, type KnownNotification } from '../../store/notifications/known.ts';
import { workflowNow } from '../clock.ts';
import type { BriefingActivities } from '../contract.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { NotificationRefused } from './adapters/provider.ts';
import { untilProvidersAreBack } from './dispatch.ts';
import { sendMail } from './mail.ts';

/** Builds the activities of the daily briefing (汇总邮件). */
export function createBriefingActivities(dependencies: ActivityDependencies): BriefingActivities {
  const { store, now, workbenchUrl, onError } = dependencies;
  const leavesOn = (date: string) => shanghaiInstant(date, policyInForce(dependencies).notifying.briefingAt);

  function inWords({ row, carried }: KnownNotification, cases: BriefingCases): StaffMail {
    const notifications = mostUrgentFirst([row, ...carried], cases).map(({ subject, ...notification }) => {
      return { ...notification, subject: subject ?? '' };
    });
    return briefingMail(policyInForce(dependencies), notifications, workbenchUrl);
  }

  async function sendAll(recipient: string, date: string): Promise<void> {
    // By the next briefing a full mailbox may be emptied, a wrong address mended, or a case given to somebody else.
    // What is still worth telling then is told by that one.
    const keep = async (id: string, reason: string) => {
      onError('sendBriefing', Object.assign(new NotificationRefused(reason), { code: `${recipient}: ${reason}` }));
      await keepForNextBriefing(store, id, reason);
    };
    const { leads, cases } = await composeBriefing(store, recipient, { until: leavesOn(date), at: workflowNow(now) });
    for (const id of leads) {
      const notification = await findNotification(store, id);
      if (notification) await sendMail(dependencies, notification, (known) => inWords(known, cases), keep);
    }
  }

  return {
    async findBriefingReaders({ date }) {
      if (!isWorkingDay(await readCalendar(store), date)) return [];
      return briefingReaders(store, leavesOn(date));
    },
    async sendBriefing({ recipient, date }) {
      try {
        await sendAll(recipient, date);
      } catch (error) {
        throw untilProvidersAreBack([error]);
      }
    },
  };
}
