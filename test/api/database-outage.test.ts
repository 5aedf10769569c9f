import { randomUUID } from 'node:crypto';
import { afterEach, beforeAll, expect, it } from '@jest/globals';
import { count, inArray } from 'drizzle-orm';
import { application } from '../../store/cases/tables.ts';
import { type Caller, tellsToRetry } from '../harness/http/caller.ts';
import { describeApi } from '../harness/http/describe-api.ts';
import { until } from '../harness/until.ts';

const filings = '/v1/applications';

/** What people meet while the database is gone. */
await describeApi('an outage of the database', (http) => {
  let reviewer: Caller;
  beforeAll(() => {
    reviewer = http.as('reviewer');
  });
  afterEach(() => http.cables.api.mend());

  it('is told to all as one that will pass; the process stays up, and nothing is filed twice', async () => {
    const people = Array.from({ length: 8 }, () => http.newApplicant());
    const [careful] = people as [Caller];
    const bodies = await Promise.all(people.map((person) => person.completeFiling()));
    const keys = bodies.map(() => randomUUID());
    const fileAll = () => Promise.all(people.map((person, index) => person.post(filings, bodies[index], keys[index])));
    const underWay = fileAll();
    http.cables.api.cut();
    for (const reply of await underWay) if (reply.status !== 201) tellsToRetry(reply);

    tellsToRetry(await reviewer.get('/v1/worklist'));
    tellsToRetry(await careful.post(filings, bodies[0], keys[0]));
    tellsToRetry(await careful.upload([Buffer.from('%PDF-1.4')]));
    const ready = await reviewer.get('/readyz');
    expect([ready.status, ready.body.store]).toEqual([503, 'down']);
    expect((await reviewer.get('/healthz')).status).toBe(200);

    http.cables.api.mend();
    const numbers = (await fileAll()).map(({ body }) => body.acceptanceNumber);
    expect(new Set(numbers).size).toBe(bodies.length);
    const rows = await http.store.db
      .select({ n: count() })
      .from(application)
      .where(
        inArray(
          application.submittedBy,
          people.map(({ id }) => id),
        ),
      );
    expect(rows[0]?.n).toBe(bodies.length);
  });

  it('that answers nothing keeps no probe waiting, and no request for ever', async () => {
    const unheard: unknown[] = [];
    const hear = (reason: unknown) => void unheard.push(reason);
    process.on('unhandledRejection', hear);
    const number = await http.openCase(http.newApplicant());
    http.cables.api.hold();
    const waiting = Promise.all([reviewer.get('/v1/worklist'), reviewer.tell(number, 'approve')]);
    for (const _ of [1, 2, 3]) {
      const since = Date.now();
      const ready = await reviewer.get('/readyz');
      expect([ready.status, ready.body]).toEqual([503, { store: 'down', temporal: 'up' }]);
      expect(Date.now() - since).toBeLessThan(2_500);
      expect((await reviewer.get('/healthz')).status).toBe(200);
    }
    for (const reply of await waiting) tellsToRetry(reply);
    http.cables.api.mend();
    await until('it is ready', async () => (await reviewer.get('/readyz')).status === 200);
    process.off('unhandledRejection', hear);
    expect(unheard).toEqual([]);
  });
});
