import validator from 'validator';
import { isAccreditationId } from '../../domain/accreditations/id.ts';
import { isAcceptanceNumber } from '../../domain/cases/acceptance-number.ts';
import {
  type CaseAct,
  isOwner,
  isParty,
  type Owned,
  objectionToAct,
  objectionToRevoking,
  objectionToSight,
  type Parties,
  type Refusal,
  rolesFor,
} from '../../domain/cases/access.ts';
import type { DocumentSeen } from '../../domain/cases/attendance.ts';
import { isNotificationId, isSender } from '../../domain/checks.ts';
import { claimsOffice, isStaff, reviewers, reviewsNow, rolesHeld } from '../../domain/staff/roles.ts';
import type { Role } from '../../domain/vocabulary.ts';
import { findAccreditation } from '../../store/accreditations/queries.ts';
import type { AccreditationRow } from '../../store/accreditations/tables.ts';
import { findApplication } from '../../store/cases/queries.ts';
import type { ApplicationRow } from '../../store/cases/tables.ts';
import { casesOfFile, findFile } from '../../store/files/queries.ts';
import { type FileRow, GOING } from '../../store/files/tables.ts';
import { aboutCall } from '../../store/notifications/calls.ts';
import { findInInbox } from '../../store/notifications/read-marks.ts';
import type { Store } from '../../store/open.ts';
import { findStaff, type Membership } from '../../store/staff/queries.ts';
import type { About } from './audit.ts';
import type { User } from './auth.ts';
import { Problem, problems } from './errors.ts';
import type { ProblemCode } from './problem-codes.ts';

/**
 * Who may call a route, and for what its path names. Every route has one; this file is the only place that makes them,
 * and decides by the rules of `domain/cases/access.ts`.
 */
export interface Access<Found = unknown> {
  /** Roles, any of which is needed; `anyone` without a token; `signed` where a signature says who asks. */
  who: 'anyone' | 'signed' | readonly Role[];
  /** Finds what the path names. @throws Problem 404 or 403 where it isn't this user's to ask for */
  find?(store: Store, params: Record<string, string>, user: User): Promise<Found>;
  /**
   * What depends on what is asked of it.
   * @param body as it came in, not checked yet
   * @throws Problem 403
   */
  permit?(found: Found, user: User, body: unknown): void;
  /** What that is, for the audit. @param body as it was understood */
  about?(found: Found, user: User, body?: unknown): About;
  /** Codes of the problems with which it refuses whom it lets in by their role. */
  refuses?: readonly ProblemCode[];
}

const OWN_CASE: readonly ProblemCode[] = ['own-case'];
/** A clerk, for an online case; an applicant, for one of the window; a clerk, for their own or one that they review. */
const ACTING_REFUSALS: readonly ProblemCode[] = ['applicants-own', 'at-window', 'own-case'];
const caseRefusals: Partial<Record<CaseAct, readonly ProblemCode[]>> = {
  actFor: ACTING_REFUSALS,
  ...{ review: OWN_CASE, verify: OWN_CASE, release: OWN_CASE, call: OWN_CASE, note: OWN_CASE },
};

export const anyone: Access<undefined> = { who: 'anyone' };
/** The handler checks the signature before anything else. */
export const signed: Access<undefined> = { who: 'signed' };

/** For these roles; the path names nothing that belongs to anybody. */
export function only(...who: Role[]): Access<undefined> {
  return { who };
}

/** For what the path names by its acceptance number. */
export function onCase(act: CaseAct): Access<ApplicationRow> {
  return {
    who: rolesFor[act],
    find: (store, { acceptanceNumber = '' }, user) => caseFor(act, store, acceptanceNumber, user),
    about: aboutCase,
    refuses: caseRefusals[act],
  };
}

/** A case that somebody may do this to. @throws Problem 404 or 403 */
export async function caseFor(act: CaseAct, store: Store, number: string, user: User): Promise<ApplicationRow> {
  // What can't be an acceptance number isn't looked up: it may hold characters that PostgreSQL refuses.
  const row = isAcceptanceNumber(number) ? await findApplication(store, number) : undefined;
  if (!row || row.erasedAt) throw problems.notFound();
  assertMay(act, user, row);
  return row;
}

/**
 * For the case that the path names: its applicant, and a clerk who says in the body by which document they saw who is at
 * the window (`documentSeen`).
 */
export const onAttendedCase: Access<ApplicationRow> = {
  ...onCase('see'),
  who: rolesFor.attend,
  permit(row, user, body) {
    refuse(objectionToAct('attend', user, partiesOf(row), { documentSeen: seenIn(body) !== undefined }));
  },
  about: (row, user, body) => ({ ...aboutCase(row, user), documentSeen: seenIn(body) as DocumentSeen | undefined }),
  refuses: ACTING_REFUSALS,
};

const seenIn = (body: unknown) => (body as { documentSeen?: unknown } | undefined)?.documentSeen;

/** For what the path names by its accreditation's id. */
export function onAccreditation(act: 'see' | 'revoke'): Access<AccreditationRow> {
  return {
    who: act === 'revoke' ? ['supervisor'] : rolesFor.see,
    async find(store, { accreditationId = '' }, user) {
      const row = isAccreditationId(accreditationId) ? await findAccreditation(store, accreditationId) : undefined;
      if (!row || row.erasedAt) throw problems.notFound();
      refuse(act === 'revoke' ? objectionToRevoking(user, row) : objectionToSight(user, row));
      return row;
    },
    about: (row, user) => ({ objects: [row.id], people: [row.idNumberHash], own: isOwner(user, row) }),
    ...(act === 'revoke' ? { refuses: OWN_CASE } : {}),
  };
}

/** A file, and the cases that it was handed in with, as far as this user may see them. */
export interface FoundFile {
  file: FileRow;
  cases: ApplicationRow[];
}

/** Until it is handed in, only its uploader sees a file; then everybody who may see any case that has it. */
export const onFile: Access<FoundFile> = {
  who: rolesFor.see,
  async find(store, { fileId = '' }, user) {
    const file = validator.isUUID(fileId) ? await findFile(store, fileId) : undefined;
    if (!file || file.idNumberHash === GOING) throw problems.notFound();
    const having = await casesOfFile(store, file.id);
    const cases = having.filter((row) => objectionToSight(user, row) === null);
    if (cases.length === 0 && file.uploadedBy !== user.subject) throw problems.notFound();
    return { file, cases };
  },
  about({ file, cases }, user) {
    const abouts = cases.map((row) => aboutCase(row, user));
    const [about] = [...abouts.filter(({ assignee }) => assignee === user.subject), ...abouts];
    if (!about) return { objects: [file.id], people: [], own: true };
    const own = file.uploadedBy === user.subject && !isStaff(user);
    const objects = [file.id, ...abouts.flatMap((one) => one.objects)];
    return { ...about, objects, own: own || abouts.some((one) => one.own) };
  },
};

/** What a call is about: a case, or an accreditation that an earlier system granted. */
export type CallAbout = NonNullable<Awaited<ReturnType<typeof aboutCall>>>;

/** For the call that the path names: nobody notes for themselves that they were told. */
export const onCall: Access<CallAbout> = {
  who: rolesFor.call,
  async find(store, { id = '' }, user) {
    const about = isNotificationId(id) ? await aboutCall(store, id) : undefined;
    if (!about) throw problems.notFound();
    if (about.application) assertMay('call', user, about.application);
    else if (about.accreditation) refuse(isParty(user, partyOf(about.accreditation)) ? 'ownCase' : null);
    return about;
  },
  about: ({ id, application, accreditation }) => ({
    objects: [id, application?.acceptanceNumber ?? [], accreditation?.id ?? []].flat(),
    people: [application?.idNumberHash ?? [], accreditation?.idNumberHash ?? []].flat(),
  }),
  refuses: OWN_CASE,
};

/** For the entry of their own APP inbox that the path names; `person` is the keyed hash of their ID number. */
export const onInbox: Access<NonNullable<Awaited<ReturnType<typeof findInInbox>>> & { person: string }> = {
  who: ['applicant'],
  async find(store, { messageId = '' }, { person }) {
    const entry = person && isNotificationId(messageId) ? await findInInbox(store, person.hash, messageId) : undefined;
    if (!person || !entry) throw problems.notFound();
    return { ...entry, person: person.hash };
  },
  about: ({ acceptanceNumber, accreditationId }) => ({
    objects: [acceptanceNumber ?? accreditationId ?? []].flat(),
    people: [],
    own: true,
  }),
};

/** For the reviewer that the path names: reviewers for themselves, supervisors for all. */
export const onAbsence: Access<Membership> = {
  who: reviewers,
  async find(store, { staffId = '' }, user) {
    if (staffId !== user.subject && !user.roles.includes('supervisor')) throw problems.forbidden();
    const member = isSender(staffId) ? await findStaff(store, staffId) : undefined;
    if (!reviewsNow(member)) throw problems.notFound();
    return member;
  },
  about: aboutMember,
};

/** For whom the path names, who may be about to join the staff. */
export const onMembership: Access<Pick<Membership, 'id'>> = {
  who: ['admin'],
  async find(_, { staffId = '' }) {
    if (!isSender(staffId)) throw problems.notFound();
    return { id: staffId };
  },
  about: aboutMember,
};

/**
 * Lets a user in with those roles that count: the list of staff is read for every request, so that retiring somebody
 * counts at once.
 * @throws Problem 403
 */
export async function admit(store: Store, { who }: Access, user: User): Promise<User> {
  const member = claimsOffice(user.roles) && isSender(user.subject) ? await findStaff(store, user.subject) : undefined;
  const held = rolesHeld(user.roles, member);
  const suffice = (roles: readonly Role[]) => Array.isArray(who) && roles.some((role) => who.includes(role));
  if (suffice(held)) return { ...user, roles: held };
  throw suffice(user.roles) ? problems.notStaff() : problems.forbidden();
}

/** Whether a route has a rule that lets in somebody at all; one without doesn't start. */
export function isRule(access: Access | undefined): access is Access {
  return access !== undefined && access.who !== undefined && access.who.length > 0;
}

/** A case, for the audit. A clerk who took it in asks as a clerk. */
function aboutCase(row: ApplicationRow, user: User): About & { own: boolean } {
  const own = row.channel === 'window' && isStaff(user) ? isParty(user, partyOf(row)) : isOwner(user, row);
  return { objects: [row.acceptanceNumber], people: [row.idNumberHash], assignee: row.assignee, own };
}

/** Of a member of staff it is their place in the office, which isn't personal. */
function aboutMember({ id }: Pick<Membership, 'id'>): About {
  return { objects: [id], people: [] };
}

type Listed = Pick<ApplicationRow, 'acceptanceNumber' | 'idNumberHash'> | Pick<AccreditationRow, 'id' | 'idNumberHash'>;

/** The cases and accreditations of a list, for the audit. */
export function aboutAll(rows: Listed[], user: User): About {
  const objects = rows.map((row) => ('acceptanceNumber' in row ? row.acceptanceNumber : row.id));
  return { objects, people: rows.map(({ idNumberHash }) => idNumberHash), own: !isStaff(user) };
}

const partyOf = ({ idNumberHash }: Owned) => ({ idNumberHash, agentHash: null });

/** Who has to do with a case. */
function partiesOf({ submittedBy, idNumberHash, agentHash, channel, state, attended }: ApplicationRow): Parties {
  const { filedBy, assignee, reviewers } = state;
  return { submittedBy, idNumberHash, agentHash, channel, filedBy, assignee, reviewers, attended };
}

/** @throws Problem 404, for somebody else's case too, so that nobody learns that it exists; 403 */
function assertMay(act: CaseAct, user: User, row: ApplicationRow): void {
  refuse(objectionToAct(act, user, partiesOf(row)));
}

const refusals: Record<Refusal, () => Problem> = {
  unknown: problems.notFound,
  forbidden: problems.forbidden,
  applicantsOwn: () =>
    new Problem(
      403,
      'applicants-own',
      '网上提交的申请由申请人本人在原申请渠道办理。本人或提交申请的代办人到窗口的,窗口核验并填写其证件(documentSeen)后,' +
        '可代为撤回、更换手机号、补交材料;申诉仍由申请人在原申请渠道提出。',
    ),
  atWindow: () => new Problem(403, 'at-window', '这是在窗口提交的申请,请带身份证件到窗口办理。'),
  ownCase: problems.ownCase,
};

function refuse(refusal: Refusal | null): void {
  if (refusal) throw refusals[refusal]();
}
