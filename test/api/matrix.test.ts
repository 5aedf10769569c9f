import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type MessageName, messageNames } from '../../domain/cases/messages.ts';
import { transitions } from '../../domain/cases/transitions.ts';
import { type Role, statuses } from '../../domain/vocabulary.ts';
import type { Caller } from '../harness/http/caller.ts';
import { type Filed, openSituations, type Situation } from '../harness/http/situations.ts';
import { useHttp } from '../harness/http/use-http.ts';

/** Who a message is for (the API's contract). A clerk acts for the applicants whose cases they filed at the window. */
type Party = 'applicant' | 'reviewer' | 'supervisor' | 'clerk';
const rolesOf: Record<Party, Role[]> = {
  applicant: ['applicant', 'clerk'],
  reviewer: ['reviewer', 'supervisor'],
  supervisor: ['supervisor'],
  clerk: ['clerk'],
};

/**
 * The messages over HTTP: for whom, and a body that has nothing wrong with it. `calendarChanged` is the system's own.
 */
const messages: Record<Exclude<MessageName, 'calendarChanged'>, { for: Party; address: string; body?: object }> = {
  approve: { for: 'reviewer', address: 'approve' },
  reject: { for: 'reviewer', address: 'reject', body: { reason: '病历不能证明诊断' } },
  requestMaterials: {
    for: 'reviewer',
    address: 'request-materials',
    body: { items: [{ kind: 'photo', problem: '看不清' }] },
  },
  requestVerification: { for: 'reviewer', address: 'request-verification' },
  recordVerification: { for: 'clerk', address: 'record-verification', body: { passed: true } },
  resubmit: { for: 'applicant', address: 'resubmit' },
  appeal: { for: 'applicant', address: 'appeal', body: { reason: '诊断书可以证明' } },
  withdraw: { for: 'applicant', address: 'withdraw' },
  assign: { for: 'reviewer', address: 'assign', body: { to: 'reviewer-2' } },
  releaseClaims: { for: 'supervisor', address: 'release-claims', body: { reason: '他人冒名提交' } },
};
type Sent = keyof typeof messages;

/** Somebody who sends a message, as far as the rules tell people apart. */
interface Sender {
  who: string;
  /** Missing for somebody without a token. */
  role?: Role;
  /** Missing for the one who filed the case. */
  subject?: string;
}

/** Those who neither filed the case nor could have. */
const others: Sender[] = [
  { who: 'the reviewer who is in charge, if anybody is', role: 'reviewer', subject: 'reviewer-1' },
  { who: 'another reviewer', role: 'reviewer', subject: 'reviewer-2' },
  { who: 'a supervisor', role: 'supervisor', subject: 'supervisor-1' },
  { who: 'a director', role: 'director', subject: 'director-1' },
  { who: 'an admin', role: 'admin', subject: 'admin-1' },
  { who: 'nobody', subject: 'nobody' },
];
const sendersOnline: Sender[] = [
  { who: 'the applicant', role: 'applicant' },
  { who: 'another applicant', role: 'applicant', subject: 'applicant-2' },
  { who: 'a clerk', role: 'clerk', subject: 'clerk-1' },
  { who: 'the applicant, who is a reviewer too', role: 'reviewer' },
  { who: 'the applicant, who is a supervisor too', role: 'supervisor' },
  ...others,
];
const sendersAtWindow: Sender[] = [
  { who: 'the clerk who filed it', role: 'clerk' },
  { who: 'another clerk', role: 'clerk', subject: 'clerk-2' },
  { who: 'an applicant', role: 'applicant', subject: 'applicant-2' },
  ...others,
];

/**
 * What a message is answered with: `200` and the case's new status, or an error's status and code. The order is that of
 * the checks.
 */
function answerTo(message: Sent, { role, subject }: Sender, { status, assigned, atWindow }: Situation): string {
  const party = messages[message].for;
  const own = subject === undefined;
  if (!role) return '401 unauthenticated';
  if (!rolesOf[party].includes(role)) return '403 forbidden';
  const acts = atWindow ? role === 'clerk' : own;
  // A clerk sees every case, an applicant no other.
  if (party === 'applicant' && !acts) return role === 'clerk' ? '403 applicants-own' : '404 not-found';
  if (party !== 'applicant' && own) return '403 own-case';
  // The approved cases here are registered by then: they have ended.
  const next = status === 'approved' ? undefined : transitions[message][status];
  if (next === undefined) return '409 conflict';
  const mayHandOver = message === 'assign' && role === 'supervisor';
  if (party === 'reviewer' && assigned && subject !== 'reviewer-1' && !mayHandOver) return '409 not-assigned';
  return `200 ${next}`;
}

const http = useHttp();
let situations: Awaited<ReturnType<typeof openSituations>>;
beforeAll(async () => {
  situations = await openSituations(http);
});
afterAll(() => situations?.close());

async function bodyOf(message: Sent, uploader: Caller): Promise<object | undefined> {
  if (message !== 'resubmit') return messages[message].body;
  return { materials: [{ kind: 'photo', fileIds: [await uploader.uploaded()] }] };
}

/** Sends a message, and answers what comes back in the words of `answerTo`. */
async function send(message: Sent, sender: Sender, { acceptanceNumber, owner }: Filed, situation: Situation) {
  const { role, subject = owner.subject } = sender;
  const who = sender.subject === undefined ? owner.applying : undefined;
  const caller = role ? situations.serverOf(situation).as(role, subject, who) : http.withToken();
  // Who hands a paper in has uploaded it; those who can't upload send the owner's.
  const body = await bodyOf(message, role === 'clerk' ? caller : owner);
  const reply = await caller.tell(acceptanceNumber, messages[message].address, body);
  return `${reply.status} ${reply.status === 200 ? reply.body.status : reply.body.code}`;
}

/**
 * Sends every message as everybody. What is to be refused changes nothing, so all of that meets one case; what is to
 * work gets a case of its own each.
 */
async function prove(situation: Situation): Promise<void> {
  const shared = await situations.arrive(situation);
  const before = await situations.timelineOf(shared);
  const expected: Record<string, string> = {};
  const answers: Record<string, string> = {};
  for (const sender of situation.atWindow ? sendersAtWindow : sendersOnline) {
    for (const message of Object.keys(messages) as Sent[]) {
      const answer = answerTo(message, sender, situation);
      const filed = answer.startsWith('200') ? await situations.arrive(situation) : shared;
      const cell = `${message} by ${sender.who}`;
      expected[cell] = answer;
      answers[cell] = await send(message, sender, filed, situation);
    }
  }
  expect(answers).toEqual(expected);
  expect(await situations.timelineOf(shared)).toEqual(before);
}

it('the matrix has every message but the system’s own', () => {
  expect(Object.keys(messages).sort()).toEqual(messageNames.filter((name) => name !== 'calendarChanged').sort());
});

/** On one database: what is in question here are the rules, not the store. */
describe.each([
  ['online', false],
  ['at the window', true],
])('every message to a case filed %s works or is refused with the right code, whoever sends it:', (_, atWindow) => {
  it.each(statuses.filter((status) => status !== 'submitted'))('%s', (status) =>
    prove({ status, atWindow, assigned: true }),
  );

  it('submitted, while the insurance core is down', async () => {
    const mend = await http.breakInsurance();
    try {
      await prove({ status: 'submitted', atWindow, assigned: true });
    } finally {
      await mend();
    }
  });

  it('underReview, with nobody in charge', () => prove({ status: 'underReview', atWindow, assigned: false }));
});
