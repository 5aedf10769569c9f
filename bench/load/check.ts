import { asc, inArray } from 'drizzle-orm';
import type { OutboxNotification } from '../../dev/stand-ins/outbox.ts';
import { accreditation } from '../../store/accreditations/tables.ts';
import { timeline } from '../../store/cases/tables.ts';
import { prompt } from '../../test/harness/policy.ts';
import type { Bench } from './surroundings.ts';

/** A case that was filed and approved: what is needed to look for its effects. */
export interface ApprovedCase {
  acceptanceNumber: string;
  body: { applicant: { phone: string; idNumber: string } };
}

/** The timeline of every approved case, in this order. */
const course = 'submitted accepted approved registered';
/** Words that only the 短信 of an approval contains; Alibaba's stand-in shows the template's code instead. */
const APPROVED = '已通过认定';
const approvedTemplate = prompt.notifications.find(({ on }) => on === 'approved')?.aliyun;
const AT_ONCE = 500;

/**
 * Checks that every effect of approved cases is there exactly once: timeline and accreditation in the store, the
 * registration at the insurance core's stand-in, the 短信 at the provider's.
 * @throws Error with what is lost or doubled
 */
export async function checkCases(bench: Bench, cases: ApprovedCase[]): Promise<void> {
  const texts = await approvalsTaken(bench);
  const faults: string[] = [];
  for (let from = 0; from < cases.length; from += AT_ONCE) {
    const slice = cases.slice(from, from + AT_ONCE);
    const kept = await keptOf(
      bench,
      slice.map(({ acceptanceNumber }) => acceptanceNumber),
    );
    for (const { acceptanceNumber, body } of slice) {
      const { phone, idNumber } = body.applicant;
      const actual = {
        course: kept.courses.get(acceptanceNumber)?.join(' '),
        accreditations: kept.accreditations.filter((sourceKey) => sourceKey === acceptanceNumber).length,
        registrations: await registrationsOf(bench, idNumber),
        texts: texts.filter((to) => to === `+86${phone}`).length,
      };
      const expected = { course, accreditations: 1, registrations: 1, texts: 1 };
      if (JSON.stringify(actual) !== JSON.stringify(expected))
        faults.push(`${acceptanceNumber} ${JSON.stringify(actual)}`);
    }
  }
  if (faults.length > 0) throw new Error(`${faults.length} cases lost or doubled an effect:\n${faults.join('\n')}`);
}

/** The phone numbers for which the provider's stand-in has taken the 短信 of an approval. */
async function approvalsTaken({ standIns }: Bench): Promise<string[]> {
  const answer = await fetch(`${standIns.twilioUrl}/notifications`);
  const { notifications } = (await answer.json()) as { notifications: OutboxNotification[] };
  const isApproval = (notification: OutboxNotification) =>
    notification.body.includes(APPROVED) ||
    ('templateCode' in notification && notification.templateCode === approvedTemplate);
  return notifications
    .filter((notification) => notification.kind === 'sms' && isApproval(notification))
    .map(({ to }) => to);
}

async function keptOf({ store: { db } }: Bench, numbers: string[]) {
  const entries = await db
    .select({ acceptanceNumber: timeline.acceptanceNumber, kind: timeline.kind })
    .from(timeline)
    .where(inArray(timeline.acceptanceNumber, numbers))
    .orderBy(asc(timeline.sequence));
  const courses = new Map<string, string[]>();
  for (const { acceptanceNumber, kind } of entries) {
    courses.set(acceptanceNumber, [...(courses.get(acceptanceNumber) ?? []), kind]);
  }
  const granted = await db
    .select({ sourceKey: accreditation.sourceKey })
    .from(accreditation)
    .where(inArray(accreditation.sourceKey, numbers));
  return { courses, accreditations: granted.map(({ sourceKey }) => sourceKey) };
}

/** How many registrations of a person the insurance core's stand-in has. */
async function registrationsOf({ env }: Bench, idNumber: string): Promise<number> {
  const answer = await fetch(`${env.INSURANCE_URL}/v1/outpatient-special/5301`, {
    method: 'POST',
    headers: { authorization: `Bearer ${env.INSURANCE_TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify({ idNumber }),
  });
  return ((await answer.json()) as { items: object[] }).items.length;
}
