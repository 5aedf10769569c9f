import { beforeEach, expect, it } from '@jest/globals';
import { eq, sql } from 'drizzle-orm';
import { reserveNext, type Taker } from '../../../store/cases/reserve.ts';
import { type ApplicationRow, application } from '../../../store/cases/tables.ts';
import { isPassing } from '../../../store/errors.ts';
import { describeStore } from '../../harness/database/describe-store.ts';
import { changesOf, fileOne, recordChange, rules } from '../../harness/database/store.ts';

const now = '2026-03-02T02:00:00.000Z';
const period = { now, until: '2026-03-02T02:00:30.000Z' };
const me: Taker = { subject: 'r1' };

/** Cases that nobody has, as reviewers take one after the other. */
await describeStore('the next case', (store) => {
  beforeEach(() => store.db.update(application).set({ closed: true }).where(sql`true`));

  /** A case under review that nobody has. @param state what else its state says */
  async function laid(row: Partial<ApplicationRow> = {}, state: object = {}): Promise<string> {
    const filed = await fileOne(store, { submittedAt: now });
    await recordChange(store, filed.acceptanceNumber, changesOf(filed).accepted, rules);
    const changed = { ...row, state: sql`${application.state} || ${JSON.stringify(state)}::jsonb` };
    await store.db.update(application).set(changed).where(eq(application.acceptanceNumber, filed.acceptanceNumber));
    return filed.acceptanceNumber;
  }
  const next = async (taker = me, at = period) => {
    const found = await reserveNext(store, taker, at);
    return typeof found === 'string' ? found : found.acceptanceNumber;
  };

  it('is the one that is due first, then the one that was filed first; standing clocks come last', async () => {
    const last = await laid({ dueOn: null });
    const later = await laid({ dueOn: '2026-03-04' });
    const second = await laid({ dueOn: '2026-03-03', submittedAt: '2026-03-01T02:00:00.000Z' });
    const first = await laid({ dueOn: '2026-03-03', submittedAt: '2026-02-28T02:00:00.000Z' });
    expect([await next(), await next(), await next(), await next(), await next()]).toEqual([
      ...[first, second, later, last],
      'none',
    ]);
  });

  it('is another one for each of 200 who ask at once', async () => {
    const laidDown: string[] = [];
    for (let count = 0; count < 60; count += 1) laidDown.push(await laid());
    // On a slow machine not all of them get a connection in time.
    const ask = (index: number) =>
      next({ subject: `r${index}` }).catch((error) => {
        if (isPassing(error)) return 'held';
        throw error;
      });
    const asked = await Promise.all(Array.from({ length: 200 }, (_, index) => ask(index)));
    // Who came while the last ones were being written was told so.
    const got = asked.filter((answer) => !['none', 'held'].includes(answer));
    expect(new Set(got).size).toBe(got.length);
    for (let answer = 'held'; answer !== 'none'; ) {
      answer = await next();
      if (answer !== 'none') got.push(answer);
    }
    expect(got.sort()).toEqual(laidDown.sort());
  });

  it('is offered again once the reservation is over, or the case was given to somebody and given back', async () => {
    const filed = await fileOne(store, { submittedAt: now });
    const number = filed.acceptanceNumber;
    const { accepted, assigned } = changesOf(filed);
    await recordChange(store, number, accepted, rules);
    expect([await next(), await next()]).toEqual([number, 'none']);
    const later = { now: '2026-03-02T02:00:31.000Z', until: '2026-03-02T02:01:01.000Z' };
    expect([await next(me, later), await next(me, later)]).toEqual([number, 'none']);
    await recordChange(store, number, assigned, rules);
    expect(await next(me, later)).toBe('none');
    const entry = { ...assigned.entry, detail: { to: null } };
    await recordChange(store, number, { ...assigned, entry, sequence: 3, state: accepted.state }, rules);
    expect(await next(me, later)).toBe(number);
  });

  it.each<[string, Partial<ApplicationRow>, object, Taker?]>([
    ['that has ended', { closed: true }, {}],
    ['that somebody has', { assignee: 'r2' }, {}],
    ['that waits for its applicant', { status: 'awaitingMaterials' }, {}],
    ['that one has filed', { submittedBy: 'r1' }, {}],
    ['that one has handed something in for', {}, { filedBy: ['a1', 'r1'] }],
    ['of one’s own', { idNumberHash: 'mine' }, {}, { subject: 'r1', person: { hash: 'mine' } }],
    ['in which one is the agent', { agentHash: 'mine' }, {}, { subject: 'r1', person: { hash: 'mine' } }],
    ['on appeal, in which one took part', {}, { barred: ['r2', 'r1'] }],
    ['that one was the first to approve', {}, { firstApproval: 'r1' }],
    ['whose verification one has recorded', {}, { verifierApart: true, verifiedBy: 'r1' }],
  ])('is none %s', async (_, row, state, taker = me) => {
    const number = await laid(row, state);
    expect(await next(taker)).toBe('none');
    const someoneElse = { subject: 'r3', person: { hash: 'others' } };
    const isForNobody = row.closed || row.assignee || row.status;
    expect(await next(someoneElse)).toBe(isForNobody ? 'none' : number);
  });

  it('may be one whose verification one has recorded, where two decide or the policy lets one', async () => {
    const numbers = [await laid({}, { verifiedBy: 'r1', verifierApart: true, fourEyes: true })];
    numbers.push(await laid({}, { verifiedBy: 'r1' }));
    expect([await next(), await next()].sort()).toEqual(numbers.sort());
  });
});
