import { missingCircular } from '../../domain/calendar/missing-circular.ts';
import { isWorkingDay } from '../../domain/calendar/working-days.ts';
import { shanghaiInstant } from '../../domain/dates.ts';
import { type BriefingCases, mostUrgentFirst } from '../../domain/notifications/briefing.ts';
import { briefingMail, type StaffMail } from '../../policy/notifications/staff-mail.ts';
import { fill } from '../../policy/texts.ts';
import { policyInForce } from '../../policy/versions.ts';
import { readCalendar } from '../../store/calendar/queries.ts';
import { briefingReaders, composeBriefing, keepForNextBriefing } from '../../store/notifications/briefing.ts';
import { queueMissingCircular, untoldAdmins } from '../../store/notifications/circular-missing.ts';
import { findNotification, type KnownNotification } from '../../store/notifications/known.ts';
import { namesOf } from '../../store/staff/queries.ts';
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

  function inWords({ row, carried }: KnownNotification, cases: BriefingCases, name: string): StaffMail {
    const notifications = mostUrgentFirst([row, ...carried], cases).map(({ subject, ...notification }) => {
      return { ...notification, subject: subject ?? '' };
    });
    return briefingMail(policyInForce(dependencies), name, notifications, workbenchUrl);
  }

  /** Queues for an admin what is said of a missing circular, so that it leaves with the rest. */
  async function tellOfMissingCircular(recipient: string, date: string): Promise<void> {
    const year = missingCircular(await readCalendar(store), date);
    if (year === null) return;
    const { subject, text } = policyInForce(dependencies).notifying.circularMissing;
    const words = (count: number) => ({ subject: fill(subject, { year }), body: fill(text, { year, count }) });
    const at = { now: workflowNow(now), leavesAt: leavesOn(date) };
    await queueMissingCircular(store, recipient, { year, date }, words, at);
  }

  async function sendAll(recipient: string, date: string): Promise<void> {
    // By the next briefing a full mailbox may be emptied, a wrong address mended, or a case given to somebody else.
    // What is still worth telling then is told by that one.
    const keep = async (id: string, reason: string) => {
      onError('sendBriefing', Object.assign(new NotificationRefused(reason), { code: `${recipient}: ${reason}` }));
      await keepForNextBriefing(store, id, reason);
    };
    await tellOfMissingCircular(recipient, date);
    const { leads, cases } = await composeBriefing(store, recipient, { until: leavesOn(date), at: workflowNow(now) });
    const name = leads.length === 0 ? '' : (await namesOf(store, [recipient]))(recipient);
    for (const id of leads) {
      const notification = await findNotification(store, id);
      if (notification) await sendMail(dependencies, notification, (known) => inWords(known, cases, name), keep);
    }
  }

  return {
    async findBriefingReaders({ date }) {
      const calendar = await readCalendar(store);
      if (!isWorkingDay(calendar, date)) return [];
      const readers = await briefingReaders(store, leavesOn(date));
      const year = missingCircular(calendar, date);
      const admins = year === null ? [] : await untoldAdmins(store, { year, date });
      return [...new Set([...readers, ...admins])].sort();
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
