import { afterEach, describe, expect, it } from '@jest/globals';
import type { MessageName } from '../../../workflows/messages.ts';
import { entriesOf, type Filed, kindsOf, reviewer, signal, update } from '../../harness/office/case.ts';
import { useOffice } from '../../harness/office/use-office.ts';
import { until } from '../../harness/until.ts';

const office = useOffice();
afterEach(() => planFault());

/** Plans what goes wrong with the insurance core's next answers; nothing any more without it. */
async function planFault(fault?: { delayMs: number; times: number }): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const init = fault ? { method: 'POST', headers, body: JSON.stringify(fault) } : { method: 'DELETE' };
  await fetch(`${office.standIns.insuranceUrl}/control`, init);
}

const handover = { by: 'supervisor-1', to: 'reviewer-2', authority: 'supervisor' };

/** Approves a case whose registration takes so long. */
async function approveSlowly(delayMs: number) {
  const filed = await office.file();
  await planFault({ delayMs, times: 1 });
  const answer = update(filed, 'approve', reviewer);
  await until('it is decided', async () => (await filed.progress()).status === 'approved');
  return { filed, answer };
}

const refusalOf = (filed: Filed, name: MessageName, payload: object) =>
  update(filed, name, payload).then(
    () => null,
    ({ cause }) => cause.type,
  );

describe('while an approval is being registered', () => {
  it('nothing else is decided: an Update is refused at once, and a signal waits', async () => {
    const { filed, answer } = await approveSlowly(1_500);
    expect(await refusalOf(filed, 'assign', handover)).toBe('Conflict');
    expect(await refusalOf(filed, 'reject', { ...reviewer, reason: '不符合' })).toBe('Conflict');
    await signal(filed, 'assign', handover);
    expect(await kindsOf(office, filed)).toEqual(['submitted', 'accepted']);
    expect(await answer).toMatchObject({ status: 'approved', sequence: 3 });
    await until('the signal is noted', async () => (await kindsOf(office, filed)).includes('messageIgnored'));
    const course = ['submitted', 'accepted', 'approved', 'registered', 'messageIgnored'];
    expect(await kindsOf(office, filed)).toEqual(course);
  });

  it('a core that is slow is asked beside', async () => {
    const { filed, answer } = await approveSlowly(6_000);
    expect((await answer).status).toBe('approved');
    expect((await entriesOf(office, filed)).at(-1)?.kind).toBe('registered');
    const { events } = await filed.handle.fetchHistory();
    const scheduled = events?.map((event) => event.activityTaskScheduledEventAttributes?.activityType?.name);
    expect(scheduled?.filter((name) => name === 'register')).toHaveLength(1);
  });
});
