import { describe, expect, it } from '@jest/globals';
import {
  type Asker,
  type CaseAct,
  filesOwnAtWindow,
  objectionToAct,
  objectionToRevoking,
  type Parties,
  type Refusal,
} from '../../../domain/cases/access.ts';
import type { Channel, Role } from '../../../domain/vocabulary.ts';

const filed = (channel: Channel): Parties => ({
  channel,
  submittedBy: channel === 'window' ? 'clerk' : 'app-account',
  filedBy: [channel === 'window' ? 'clerk' : 'app-account', 'helper'],
  idNumberHash: 'applicant',
  agentHash: 'agent',
  assignee: 'in-charge',
  reviewers: ['has-decided'],
  attended: [{ by: 'attendant' }],
});
const asker = (roles: Role[], subject: string, hash?: string): Asker => ({
  roles,
  subject,
  ...(hash ? { person: { hash } } : {}),
});

/** Everybody that the rules tell apart, by what is asked of an online case and of one from the window. */
type Answers = Record<Exclude<CaseAct, 'attend'>, Refusal | null>;
const everything = (answer: Refusal | null): Answers => ({
  see: answer,
  actFor: answer,
  review: answer,
  verify: answer,
  release: answer,
  call: answer,
  note: answer,
});
const staffMay = (...acts: CaseAct[]): Answers => ({
  see: null,
  actFor: 'applicantsOwn',
  review: acts.includes('review') ? null : 'forbidden',
  verify: acts.includes('verify') ? null : 'forbidden',
  release: acts.includes('release') ? null : 'forbidden',
  call: acts.includes('call') ? null : 'forbidden',
  note: null,
});
/** Those of an applicant or a clerk, who never review. */
const only = (acts: Pick<Answers, 'actFor' | 'verify' | 'call'> & Partial<Answers>): Answers => ({
  ...everything('forbidden'),
  see: null,
  ...acts,
});
const own = (act: Partial<Answers>): Answers => ({ ...everything('ownCase'), see: null, ...act });

describe('separation of duties', () => {
  it.each<[string, Asker, Answers, Answers]>([
    [
      'the account that filed it',
      asker(['applicant'], 'app-account'),
      only({ actFor: null, verify: 'forbidden', call: 'forbidden' }),
      everything('unknown'),
    ],
    [
      'the applicant, by another app',
      asker(['applicant'], 'other-account', 'applicant'),
      only({ actFor: null, verify: 'forbidden', call: 'forbidden' }),
      only({ actFor: 'atWindow', verify: 'forbidden', call: 'forbidden' }),
    ],
    ['another applicant', asker(['applicant'], 'stranger', 'stranger'), everything('unknown'), everything('unknown')],
    [
      'a clerk',
      asker(['clerk'], 'clerk-2'),
      staffMay('verify', 'call'),
      { ...staffMay('verify', 'call'), actFor: null },
    ],
    [
      'the clerk who took it in',
      asker(['clerk'], 'clerk'),
      staffMay('verify', 'call'),
      only({ actFor: null, verify: 'ownCase', call: null, note: null }),
    ],
    [
      'a clerk who handed papers in for the applicant',
      asker(['clerk'], 'helper'),
      { ...staffMay('verify', 'call'), verify: 'ownCase' },
      only({ actFor: null, verify: 'ownCase', call: null, note: null }),
    ],
    [
      'a clerk who changed the phone at the window',
      asker(['clerk'], 'attendant'),
      { ...staffMay('verify', 'call'), verify: 'ownCase' },
      only({ actFor: null, verify: 'ownCase', call: null, note: null }),
    ],
    [
      'a clerk who is the applicant',
      asker(['clerk'], 'clerk-2', 'applicant'),
      only({ actFor: null, verify: 'ownCase', call: 'ownCase', note: 'ownCase' }),
      only({ actFor: 'ownCase', verify: 'ownCase', call: 'ownCase', note: 'ownCase' }),
    ],
    [
      'a clerk who is the agent',
      asker(['clerk'], 'clerk-2', 'agent'),
      only({ actFor: 'applicantsOwn', verify: 'ownCase', call: 'ownCase', note: 'ownCase' }),
      only({ actFor: 'ownCase', verify: 'ownCase', call: 'ownCase', note: 'ownCase' }),
    ],
    [
      'a reviewer',
      asker(['reviewer'], 'reviewer-1', 'reviewer'),
      staffMay('review'),
      { ...staffMay('review'), actFor: 'atWindow' },
    ],
    [
      'a supervisor',
      asker(['supervisor'], 'supervisor-1'),
      staffMay('review', 'release', 'call'),
      { ...staffMay('review', 'release', 'call'), actFor: 'atWindow' },
    ],
    ['a director', asker(['director'], 'director-1'), staffMay(), { ...staffMay(), actFor: 'atWindow' }],
    ['an admin', asker(['admin'], 'admin-1'), everything('unknown'), everything('unknown')],
    [
      'somebody with every role who filed it online',
      asker(['applicant', 'clerk', 'reviewer', 'supervisor', 'director', 'admin'], 'app-account'),
      own({ actFor: null }),
      everything(null),
    ],
    [
      'somebody with every role who is the agent',
      asker(['applicant', 'clerk', 'reviewer', 'supervisor', 'director', 'admin'], 'other', 'agent'),
      own({ actFor: 'applicantsOwn' }),
      own({}),
    ],
  ])('of %s', (_, who, online, atWindow) => {
    for (const act of Object.keys(online) as (keyof Answers)[]) {
      expect([act, objectionToAct(act, who, filed('scApp'))]).toEqual([act, online[act]]);
      expect([act, objectionToAct(act, who, filed('window'))]).toEqual([act, atWindow[act]]);
    }
    // Without a document it takes the same to hand in or to withdraw as to appeal.
    expect(objectionToAct('attend', who, filed('scApp'))).toBe(online.actFor);
    expect(objectionToAct('attend', who, filed('window'))).toBe(atWindow.actFor);
  });

  it.each<[string, Asker, online: Refusal | null, atWindow: Refusal | null]>([
    ['a clerk', asker(['clerk'], 'clerk-2'), null, null],
    ['a clerk who is the applicant', asker(['clerk'], 'clerk-2', 'applicant'), 'ownCase', 'ownCase'],
    ['a clerk who is the agent', asker(['clerk'], 'clerk-2', 'agent'), 'ownCase', 'ownCase'],
    ['a clerk who is in charge', asker(['clerk', 'reviewer'], 'in-charge'), 'ownCase', 'ownCase'],
    ['a clerk who has taken part', asker(['clerk', 'reviewer'], 'has-decided'), 'ownCase', 'ownCase'],
    ['a reviewer', asker(['reviewer'], 'reviewer-1'), 'applicantsOwn', 'atWindow'],
    ['another applicant', asker(['applicant'], 'stranger', 'stranger'), 'unknown', 'unknown'],
    ['the applicant', asker(['applicant'], 'applicant', 'applicant'), null, 'atWindow'],
  ])('lets %s hand in for who is at the window, their document seen', (_, who, online, atWindow) => {
    const answers = (['scApp', 'window'] as const).map((channel) =>
      objectionToAct('attend', who, filed(channel), { documentSeen: true }),
    );
    expect(answers).toEqual([online, atWindow]);
  });

  it.each(['in-charge', 'has-decided'])(
    'lets nobody who reviews a case of the window hand in for it: %s',
    (subject) => {
      const both = asker(['clerk', 'reviewer'], subject);
      expect(objectionToAct('attend', both, filed('window'))).toBe('ownCase');
      // After an appeal somebody else decides anyway.
      expect(objectionToAct('actFor', both, filed('window'))).toBeNull();
    },
  );

  it.each(['applicant', 'agent'])('knows the %s who filed it in whichever app', (who) => {
    const parties = { ...filed('scApp'), submittedBy: who, filedBy: [who] };
    expect(objectionToAct('actFor', asker(['applicant'], who, who), parties)).toBeNull();
    expect(objectionToAct('actFor', asker(['applicant'], 'stranger', 'stranger'), parties)).toBe('unknown');
    expect(objectionToAct('release', asker(['supervisor'], 'supervisor-1', who), parties)).toBe('ownCase');
  });

  it('lets a clerk take in no application of their own', () => {
    const filing = { channel: 'window' as const, idNumberHash: 'applicant', agentHash: 'agent' };
    expect(filesOwnAtWindow(asker(['clerk'], 'c', 'applicant'), filing)).toBe(true);
    expect(filesOwnAtWindow(asker(['clerk'], 'c', 'agent'), filing)).toBe(true);
    expect(filesOwnAtWindow(asker(['clerk'], 'c', 'other'), filing)).toBe(false);
    expect(filesOwnAtWindow(asker(['clerk'], 'c'), filing)).toBe(false);
    expect(filesOwnAtWindow(asker(['applicant'], 'a', 'applicant'), { ...filing, channel: 'scApp' })).toBe(false);
  });

  it('lets nobody revoke an accreditation of their own', () => {
    const granted = { idNumberHash: 'applicant' };
    expect(objectionToRevoking(asker(['supervisor'], 's'), granted)).toBeNull();
    expect(objectionToRevoking(asker(['supervisor'], 's', 'applicant'), granted)).toBe('ownCase');
    expect(objectionToRevoking(asker(['reviewer'], 'r'), granted)).toBe('forbidden');
  });
});
