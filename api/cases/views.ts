import { awaiting } from '../../domain/cases/state.ts';
import { type EntryDetail, entryKinds } from '../../domain/cases/timeline.ts';
import { shanghaiDate } from '../../domain/dates.ts';
import { entryNames, statusNames } from '../../domain/names.ts';
import { maskedPhone } from '../../domain/people/person.ts';
import { caseFindingsOf, sameFileFinding } from '../../policy/cases/findings.ts';
import { diseaseOf } from '../../policy/catalogue.ts';
import type { Policies } from '../../policy/versions.ts';
import { formVersions } from '../../store/cases/form-versions.ts';
import { asMaterial } from '../../store/cases/materials.ts';
import { openPersonal } from '../../store/cases/personal.ts';
import { readCase, readTimeline } from '../../store/cases/queries.ts';
import type { ApplicationRow } from '../../store/cases/tables.ts';
import { filesOfOthers } from '../../store/files/queries.ts';
import type { FileRow } from '../../store/files/tables.ts';
import { messagesOfCase } from '../../store/notifications/queries.ts';
import type { Store } from '../../store/open.ts';
import type { User } from '../http/auth.ts';
import { messageViews } from '../notifications/views.ts';
import { peopleFor } from '../people/phones.ts';
import { caseFindings } from './findings.ts';

type Case = Awaited<ReturnType<typeof readCase>>;

/** What everybody who may see a case sees of its row. */
export function summary(policies: Policies, row: ApplicationRow) {
  return {
    acceptanceNumber: row.acceptanceNumber,
    type: row.type,
    channel: row.channel,
    diseaseCode: row.diseaseCode,
    diseaseName: diseaseOf(policies.of(row.policyVersion), row.diseaseCode)?.name ?? row.diseaseCode,
    status: row.status,
    statusName: statusNames[row.status],
    round: row.round,
    submittedAt: row.submittedAt,
    acceptedOn: row.state.ledger.acceptedOn,
    dueOn: row.dueOn,
    provisional: row.provisional,
    overdue: row.escalationLevel > 0,
    workingDaysLeft: row.workingDaysLeft,
    awaiting: awaiting(row.state, row),
  };
}

/** A line of the worklist. */
export function worklistItem(store: Store, policies: Policies, row: ApplicationRow) {
  const { applicant } = openPersonal(store, row);
  const { assignee, escalationLevel } = row;
  return { ...summary(policies, row), applicantName: applicant.name, assignee, escalationLevel };
}

/** A case's progress (办理进度), as its applicant sees it: what concerns them, and not who in the office did it. */
export async function applicantView(store: Store, policies: Policies, row: ApplicationRow) {
  const entries = await readTimeline(store, row.acceptanceNumber);
  const timeline = entries
    .filter(({ kind }) => entryKinds[kind])
    .map(({ sequence, at, kind, round, status, detail }) => {
      return { sequence, at, kind, kindName: entryNames[kind], round, status, detail: forApplicant(detail) };
    });
  return { ...summary(policies, row), phone: maskedPhone(openPersonal(store, row).applicant.phone), timeline };
}

/** Without what the office notes for itself. */
function forApplicant({ note, late, belatedReason, authority, form, ...detail }: EntryDetail) {
  return detail;
}

/** A case as those who work on it see it: also form, files, findings, and who did what. */
export async function staffView(store: Store, policies: Policies, row: ApplicationRow, user: User) {
  const { assignee, escalationLevel, form, insured } = row;
  const read = await readCase(store, row.acceptanceNumber);
  const versions = await formVersions(store, row.acceptanceNumber);
  return {
    ...summary(policies, row),
    policyVersion: row.policyVersion,
    assignee,
    escalationLevel,
    ...peopleFor(user, assignee, openPersonal(store, row)),
    insured,
    form,
    formVersions: versions.map(({ sequence, confirmedAt, form: filed, ...one }) => ({
      sequence,
      confirmedAt,
      ...peopleFor(user, assignee, openPersonal(store, one)),
      form: filed,
    })),
    materials: read.materials.map(({ kind, issuedOn, originalSeen, fileIds }) => {
      return { kind, issuedOn, originalSeen, files: read.files.filter(({ id }) => fileIds.includes(id)).map(fileView) };
    }),
    findings: [
      ...caseFindingsOf(row.state.verified, form.insuredType, insured?.insuredType),
      ...findingsInForce(policies, row, read),
      ...(await sameFileFindings(store, policies, row, read)),
    ],
    messages: await messageViews(store, await messagesOfCase(store, row.acceptanceNumber)),
    timeline: read.entries.map(({ acceptanceNumber: _, requestId: __, ...entry }) => {
      return { ...entry, kindName: entryNames[entry.kind] };
    }),
  };
}

export function fileView({ id, sha256, contentType, size }: FileRow) {
  return { fileId: id, sha256, contentType, size };
}

/** What the reviewer should look at in the materials in force, as of the day on which the last of them came. */
export function findingsInForce(policies: Policies, row: ApplicationRow, { materials, files, entries }: Case) {
  const known = new Set(files.map(({ id }) => id));
  const latest = entries.findLast(({ kind }) => kind === 'submitted' || kind === 'resubmitted');
  return caseFindings(policies.of(row.policyVersion), row, {
    // A signal may name files that aren't the applicant's: those are not there.
    materials: materials.map(asMaterial).map((one) => ({ ...one, fileIds: one.fileIds.filter((id) => known.has(id)) })),
    submittedOn: row.state.ledger.acceptedOn,
    today: shanghaiDate(latest?.at ?? row.submittedAt),
  });
}

/** Papers are a person's own: a file that somebody else handed in too may be a mistake or worse. */
async function sameFileFindings(store: Store, policies: Policies, row: ApplicationRow, { materials }: Case) {
  const shared = await filesOfOthers(store, row);
  return materials.flatMap(({ kind, fileIds }) => {
    const numbers = [...new Set(fileIds.flatMap((id) => shared.get(id) ?? []))];
    return numbers.length > 0 ? [sameFileFinding(policies.of(row.policyVersion), kind, numbers)] : [];
  });
}
