import { type Awaiting, awaiting } from '../../domain/cases/awaiting.ts';
import type { RequestedItem } from '../../domain/cases/messages.ts';
import type { ApplicationState } from '../../domain/cases/state.ts';
import type { Channel } from '../../domain/vocabulary.ts';
import type { Policy } from '../schema.ts';
import { chineseDate, fill, hoursOf } from '../texts.ts';
import { type Remedy, remediesOf } from './remedies.ts';

/** What is asked of an applicant now. Shanghai dates. */
export interface Asked {
  what: Extract<Awaiting['what'], 'materials' | 'verification' | 'resubmission'>;
  /** What to do, where and until when, in words. */
  detail: string;
  /** Last day; of a rejected case that for a resubmission. */
  until: string | null;
  /** Last day for an appeal. */
  appealUntil: string | null;
  /** What has to be handed in, and what is wrong with what was. */
  materials: (RequestedItem & { name: string })[];
  /** What can be done within the case after a rejection. */
  ways: Remedy[];
}

interface AskedCase {
  state: ApplicationState;
  channel: Channel;
  windowEndsOn: string | null;
  appealUntil: string | null;
}

/**
 * What an applicant has to do, or may do, in a case as it stands; null where nothing is asked of them.
 * @param items of the latest request for materials
 * @param today Shanghai date
 */
export function askedOf(policy: Policy, filed: AskedCase, items: RequestedItem[], today: string): Asked | null {
  const { state, channel, windowEndsOn: until, appealUntil } = filed;
  const what = awaiting(state, filed)?.what;
  if (what !== 'materials' && what !== 'verification' && what !== 'resubmission') return null;
  const atWindow = channel === 'window';
  const texts = {
    materials: atWindow ? policy.asked.materialsAtWindow : policy.asked.materials,
    verification: policy.asked.verification,
    resubmission: atWindow ? policy.asked.rejectedAtWindow : policy.asked.rejected,
  };
  const ways = remediesOf(policy, state.status, { windowEndsOn: until, appealUntil, today });
  return {
    what,
    detail: fill(texts[what], {
      ...policy.window,
      until: chineseDate(until),
      closesAt: policy.clocks.closesAt,
      hours: hoursOf(policy),
      hotline: policy.city.hotline,
    }),
    until,
    appealUntil,
    materials: what === 'materials' ? owed(policy, state, items) : [],
    ways: ways.filter(({ way }) => way === 'resubmit' || way === 'appeal'),
  };
}

/** What was asked for and isn't there yet. */
function owed({ materials: { names } }: Policy, { requestedKinds }: ApplicationState, items: RequestedItem[]) {
  return items
    .filter(({ kind }) => requestedKinds.includes(kind))
    .map(({ kind, problem }) => ({ kind, name: names[kind], problem }));
}
