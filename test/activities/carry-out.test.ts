import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { createActivities } from '../../activities/index.ts';
import type { Registration as Registering } from '../../activities/insurance/adapters/core.ts';
import { systemClock } from '../../config/clock.ts';
import { broughtBy } from '../../domain/cases/happenings.ts';
import type { Change } from '../../domain/cases/timeline.ts';
import { transition } from '../../domain/cases/transitions.ts';
import { accreditationsOf } from '../../store/accreditations/queries.ts';
import { openPersonal } from '../../store/cases/personal.ts';
import { findApplication, readTimeline } from '../../store/cases/queries.ts';
import { changesOf, fileOne, recordChange, rules } from '../harness/database/store.ts';
import { policies } from '../harness/policy.ts';
import { openSending, type Sending } from '../harness/providers/sending.ts';

let sending: Sending;
beforeAll(async () => {
  sending = await openSending();
});
afterAll(() => sending?.close());

/** A core that registers everything, and knows what it was asked. */
function obligingCore() {
  const registrations: Registering[] = [];
  const register = async (registration: Registering) => `R${registrations.push(registration)}`;
  return { registrations, insurance: { register } as never };
}

/** One and the same activity, each time on a worker that knows nothing of the time before. */
function tries(insurance: never, divergences: unknown[]) {
  const { store, twilio } = sending;
  const parts = {
    store,
    policies,
    now: systemClock,
    providers: { sms: { twilio }, email: {} as never },
    twilioIsReal: false,
  };
  const silent = {
    onMended: () => undefined,
    onError: () => undefined,
    onProvider: () => undefined,
    onRetained: () => undefined,
  };
  const onDivergence = (found: object) => void divergences.push(found);
  const info = { scheduledTimestampMs: Date.now() };
  return (input: { acceptanceNumber: string; changes: Change[] }) => {
    const activities = createActivities({ ...parts, insurance, workbenchUrl: '', onDivergence, ...silent });
    const environment = new MockActivityEnvironment(info, { logger: new DefaultLogger('ERROR') });
    const { sequence, state } = input.changes.at(-1) as Change;
    const whole = { ...input, sequence, state, busy: [], asksCore: true };
    return environment.run(activities.carryOut, whole) as ReturnType<typeof activities.carryOut>;
  };
}

async function approvedCase() {
  const filed = await fileOne(sending.store, { diseaseCode: 'M01600' });
  const { accepted } = changesOf(filed);
  await recordChange(sending.store, filed.acceptanceNumber, accepted, { ...rules, notifications: () => [] });
  const message = { name: 'approve', payload: { by: 'reviewer-1' } } as const;
  const state = transition(accepted.state, message, '2037-01-05');
  const { kind, by, detail } = broughtBy(accepted.state, message);
  const entry = { at: '2037-01-05T02:00:00.000Z', kind, by, via: 'api' as const, detail };
  return { filed, changes: [{ sequence: 2, entry, state }] as Change[] };
}

describe('an approval that is carried out', () => {
  it('is registered, granted and recorded once, however often it is tried, and answered the same', async () => {
    const { store } = sending;
    const { filed, changes } = await approvedCase();
    const { acceptanceNumber } = filed;
    const divergences: unknown[] = [];
    const { registrations, insurance } = obligingCore();
    const carryOut = tries(insurance, divergences);
    const first = await carryOut({ acceptanceNumber, changes });
    expect(first).toMatchObject({ unsent: [], followed: { sequence: 3, entry: { kind: 'registered' } } });
    // Two at once are what a worker that was taken for dead, and was only frozen, makes of it.
    const again = await Promise.all([1, 2].map(() => carryOut({ acceptanceNumber, changes })));
    for (const answer of again) expect(answer.followed).toEqual(first.followed);

    const row = await findApplication(store, acceptanceNumber);
    expect(row).toMatchObject({ sequence: 3, status: 'approved', closed: true });
    const kinds = (await readTimeline(store, acceptanceNumber)).map(({ kind }) => kind);
    expect(kinds).toEqual(['submitted', 'accepted', 'approved', 'registered']);
    const { idNumber } = openPersonal(store, row as never).applicant;
    expect((await accreditationsOf(store, idNumber)).map(({ id }) => id)).toEqual([row?.accreditationId]);
    expect(new Set(registrations.map(({ requestId }) => requestId))).toEqual(new Set([`${acceptanceNumber}-2`]));
    const texts = (await sending.sent()).filter(({ body }) => body.includes(acceptanceNumber.slice(-6)));
    expect(texts).toHaveLength(1);
    expect(divergences).toEqual([]);
  });

  it('is registered once also where two tries run at once', async () => {
    const { filed, changes } = await approvedCase();
    const { acceptanceNumber } = filed;
    const divergences: unknown[] = [];
    const carryOut = tries(obligingCore().insurance, divergences);
    const [first, second] = await Promise.all([1, 2].map(() => carryOut({ acceptanceNumber, changes })));
    expect(first?.followed).toEqual(second?.followed);
    expect(await findApplication(sending.store, acceptanceNumber)).toMatchObject({ sequence: 3, closed: true });
    expect(divergences).toEqual([]);
  });
});
