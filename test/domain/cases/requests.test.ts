import { expect, it } from '@jest/globals';
import { requestsOf } from '../../../domain/cases/requests.ts';
import type { EntryDetail, EntryKind } from '../../../domain/cases/timeline.ts';
import type { Status } from '../../../domain/vocabulary.ts';

const items = (problem: string) => ({ items: [{ kind: 'medicalRecord' as const, problem }] });
const course: [kind: EntryKind, status: Status, detail?: EntryDetail][] = [
  ['submitted', 'submitted'],
  ['accepted', 'underReview'],
  ['materialsRequested', 'awaitingMaterials', { ...items('看不清'), note: '尽快' }],
  ['supplementReminded', 'awaitingMaterials', { left: 7 }],
  ['requestReplaced', 'awaitingMaterials', { ...items('缺盖章'), belatedReason: '漏看' }],
  ['resubmitted', 'underReview'],
  ['verificationRequested', 'awaitingVerification', { note: '带原件' }],
  ['assigned', 'awaitingVerification'],
];

it('what was asked of an applicant, and why, is told with how it ended', () => {
  const at = (sequence: number) => `2026-11-25T02:00:0${sequence}.000Z`;
  const entries = course.map(([kind, status, detail = {}], sequence) => {
    return { sequence, at: at(sequence), kind, status, detail, by: 'r1', via: 'api' as const };
  });
  const asked = (sequence: number) => ({ sequence, at: at(sequence), by: 'r1', via: 'api' });
  expect(requestsOf(entries)).toEqual([
    {
      ...asked(2),
      number: 1,
      kind: 'materialsRequested',
      ...items('看不清'),
      note: '尽快',
      ended: { kind: 'requestReplaced', at: at(4) },
    },
    {
      ...asked(4),
      number: 2,
      kind: 'requestReplaced',
      ...items('缺盖章'),
      belatedReason: '漏看',
      ended: { kind: 'resubmitted', at: at(5) },
    },
    { ...asked(6), number: null, kind: 'verificationRequested', items: [], note: '带原件', ended: null },
  ]);
});
