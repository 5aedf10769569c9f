import { describe, expect, it } from '@jest/globals';
import { deadline } from '../../domain/calendar/deadline.ts';
import { addDays, shanghaiInstant } from '../../domain/dates.ts';
import { readCalendar } from '../../store/calendar/queries.ts';
import { applicant, entriesOf, type Filed, update } from '../harness/office/case.ts';
import { useOffice } from '../harness/office/use-office.ts';

const office = useOffice({ maxCachedWorkflows: 0 });

const dueDate = async ({ acceptedOn }: Filed) =>
  deadline({ acceptedOn, workingDays: 15, pauses: [] }, await readCalendar(office.store)).dueOn as string;

describe('a worker that remembers nothing between two steps', () => {
  it('reminds and escalates once each', async () => {
    const filed = await office.file();
    await office.until(shanghaiInstant(addDays(await dueDate(filed), 10), '12:00'));
    const entries = await entriesOf(office, filed);
    expect(entries.flatMap(({ detail }) => detail.left ?? [])).toEqual([5, 3, 1]);
    expect(entries.flatMap(({ detail }) => detail.level ?? [])).toEqual([1, 2, 3]);
    await update(filed, 'withdraw', applicant);
    await filed.handle.result();
  });
});
