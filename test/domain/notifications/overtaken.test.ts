import { expect, it } from '@jest/globals';
import {
  type NotifiedEvent,
  notifiedAccreditationEvents,
  notifiedCaseEvents,
  notifiedEvents,
} from '../../../domain/notifications/events.ts';
import { type AnnouncedChange, overtakenBy } from '../../../domain/notifications/overtaken.ts';

type Sort = 'passing' | 'news' | 'result' | 'office' | 'toRenew' | 'renewing' | 'ofPeriod' | 'lasting';
/** Of every purpose, what sort of thing it tells; what is passing is true in one status only. */
const sorts: Record<NotifiedEvent, Sort> = {
  eligibilityDelayed: 'passing',
  refused: 'result',
  accepted: 'news',
  materialsRequested: 'passing',
  requestReplaced: 'passing',
  supplementReminded: 'passing',
  verificationRequested: 'passing',
  verificationReminded: 'passing',
  verificationRecorded: 'news',
  verificationFailed: 'news',
  verificationMissed: 'news',
  resubmitted: 'news',
  firstApproved: 'office',
  lapsed: 'result',
  approved: 'result',
  rejected: 'result',
  rejectedWithoutAppeal: 'result',
  resubmissionReminded: 'passing',
  appealReminded: 'passing',
  appealed: 'news',
  withdrawn: 'result',
  noticeReminded: 'office',
  reviewerReminded: 'office',
  escalated: 'office',
  registrationRefused: 'news',
  dueDateMoved: 'passing',
  windowMoved: 'passing',
  renewalReminded: 'toRenew',
  renewalExtended: 'renewing',
  renewed: 'ofPeriod',
  institutionChanged: 'ofPeriod',
  accreditationEnded: 'ofPeriod',
  accreditationRevoked: 'lasting',
};

/** A change from one status to another that tells the applicant this. */
const change = (
  kind: AnnouncedChange['kind'],
  [before, status]: [string, string],
  event?: NotifiedEvent,
): AnnouncedChange => ({
  kind,
  before,
  state: { status, closed: false },
  drafts: event ? [{ purpose: event, recipient: 'applicant', channel: 'app' }] : [],
});
const last = (newer: AnnouncedChange): AnnouncedChange => ({ ...newer, state: { ...newer.state, closed: true } });

const overtaken = (newer: AnnouncedChange, of: readonly string[]) => {
  const purposes = overtakenBy(newer).map(({ purpose }) => purpose);
  return purposes.filter((purpose) => of.includes(purpose)).toSorted();
};
const sorted = (which: Sort[]) => notifiedEvents.filter((purpose) => which.includes(sorts[purpose])).toSorted();

it.each<[what: string, AnnouncedChange, Sort[]]>([
  ['stays while the status does', change('assigned', ['underReview', 'underReview']), []],
  ['is passing once it is accepted', change('accepted', ['submitted', 'underReview'], 'accepted'), ['passing']],
  ['is overdue when it is accepted at last', change('accepted', ['submitted', 'underReview']), ['passing']],
  [
    'is news once more is asked for',
    change('materialsRequested', ['underReview', 'awaitingMaterials']),
    ['passing', 'office'],
  ],
  ['asks for what is there', change('resubmitted', ['awaitingMaterials', 'underReview'], 'resubmitted'), ['passing']],
  ['is news while an approval is registered', change('approved', ['underReview', 'approved']), ['passing', 'office']],
  [
    'ends with an approval',
    last(change('registered', ['approved', 'approved'], 'approved')),
    ['passing', 'news', 'result', 'office'],
  ],
  [
    'ends with a rejection',
    change('rejected', ['underReview', 'rejected'], 'rejected'),
    ['passing', 'news', 'result', 'office'],
  ],
  [
    'is the rejection when the time after it is over',
    last(change('closed', ['rejected', 'rejected'])),
    ['passing', 'news', 'office'],
  ],
  [
    'ends with a lapse',
    last(change('lapsed', ['awaitingMaterials', 'lapsed'], 'lapsed')),
    ['passing', 'news', 'result', 'office'],
  ],
])('what was told of a case before %s', (_, newer, over) => {
  expect(overtaken(newer, notifiedCaseEvents)).toEqual(sorted(over));
});

it.each<[what: string, AnnouncedChange, Sort[]]>([
  ['stays with another institution', change('institutionChanged', ['active', 'active'], 'institutionChanged'), []],
  ['asks for no renewal that is filed', change('renewalFiled', ['active', 'active']), ['toRenew']],
  ['is true of the ended while a late renewal is filed', change('renewalFiled', ['ended', 'ended']), ['toRenew']],
  ['goes on while the renewal is reviewed', change('extended', ['active', 'active'], 'renewalExtended'), []],
  ['is over with the renewal', change('renewed', ['active', 'active'], 'renewed'), ['toRenew', 'renewing']],
  ['ends with a late renewal', change('renewed', ['ended', 'active'], 'renewed'), ['toRenew', 'renewing', 'ofPeriod']],
  ['ends with it', change('ended', ['active', 'ended'], 'accreditationEnded'), ['toRenew', 'renewing', 'ofPeriod']],
  ['ends without a renewal', change('renewalEnded', ['active', 'ended']), ['toRenew', 'renewing', 'ofPeriod']],
  ['ends where it is revoked', change('revoked', ['active', 'revoked']), ['toRenew', 'renewing', 'ofPeriod']],
])('what was told of an accreditation before %s', (_, newer, over) => {
  expect(overtaken(newer, notifiedAccreditationEvents)).toEqual(sorted(over));
});

it('another list of what is owed ends the former one, and the reminders of it, whoever they were for', () => {
  const replaced = change('requestReplaced', ['awaitingMaterials', 'awaitingMaterials'], 'requestReplaced');
  const lists = ['materialsRequested', 'requestReplaced', 'supplementReminded'];
  expect(overtaken(replaced, notifiedCaseEvents)).toEqual(lists);
});

it('a newer notification says anew what an older one of the same purpose told the same recipient by 短信', () => {
  const to = (recipient: string, channel: 'sms' | 'email' | 'app') => ({ purpose: 'escalated', recipient, channel });
  const drafts = [to('director-1', 'sms'), to('director-1', 'email'), to('supervisor-1', 'email')];
  const escalated = { ...change('escalated', ['underReview', 'underReview']), drafts };
  expect(overtakenBy(escalated)).toEqual([{ purpose: 'escalated', recipient: 'director-1' }]);
});
