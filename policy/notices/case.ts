import { shanghaiDate } from '../../domain/dates.ts';
import { typeNames } from '../../domain/names.ts';
import type { NoticeDraft, NoticedCase, NoticeKind } from '../../domain/notices.ts';
import { idNumberName, maskedIdNumber } from '../../domain/people/documents.ts';
import type { Remedy } from '../cases/remedies.ts';
import { diseaseOf } from '../catalogue.ts';
import { refusalsOf, remediesAfter, textValues } from '../notifications/drafts.ts';
import type { Policy } from '../schema.ts';
import { chineseDate, fill } from '../texts.ts';

/** Words a notice by the policy. */
export function caseNotice(policy: Policy, noticed: NoticedCase): NoticeDraft {
  const { kind, change, schedule, applicantName, idNumber } = noticed;
  const values = noticeValues(policy, noticed);
  const lists = listsOf(policy, noticed);
  const holds = {
    provisional: schedule.provisional,
    clockStopped: schedule.dueOn === null,
    clockRuns: schedule.dueOn !== null,
    replaced: change.entry.kind === 'requestReplaced',
  };
  const sections = policy.notices[kind].sections
    .filter(({ when }) => when === undefined || holds[when])
    .map(({ text, items }) => ({ text: fill(text, values), ...(items ? { items: lists[items] } : {}) }));
  return noticeDraft(policy, kind, { name: applicantName, idNumber, sections, at: change.entry.at });
}

/**
 * Puts round a notice's sections what all kinds have.
 * @param about whom it is for, and the instant of what it tells of
 */
export function noticeDraft(
  policy: Policy,
  kind: NoticeKind,
  about: Pick<NoticeDraft, 'sections'> & { name: string; idNumber: string; at: string },
): NoticeDraft {
  const { prefix, title } = policy.notices[kind];
  return {
    prefix,
    title,
    office: policy.notices.office,
    addressee: `${about.name}(${idNumberName(about.idNumber)} ${maskedIdNumber(about.idNumber)})`,
    sections: about.sections,
    issuedOn: shanghaiDate(about.at),
  };
}

function noticeValues(policy: Policy, noticed: NoticedCase) {
  const { acceptanceNumber, change, schedule, submittedAt } = noticed;
  const { acceptedOn, workingDays } = change.state.ledger;
  return {
    ...textValues(policy, noticed),
    acceptanceNumber,
    disease: diseaseOf(policy, noticed.diseaseCode)?.name ?? noticed.diseaseCode,
    type: typeNames[noticed.type],
    submittedOn: chineseDate(shanghaiDate(submittedAt)),
    acceptedOn: chineseDate(acceptedOn),
    workingDays,
    left: schedule.workingDaysLeft ?? undefined,
  };
}

function listsOf(policy: Policy, { change, schedule, handedIn }: NoticedCase) {
  const { names } = policy.materials;
  const { items = [] } = change.entry.detail;
  return {
    materials: handedIn.map(({ kind, fileIds, originalSeen }) => {
      return `${names[kind]}:文件 ${fileIds.length} 个${originalSeen ? ',窗口已核原件' : ''}`;
    }),
    problems: items.map(({ kind, problem }) => `${names[kind]}:${problem}`),
    refusals: refusalsOf(policy, change),
    remedies: listed(remediesAfter(policy, change, schedule)),
  };
}

/** The ways that remain, as a notice lists them. */
export function listed(remedies: Remedy[]): string[] {
  return remedies.map(({ name, detail }) => `${name}:${detail}`);
}
