import { type EntryDetail, entryKinds } from '../../domain/cases/timeline.ts';
import { shanghaiDate } from '../../domain/dates.ts';
import { entryNames } from '../../domain/names.ts';
import { maskedPhone } from '../../domain/people/person.ts';
import { isStaff } from '../../domain/staff/roles.ts';
import { statuses } from '../../domain/vocabulary.ts';
import { remediesOf } from '../../policy/cases/remedies.ts';
import { hoursOf, withGroundNames } from '../../policy/texts.ts';
import { policyInForce } from '../../policy/versions.ts';
import { formVersions } from '../../store/cases/form-versions.ts';
import { openPersonal } from '../../store/cases/personal.ts';
import { type ReadCase, readTimeline } from '../../store/cases/queries.ts';
import type { ApplicationRow, TimelineRow } from '../../store/cases/tables.ts';
import { notificationsOfCase } from '../../store/notifications/queries.ts';
import { type NameOf, namesOf } from '../../store/staff/queries.ts';
import type { ApiContext } from '../context.ts';
import { instant } from '../http/answers.ts';
import type { User } from '../http/auth.ts';
import { pageAnswer } from '../http/paging.ts';
import { z } from '../http/zod.ts';
import { notificationsAnswer, notificationsView } from '../notifications/answers.ts';
import { peopleFor } from '../people/phones.ts';
import { documentSeenSchema } from '../people/requests.ts';
import { deskAnswer } from './desk.ts';
import { entryDetail, type ShownDetail } from './entry-detail.ts';
import { findingsOf } from './findings.ts';
import { formAnswers } from './form-answers.ts';
import { materialsAnswer, materialsView } from './materials.ts';
import { ownAnswer, ownView } from './own-view.ts';
import { summary, summaryAnswer } from './summary.ts';
import { forAgent, isTold } from './told.ts';

const kind = z.string();
const attendanceAnswer = z.object({
  by: z.string(),
  byName: z.string(),
  at: instant,
  documentSeen: documentSeenSchema.optional(),
});

const timelineEntry = z.object({
  sequence: z.number(),
  at: instant,
  kind: z.string(),
  kindName: z.string(),
  round: z.number(),
  status: z.enum(statuses),
  detail: entryDetail,
  by: z.string().optional().openapi({ description: 'Staff only' }),
  byName: z.string().optional().openapi({ description: 'Staff only; of who is not of the staff, the id' }),
  toName: z.string().optional().openapi({ description: 'Staff only: who is in charge from then on' }),
  via: z
    .enum(['api', 'signal', 'system'])
    .optional()
    .openapi({ description: 'Staff only; by a signal, `by` is only claimed' }),
});

/** What staff see of a case beside its progress; its applicant sees form and materials, too, with numbers masked. */
const forStaff = z.object({
  policyVersion: z.string().openapi({ description: 'Which it was accepted under' }),
  assignee: z.string().nullable(),
  assigneeName: z.string().nullable(),
  escalationLevel: z.number(),
  attended: z
    .array(attendanceAnswer)
    .openapi({ description: 'Changes of the phone at the window, and which clerk made them' }),
  ...formAnswers,
  ...materialsAnswer.shape,
  findings: z.array(
    z.object({
      kind: kind.optional().openapi({ description: 'Of the material, where it is about one' }),
      reason: z.string(),
      detail: z.string(),
    }),
  ),
  notifications: notificationsAnswer,
});

export const remediesAnswer = z
  .array(z.object({ way: z.string(), name: z.string(), detail: z.string() }))
  .openapi({ description: 'The ways that remain once it is refused, rejected or revoked; empty until then' });

export const progressAnswer = summaryAnswer
  .extend({
    remedies: remediesAnswer,
    window: z
      .object({ place: z.string(), bring: z.string(), hours: z.string() })
      .optional()
      .openapi({ description: 'Where, on working days, the originals are to be shown, while that is awaited' }),
    phone: z.string().optional().openapi({
      example: '139****9009',
      description: "The applicant's own view only: where 短信 about the case go, masked",
    }),
    ...ownAnswer.partial().shape,
    timeline: z.array(timelineEntry),
    ...forStaff.partial().shape,
    ...deskAnswer.partial().shape,
  })
  .openapi('Progress');

export const listAnswer = pageAnswer(summaryAnswer);

/** A line of the worklist. */
export const worklistItemAnswer = summaryAnswer.extend({
  applicantName: z.string(),
  assignee: z.string().nullable(),
  assigneeName: z.string().nullable(),
  escalationLevel: z.number(),
});
export const worklistAnswer = pageAnswer(worklistItemAnswer).extend({
  total: z.number().openapi({ description: 'How many cases there are on all pages' }),
});

type Progress = z.infer<typeof progressAnswer>;
type ForStaff = z.infer<typeof forStaff>;
type ForApplicant = Omit<Progress, 'remedies' | keyof ForStaff | keyof typeof deskAnswer.shape>;
type StaffProgress = Omit<ForApplicant, 'phone' | keyof typeof ownAnswer.shape> &
  Pick<ForStaff, 'policyVersion' | 'assignee' | 'assigneeName' | 'escalationLevel' | 'attended'>;

export function worklistItem(
  { store, policies }: Pick<ApiContext, 'store' | 'policies'>,
  row: ApplicationRow,
  nameOf: NameOf,
): z.infer<typeof worklistItemAnswer> {
  const { applicant } = openPersonal(store, row);
  const { assignee, escalationLevel } = row;
  const assigneeName = assignee && nameOf(assignee);
  return { ...summary(policies, row), applicantName: applicant.name, assignee, assigneeName, escalationLevel };
}

/** A case as this user may see it. @param read what it consists of beyond its row */
export async function caseView(
  context: ApiContext,
  row: ApplicationRow,
  read: ReadCase,
  user: User,
): Promise<Progress> {
  const view = await (isStaff(user) ? staffView(context, row, read, user) : applicantView(context, row, read, user));
  return { ...view, ...whatNext(context, row) };
}

/** What a message has made of a case: its progress, without form, papers and findings, which it hasn't changed. */
export async function progressView(context: ApiContext, row: ApplicationRow, user: User): Promise<Progress> {
  const entries = await readTimeline(context.store, row.acceptanceNumber);
  const progress = isStaff(user) ? staffProgress : applicantProgress;
  return { ...(await progress(context, row, entries, user)), ...whatNext(context, row) };
}

/**
 * While originals are awaited (线下核验), where to show them; after a decision against the applicant, which remedies
 * remain.
 */
function whatNext(context: ApiContext, row: ApplicationRow): Pick<Progress, 'window' | 'remedies'> {
  const windows = { ...row, today: shanghaiDate(context.now()) };
  const policy = policyInForce(context);
  const whereTo = row.status === 'awaitingVerification' ? { window: { ...policy.window, hours: hoursOf(policy) } } : {};
  return { ...whereTo, remedies: remediesOf(policy, row.status, windows) };
}

/** A case as its applicant, or their agent, sees it: also form, papers, and what is asked of them. */
async function applicantView(context: ApiContext, row: ApplicationRow, read: ReadCase, user: User) {
  return { ...applicantProgress(context, row, read.entries, user), ...(await ownView(context, row, read, user)) };
}

/**
 * A case's progress (办理进度) as its applicant, or their agent, sees it: what happened, but not who in the office did it.
 */
function applicantProgress(context: ApiContext, row: ApplicationRow, entries: TimelineRow[], user: User): ForApplicant {
  const { store, policies } = context;
  const told = isTold(context, row, user);
  const policy = policyInForce(context);
  const naming = [policy, policies.of(row.policyVersion)];
  const timeline = entries
    .filter(({ kind }) => entryKinds[kind])
    .map(({ sequence, at, kind, round, status, detail }) => {
      const named = withGroundNames(naming, forApplicant(detail));
      const shown: ShownDetail = told ? named : forAgent(policy, kind, named);
      return { sequence, at, kind, kindName: entryNames[kind], round, status, detail: shown };
    });
  return { ...summary(policies, row), phone: maskedPhone(openPersonal(store, row).applicant.phone), timeline };
}

/** An entry's detail without what the office notes for itself. */
function forApplicant({ note, late, belatedReason, authority, form, ...detail }: EntryDetail) {
  return detail;
}

/** A case as staff see it: also form, files, findings, and who did what. */
async function staffView(
  context: ApiContext,
  row: ApplicationRow,
  read: ReadCase,
  user: User,
): Promise<StaffProgress & ForStaff> {
  const { store } = context;
  const { assignee, form, insured } = row;
  const personal = openPersonal(store, row);
  const versions = await formVersions(store, row.acceptanceNumber);
  return {
    ...(await staffProgress(context, row, read.entries)),
    ...peopleFor(user, assignee, personal),
    insured,
    form,
    formVersions: versions.map(({ sequence, confirmedAt, form: filed, ...version }) => ({
      sequence,
      confirmedAt,
      ...peopleFor(user, assignee, openPersonal(store, version)),
      form: filed,
    })),
    ...materialsView(read),
    findings: await findingsOf(context, row, read, personal),
    notifications: await notificationsView(store, await notificationsOfCase(store, row.acceptanceNumber)),
  };
}

/** A case's progress as staff see it: who has it, and who did what; also what a clerk did at the window. */
async function staffProgress(context: ApiContext, row: ApplicationRow, entries: TimelineRow[]): Promise<StaffProgress> {
  const { store, policies } = context;
  const { policyVersion, assignee, escalationLevel, attended } = row;
  const naming = [policyInForce(context), policies.of(policyVersion)];
  const acted = [...entries.flatMap(({ by, detail }) => [by, detail.to]), ...attended.map(({ by }) => by)];
  const nameOf = await namesOf(store, [assignee, ...acted]);
  return {
    ...summary(policies, row),
    ...{ policyVersion, assignee, assigneeName: assignee && nameOf(assignee), escalationLevel },
    attended: attended.map((attendance) => ({ ...attendance, byName: nameOf(attendance.by) })),
    timeline: entries.map(({ sequence, at, kind, round, status, by, via, detail }) => {
      const who = { by, byName: nameOf(by), ...(detail.to ? { toName: nameOf(detail.to) } : {}), via };
      const shown: ShownDetail = withGroundNames(naming, detail);
      return { sequence, at, kind, kindName: entryNames[kind], round, status, ...who, detail: shown };
    }),
  };
}
