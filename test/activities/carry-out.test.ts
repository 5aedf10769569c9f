import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { createActivities } from '../../activities/index.ts';
import type { InsuranceCore, Registration as Registering } from '../../activities/insurance/adapters/core.ts';
import { systemClock } from '../../config/clock.ts';
import { grantedAccreditation } from '../../domain/accreditations/state.ts';
import { broughtBy } from '../../domain/cases/happenings.ts';
import type { Change } from '../../domain/cases/timeline.ts';
import { transition } from '../../domain/cases/transitions.ts';
import { grantAccreditation } from '../../store/accreditations/grant.ts';
import { accreditationsOf } from '../../store/accreditations/queries.ts';
import { openPersonal } from '../../store/cases/personal.ts';
import { findApplication, readTimeline } from '../../store/cases/queries.ts';
import { changesOf, fileOne, grant, recordChange, rules } from '../harness/database/store.ts';
import { policies } from '../harness/policy.ts';
import { openSending, type Sending } from '../harness/providers/sending.ts';

let sending: Sending;
beforeAll(async () => {
  sending = await openSending();
});
afterAll(() => sending?.close());

type Revocation = Parameters<InsuranceCore['revoke']>[0];

/** A core that agrees to everything, and knows what it was asked. */
function obligingCore() {
  const registrations: Registering[] = [];
  const register = async (registration: Registering) => `R${registrations.push(registration)}`;
  const revocations: Revocation[] = [];
  const revoke = async (revocation: Revocation) => void revocations.push(revocation);
  return { registrations, revocations, insurance: { register, revoke } as never };
}

/** The activities of a worker that knows nothing of the time before. */
function activitiesOn(insurance: never, divergences: unknown[]) {
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
  return createActivities({ ...parts, insurance, workbenchUrl: '', onDivergence, ...silent });
}

const newEnvironment = (scheduledTimestampMs = Date.now()) =>
  new MockActivityEnvironment({ scheduledTimestampMs }, { logger: new DefaultLogger('ERROR') });

/** One and the same activity, each time on another worker. */
function tries(insurance: never, divergences: unknown[]) {
  const askedAt = Date.now();
  return (input: { acceptanceNumber: string; changes: Change[] }) => {
    const { carryOut } = activitiesOn(insurance, divergences);
    const { sequence, state } = input.changes.at(-1) as Change;
    const whole = { ...input, sequence, state, busy: [], asksCore: true };
    return newEnvironment(askedAt).run(carryOut, whole) as ReturnType<typeof carryOut>;
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

describe('a revocation that is carried out', () => {
  it.each([
    ["on the core's word: the day on which it happened", { cause: 'movedAway', on: '2036-12-20' }, '2036-12-20'],
    ["on the office's: the day of its decision", { cause: 'office' }, '2037-01-06'],
  ] as const)('tells the core from which day, %s', async (_, why, on) => {
    const { store } = sending;
    const at = '2037-01-05T16:30:00.000Z';
    const { id, registrationNumber } = await grantAccreditation(store, { ...grant(at), registrationNumber: 'BA1' });
    const detail = { ...why, reason: '原因' };
    const state = { ...grantedAccreditation('2037-01-01', null), status: 'revoked', owesCore: true } as const;
    const entry = { at, kind: 'revoked', by: 'somebody', via: 'api', detail } as const;
    const { revocations, insurance } = obligingCore();
    const { carryOutAccreditation } = activitiesOn(insurance, []);
    const input = { accreditationId: id, changes: [{ sequence: 1, entry, state }], busy: [] };
    expect(await newEnvironment().run(carryOutAccreditation, input)).toMatchObject({ coreInformed: true });
    expect(revocations).toEqual([{ requestId: `${id}-revoke`, registrationNumber, on }]);
  });
});
