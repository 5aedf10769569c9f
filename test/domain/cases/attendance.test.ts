import { expect, it } from '@jest/globals';
import { actorOf, isAtWindow, isItsAgent } from '../../../domain/cases/attendance.ts';
import type { Channel } from '../../../domain/vocabulary.ts';

const filed = (channel: Channel, submittedBy: string, agentHash: string | null = 'agent') => ({
  channel,
  submittedBy,
  idNumberHash: 'applicant',
  agentHash,
});
const seen = (of: 'applicant' | 'agent') => ({ document: 'residentIdCard', of }) as const;

it.each([
  ['the applicant', 'clerk-1', seen('applicant'), 'applicant'],
  ['the agent', 'clerk-1', seen('agent'), 'agent'],
  ['nobody, who acts online', 'applicant', undefined, 'applicant'],
])('acts on a case in the right of who is at the window: %s', (_, by, documentSeen, actor) => {
  expect(actorOf(filed('scApp', 'applicant'), by, documentSeen)).toBe(actor);
});

it.each<[string, ReturnType<typeof filed>, boolean]>([
  ['online: the one who filed it', filed('scApp', 'agent'), true],
  ['online: not the one whom the applicant has only named', filed('scApp', 'applicant'), false],
  ['at the window: the one whom the form names', filed('window', 'clerk-2'), true],
  ['nobody where the form names none', filed('scApp', 'applicant', null), false],
])('knows who is the agent of a case, %s', (_, parties, isAgent) => {
  expect(isItsAgent(parties)).toBe(isAgent);
});

it('knows what is done at the window', () => {
  expect(isAtWindow({ channel: 'scApp' }, undefined)).toBe(false);
  expect(isAtWindow({ channel: 'scApp' }, seen('applicant'))).toBe(true);
  expect(isAtWindow({ channel: 'window' }, undefined)).toBe(true);
});
