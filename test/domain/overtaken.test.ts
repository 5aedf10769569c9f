import { expect, it } from '@jest/globals';
import { overtakenBy, type ToldChange } from '../../domain/overtaken.ts';
import type { NotifiedEvent } from '../../policy/schema.ts';

type Sort = 'asked' | 'news' | 'result' | 'office' | 'lasting';
/** Of every purpose, what sort of thing it tells. */
const sorts: Record<NotifiedEvent, Sort> = {
  eligibilityDelayed: 'news',
  refused: 'result',
  accepted: 'news',
  materialsRequested: 'asked',
  supplementReminded: 'asked',
  verificationRequested: 'asked',
  verificationReminded: 'asked',
  verificationRecorded: 'news',
  verificationFailed: 'news',
  verificationMissed: 'office',
  resubmitted: 'news',
  firstApproved: 'office',
  lapsed: 'result',
  approved: 'result',
  rejected: 'result',
  rejectedWithoutAppeal: 'result',
  resubmissionReminded: 'asked',
  appealReminded: 'asked',
  appealed: 'news',
  withdrawn: 'result',
  noticeReminded: 'office',
  reviewerReminded: 'office',
  escalated: 'office',
  registrationRefused: 'news',
  dueDateMoved: 'news',
  windowMoved: 'news',
  renewalReminded: 'asked',
  renewalExtended: 'lasting',
  renewed: 'lasting',
  institutionChanged: 'lasting',
  accreditationEnded: 'lasting',
  accreditationRevoked: 'lasting',
};

/** A change from one status to another that tells the applicant this. */
const change = (kind: ToldChange['kind'], [before, status]: [string, string], told?: NotifiedEvent): ToldChange => ({
  kind,
  before,
  state: { status, closed: false },
  drafts: told ? [{ purpose: told, recipient: 'applicant', channel: 'app' }] : [],
});
const last = (one: ToldChange): ToldChange => ({ ...one, state: { ...one.state, closed: true } });

it.each<[what: string, ToldChange, Sort[]]>([
  ['stays while the status does', change('assigned', ['underReview', 'underReview']), []],
  ['asks for nothing once it is accepted', change('accepted', ['submitted', 'underReview'], 'accepted'), ['asked']],
  ['is news once more is asked for', change('materialsRequested', ['underReview', 'awaitingMaterials']), ['asked']],
  ['asks for what is there', change('resubmitted', ['awaitingMaterials', 'underReview'], 'resubmitted'), ['asked']],
  ['is news while an approval is registered', change('approved', ['underReview', 'approved']), ['asked']],
  ['ends with an approval', last(change('registered', ['approved', 'approved'], 'approved')), ['asked', 'news']],
  ['ends with a rejection', change('rejected', ['underReview', 'rejected'], 'rejected'), ['asked', 'news']],
  [
    'is the rejection when the time after it is over',
    last(change('closed', ['rejected', 'rejected'])),
    ['asked', 'news'],
  ],
  ['ends with a lapse', last(change('lapsed', ['awaitingMaterials', 'lapsed'], 'lapsed')), ['asked', 'news']],
])('what was told before %s', (_, one, over) => {
  const purposes = (Object.keys(sorts) as NotifiedEvent[]).filter((purpose) => over.includes(sorts[purpose]));
  const overtaken = overtakenBy(one).map(({ purpose }) => purpose);
  expect(overtaken.toSorted()).toEqual(purposes.toSorted());
});
