import { shanghaiDate } from '../../domain/dates.ts';
import { insuredTypeNames, typeNames } from '../../domain/names.ts';
import type { Decision, NoticeDraft, NoticedCase, NoticeKind } from '../../domain/notices.ts';
import { idNumberName, maskedIdNumber } from '../../domain/people/documents.ts';
import { benefitFor } from '../accreditations/benefit.ts';
import type { Remedy } from '../cases/remedies.ts';
import { diseaseOf, materialName } from '../catalogue.ts';
import { refusalsOf, remediesAfter, textValues } from '../notifications/drafts.ts';
import type { Policy } from '../schema.ts';
import { chineseDate, fill } from '../texts.ts';

/** Words a notice by the policy. */
export function caseNotice(policy: Policy, noticed: NoticedCase): NoticeDraft {
  const { kind, change, schedule, applicantName, idNumber } = noticed;
  const decision = decisionOf(policy, noticed);
  const values = { ...noticeValues(policy, noticed), ...(decision ? grantValues(decision, noticed) : {}) };
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
  const draft = noticeDraft(policy, kind, { name: applicantName, idNumber, sections, at: change.entry.at });
  return decision ? { ...draft, decision } : draft;
}

function decisionOf(policy: Policy, { granted, diseaseCode, idNumber, change }: NoticedCase): Decision | undefined {
  if (!granted) return undefined;
  const { accreditationId, validFrom, validUntil, institution, furtherInstitutions } = granted;
  return {
    ...{ accreditationId, validFrom, validUntil, institution, furtherInstitutions },
    diseaseName: diseaseOf(policy, diseaseCode)?.name ?? diseaseCode,
    benefit: benefitFor(policy, { ...granted, diseaseCode, idNumber }, shanghaiDate(change.entry.at)),
  };
}

function grantValues(decision: Decision, noticed: NoticedCase) {
  const { accreditationId, validFrom, validUntil, institution, furtherInstitutions, benefit } = decision;
  const [from, to] = benefit.ratio;
  const { insuredType } = noticed.granted as NonNullable<NoticedCase['granted']>;
  return {
    accreditationId,
    validFrom: chineseDate(validFrom),
    validUntil: validUntil === null ? '长期' : chineseDate(validUntil),
    institution: [...(institution === null ? [] : [institution]), ...furtherInstitutions].join('、') || '未选定',
    insuredType: insuredTypeNames[insuredType],
    deductible: benefit.deductible === 0 ? '免起付线' : `起付标准每年${benefit.deductible}元`,
    ratio: from === to ? `${from}%` : `${from}%至${to}%`,
    benefitNote: benefit.limit === null ? benefit.note : `每年最高支付${benefit.limit}元;${benefit.note}`,
  };
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
  const { items = [] } = change.entry.detail;
  return {
    materials: handedIn.map(({ kind, fileIds, originalSeen }) => {
      return `${materialName(policy, kind)}:文件 ${fileIds.length} 个${originalSeen ? ',窗口已核原件' : ''}`;
    }),
    problems: items.map(({ kind, problem }) => `${materialName(policy, kind)}:${problem}`),
    refusals: refusalsOf(policy, change),
    remedies: listed(remediesAfter(policy, change, schedule)),
  };
}

/** The ways that remain, as a notice lists them. */
export function listed(remedies: Remedy[]): string[] {
  return remedies.map(({ name, detail }) => `${name}:${detail}`);
}
