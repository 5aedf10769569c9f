import { randomBytes } from 'node:crypto';
import type { Request } from 'express';
import { isWindowOpen } from '../../domain/calendar/office-hours.ts';
import { acceptanceNumber as drawNumber, isAcceptanceNumber } from '../../domain/cases/acceptance-number.ts';
import { countedLedger } from '../../domain/cases/milestones.ts';
import { shanghaiDate, yearOf } from '../../domain/dates.ts';
import { remediesOf } from '../../policy/cases/remedies.ts';
import { diseaseOf } from '../../policy/catalogue.ts';
import type { Policy } from '../../policy/schema.ts';
import { hoursOf } from '../../policy/texts.ts';
import { policyInForce } from '../../policy/versions.ts';
import { readCalendar, readCalendarAt } from '../../store/calendar/queries.ts';
import { ClaimTaken } from '../../store/cases/claims.ts';
import { FileTaken, fileApplication, findApplication, listApplications } from '../../store/cases/queries.ts';
import type { ApplicationRow } from '../../store/encryption/personal.ts';
import { findRequest } from '../../store/idempotency.ts';
import { explanationAnswer, listAnswer, progressAnswer, summaryAnswer } from '../answers.ts';
import { explain } from '../calendar/explanation.ts';
import type { ApiContext } from '../context.ts';
import { caseStaff, isStaff, type User } from '../http/auth.ts';
import { codeOf, Problem, problems } from '../http/errors.ts';
import { recallRequest } from '../http/idempotency.ts';
import { cursorAfter, cursors, decodeCursor } from '../http/paging.ts';
import { type Answer, route } from '../http/route.ts';
import { type FilingBody, filingSchema, listQuery } from '../schemas.ts';
import { startApplication } from '../start.ts';
import { checkFiling, fileErrors, withOriginals } from './filing.ts';
import { applicantView, staffView, summary } from './views.ts';

const readers = ['applicant', ...caseStaff] as const;

/** Filing applications and following them. */
export function applicationRoutes(context: ApiContext) {
  const { store, policies } = context;
  return [
    route({
      method: 'post',
      path: '/v1/applications',
      summary: '提交门特申请',
      roles: ['applicant', 'clerk'],
      idempotent: true,
      documentedBody: filingSchema,
      answers: { 201: { description: 'Filed; the acceptance number is given', schema: summaryAnswer } },
      handle: ({ request, user }) => file(context, request, user),
    }),
    route({
      method: 'get',
      path: '/v1/applications',
      summary: '我的申请;工作人员看全部',
      roles: readers,
      query: listQuery,
      answers: { 200: { description: 'Newest first', schema: listAnswer } },
      async handle({ user, query: { cursor, limit } }) {
        const ended = decodeCursor(cursor, cursors.applications);
        const after = ended && { submittedAt: ended[0], acceptanceNumber: ended[1] };
        const rows = await listApplications(store, {
          submittedBy: isStaff(user) ? undefined : user.subject,
          after,
          limit,
        });
        const nextCursor = cursorAfter(rows, limit, (last) => [last.submittedAt, last.acceptanceNumber]);
        return { status: 200, body: { items: rows.map((row) => summary(policies, row)), nextCursor } };
      },
    }),
    route({
      method: 'get',
      path: '/v1/applications/{acceptanceNumber}',
      summary: '办理进度;工作人员另见表单、材料和审核提示',
      roles: readers,
      answers: { 200: { description: 'The case', schema: progressAnswer } },
      async handle({ params, user }) {
        return {
          status: 200,
          body: await caseView(context, await visibleCase(context, params.acceptanceNumber as string, user), user),
        };
      },
    }),
    route({
      method: 'get',
      path: '/v1/applications/{acceptanceNumber}/deadline',
      summary: '办理期限说明:逐日列出计入与否及依据',
      roles: readers,
      answers: { 200: { description: 'The due date, day by day', schema: explanationAnswer } },
      async handle({ params, user }) {
        const row = await visibleCase(context, params.acceptanceNumber as string, user);
        return { status: 200, body: await explainedDeadline(context, row) };
      },
    }),
  ];
}

/** Of an open case by the calendar in force; of one that has ended by the calendar under which it did. */
async function explainedDeadline(context: ApiContext, row: ApplicationRow) {
  const { store } = context;
  const { acceptanceNumber, state, closed, calendarVersion } = row;
  const past = closed && calendarVersion !== null;
  const calendar = await (past ? readCalendarAt(store, calendarVersion) : readCalendar(store));
  return explain(countedLedger(state, policyInForce(context).clocks), calendar, { acceptanceNumber });
}

/** @throws Problem 404, the same for somebody else's case as for none */
export async function visibleCase(
  { store }: ApiContext,
  acceptanceNumber: string,
  user: User,
): Promise<ApplicationRow> {
  // What can't be a number isn't looked up: not everything that fits into a path fits into a query.
  const row = isAcceptanceNumber(acceptanceNumber) ? await findApplication(store, acceptanceNumber) : undefined;
  if (!row || !(isStaff(user) || row.submittedBy === user.subject)) throw problems.notFound();
  return row;
}

/**
 * A case is its applicant's; one that was filed at the window any clerk's, whoever is there that day.
 * @throws Problem 403 where somebody may see the case, and not act for its applicant
 */
export function assertActsFor({ submittedBy, channel }: ApplicationRow, { subject, roles }: User): void {
  if (channel === 'window' ? roles.includes('clerk') : submittedBy === subject) return;
  if (channel === 'window') throw problems.forbidden();
  const detail = '网上提交的申请由申请人本人在原申请渠道办理,窗口不能代办。';
  throw new Problem(403, 'applicants-own', detail);
}

/** A case as this user may see it: also where the originals are to be shown (线下核验), and the ways that remain where it was decided against the applicant. */
export async function caseView(context: ApiContext, row: ApplicationRow, user: User) {
  const { store, policies, now } = context;
  const view = await (isStaff(user) ? staffView(store, policies, row, user) : applicantView(store, policies, row));
  const windows = { ...row, today: shanghaiDate(now()) };
  const policy = policyInForce(context);
  const whereTo = row.status === 'awaitingVerification' ? { window: { ...policy.window, hours: hoursOf(policy) } } : {};
  return { ...view, ...whereTo, remedies: remediesOf(policy, row.status, windows) };
}

/**
 * Row first, then the workflow: once the row is there, the filing is acknowledged. If Temporal can't be reached now, or this process
 * dies before the start, the housekeeping starts it; the clock counts from the submission all the same.
 */
async function file(context: ApiContext, request: Request, user: User): Promise<Answer> {
  const { store, policies } = context;
  const { keyed, remembered } = await recallRequest(store, request, user.subject);
  if (remembered) {
    const row = (await findApplication(store, remembered.acceptanceNumber)) as ApplicationRow;
    if (row.sequence === 0) await start(context, row);
    return remembered.answer ?? filedAnswer(context, row);
  }
  const now = context.now();
  const policy = policies.at(shanghaiDate(now));
  const body = await checkFiling(store, policy, request.body, user.subject, now).catch(async (problem) => {
    // Another request with the same key may have filed the case just now, and used up the files with it.
    if (!keyed || !(await findRequest(store, user.subject, keyed.key))) throw problem;
  });
  if (!body) return file(context, request, user);
  if (body.channel === 'window' ? !user.roles.includes('clerk') : !user.roles.includes('applicant')) {
    throw new Problem(403, 'channel-not-yours', '窗口申请由窗口人员录入,其他渠道由申请人本人提交。');
  }
  if (body.channel === 'window' && !isWindowOpen(await readCalendar(store), policy.officeHours, now)) {
    throw windowClosed(policy);
  }
  const filing = filingOf(policy, body, user.subject, now);
  const remember = keyed && { ...keyed, answer: (row: ApplicationRow) => filedAnswer(context, row) };
  const row = await fileApplication(store, filing, remember).catch(async (error) => {
    if (error instanceof FileTaken)
      throw problems.invalid(await fileErrors({ store, policy }, body.materials, user.subject));
    throw error instanceof ClaimTaken ? await heldAlready(context, error, user) : error;
  });
  // Another request with the same key was faster: this one gets that one's answer.
  if (!row) return file(context, request, user);
  await start(context, row);
  return filedAnswer(context, row);
}

async function start({ temporal, log }: ApiContext, row: ApplicationRow): Promise<void> {
  const { acceptanceNumber, type, channel, state } = row;
  await startApplication(temporal, { acceptanceNumber, type, channel, state }).catch((error) =>
    log.warn({ acceptanceNumber, code: codeOf(error) }, 'not started yet; housekeeping will'),
  );
}

function windowClosed(policy: Policy): Problem {
  const detail = `窗口现在不办公(工作日 ${hoursOf(policy)})。请在办公时间录入,或请申请人从线上渠道提交,线上 24 小时受理。`;
  return new Problem(409, 'window-closed', detail);
}

/** Names the application that came first, and what can be done with it; to somebody else than who filed it only that there is one. */
async function heldAlready(context: ApiContext, { kind, acceptanceNumber }: ClaimTaken, user: User): Promise<Problem> {
  const row = await findApplication(context.store, acceptanceNumber);
  const code = kind === 'yearly' ? 'changed-this-year' : 'application-open';
  if (!row || !(user.roles.includes('clerk') || row.submittedBy === user.subject)) {
    const { hotline } = policyInForce(context).city;
    const detail = `该参保人已有同类申请,由其他账号提交。请在提交该申请的账号中查看,或致电${hotline}。`;
    return new Problem(409, code, detail);
  }
  return new Problem(409, code, `${heldDetails[kind](row)}。`, { acceptanceNumber });
}

const heldDetails: Record<ClaimTaken['kind'], (row: ApplicationRow) => string> = {
  yearly: ({ acceptanceNumber, status }) =>
    status === 'approved'
      ? `定点医疗机构每年只能变更 1 次,今年已变更(受理号 ${acceptanceNumber}),请明年再申请`
      : `定点医疗机构每年只能变更 1 次,今年已有变更申请正在办理(受理号 ${acceptanceNumber}),请查看其办理进度`,
  open: ({ acceptanceNumber, status }) =>
    `同一病种、同一类型已有一件未办结的申请(受理号 ${acceptanceNumber})。${
      status === 'rejected'
        ? '该申请未通过,可在期限内补充材料重新提交或申诉,不用另行申请'
        : '请查看该申请的办理进度,不用重复提交'
    }`,
};

function filingOf(policy: Policy, body: FilingBody, submittedBy: string, submittedAt: string) {
  const { type, channel, diseaseCode, applicant, agent, signature, materials, ...form } = body;
  const { student, residesElsewhere, crossRegionFilingNumber, ...person } = applicant;
  const acceptedOn = shanghaiDate(submittedAt);
  const disease = diseaseOf(policy, diseaseCode);
  const seen = withOriginals(channel, materials);
  return {
    acceptanceNumber: drawNumber(policy.city.region, yearOf(acceptedOn), randomBytes(8)),
    submittedBy,
    submittedAt,
    acceptedOn,
    workingDays: policy.clocks.workingDays,
    review: {
      fourEyes: disease?.fourEyes,
      mustVerify: disease?.verification,
      oneTimeNotice: policy.clocks.oneTimeNotice.enabled,
      verified: seen.every(({ originalSeen }) => originalSeen) ? true : null,
    },
    type,
    channel,
    diseaseCode,
    policyVersion: policy.version,
    personal: { applicant: person, signature, ...(agent ? { agent } : {}) },
    form: { ...form, student, residesElsewhere, crossRegionFilingNumber },
    materials: seen,
  };
}

function filedAnswer({ policies }: ApiContext, row: ApplicationRow): Answer {
  return {
    status: 201,
    body: summary(policies, row),
    headers: { Location: `/v1/applications/${row.acceptanceNumber}` },
  };
}
