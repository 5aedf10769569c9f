import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Caller, tellsToRetry } from '../harness/http/caller.ts';
import { useHttp } from '../harness/http/use-http.ts';
import { liNa } from '../harness/people.ts';
import { until } from '../harness/until.ts';

const filings = '/v1/applications';

/** What people meet while a part is gone, and that nothing is lost or done twice when it is back. */
describe('an outage', () => {
  const http = useHttp();
  let applicant: Caller;
  let reviewer: Caller;
  beforeEach(() => {
    applicant = http.newApplicant();
    reviewer = http.as('reviewer');
  });
  afterEach(() => {
    for (const cable of Object.values(http.cables)) cable.mend();
  });

  const approvals = async (number: string) => {
    const { body } = await reviewer.progress(number);
    return body.timeline.filter(({ kind }) => kind === 'approved').length;
  };

  it('of the worker: a message is to be tried again, and then takes effect once; filing goes on', async () => {
    const [number, key] = [await http.openCase(applicant), randomUUID()];
    await http.stopWorker();
    tellsToRetry(await reviewer.tell(number, 'approve', {}, key));
    const filed = await applicant.files();
    expect((await applicant.progress(filed)).body.status).toBe('submitted');

    await http.startWorker();
    await until('the retry is answered', async () => (await reviewer.tell(number, 'approve', {}, key)).status === 200);
    expect(await approvals(number)).toBe(1);
    await until('the filing is accepted', async () => (await applicant.progress(filed)).body.status === 'underReview');
  });

  it('of the worker: who comes on top of what is under way is told so at once, and all else goes on', async () => {
    const number = await http.openCase(applicant);
    await http.stopWorker();
    const since = Date.now();
    const waited = async () => {
      tellsToRetry(await reviewer.tell(number, 'approve'));
      return Date.now() - since;
    };
    const approvals = Array.from({ length: 60 }, waited);
    expect((await applicant.progress(number)).status).toBe(200);
    const times = await Promise.all(approvals);
    expect(times.filter((time) => time < 4_000)).toHaveLength(10);
    await http.startWorker();
    await until('it is decided', async () => (await reviewer.tell(number, 'approve')).status !== 503);
  });

  it("of the worker's database: a message is accepted, and done later", async () => {
    const [number, key] = [await http.openCase(applicant), randomUUID()];
    http.cables.worker.cut();
    const accepted = await reviewer.tell(number, 'approve', {}, key);
    http.cables.worker.mend();
    expect([accepted.status, accepted.body.status]).toEqual([202, 'underReview']);
    expect(accepted.headers.get('location')).toBe(`${filings}/${number}`);
    await until('it is done', async () => (await reviewer.progress(number)).body.status === 'approved');
    expect((await reviewer.tell(number, 'approve', {}, key)).status).toBe(200);
    expect(await approvals(number)).toBe(1);
  });

  it("of an answer from the worker's database: a message is answered within six seconds all the same, and takes effect once", async () => {
    const [number, key] = [await http.openCase(applicant), randomUUID()];
    http.cables.worker.hold();
    const since = Date.now();
    const reply = await reviewer.tell(number, 'approve', {}, key);
    expect([reply.status, reply.headers.get('location')]).toEqual([202, `/v1/applications/${number}`]);
    expect(Date.now() - since).toBeLessThan(6_000);
    http.cables.worker.mend();
    await until('the retry is answered', async () => (await reviewer.tell(number, 'approve', {}, key)).status === 200);
    expect(await approvals(number)).toBe(1);
  });

  it('of the worker, as a corrected form comes: sent again until it is known, it is handed in once', async () => {
    const [number, key] = [await http.openCase(applicant), randomUUID()];
    await reviewer.tell(number, 'request-materials', { items: [{ kind: 'photo', problem: '看不清' }] });
    const photo = { kind: 'photo', fileIds: [await applicant.uploaded()] };
    const hospital = { code: 'H51040009', name: '攀钢总医院', level: 3 };
    const form = { hospital, signature: { name: liNa.name, signedAt: new Date().toISOString() } };
    const handIn = () => applicant.tell(number, 'resubmit', { materials: [photo], form }, key);
    await http.stopWorker();
    tellsToRetry(await handIn());
    tellsToRetry(await handIn());
    await http.startWorker();
    await until('the retry is answered', async () => (await handIn()).status === 200);
    const { body } = await reviewer.progress(number);
    expect(body.timeline.filter(({ kind }) => kind === 'resubmitted')).toHaveLength(1);
    expect(body).toMatchObject({ status: 'underReview', form: { hospital } });
  });

  it('of the workflow of an open case: no message is told that the case is over', async () => {
    const number = await http.openCase(applicant);
    await http.env.client.workflow.getHandle(number).terminate('by an operator');
    const key = randomUUID();
    for (const reply of [
      await reviewer.tell(number, 'approve', {}, key),
      await reviewer.tell(number, 'approve', {}, key),
      await applicant.tell(number, 'withdraw'),
      await applicant.post(`${filings}/${number}/withdraw`),
    ]) {
      tellsToRetry(reply);
    }
  });

  it('of Temporal: a filing is acknowledged and waits for its start; a message is to be tried again', async () => {
    const number = await http.openCase(applicant);
    const cutOff = await http.withoutTemporal();
    try {
      const [lonely, office] = [cutOff.as('applicant', applicant.subject), cutOff.as('reviewer')];
      const [filed, decision, ready] = await Promise.all([
        lonely.files({ diseaseCode: 'M03900' }),
        office.tell(number, 'approve'),
        office.get('/readyz'),
      ]);
      expect((await lonely.progress(filed)).body.status).toBe('submitted');
      tellsToRetry(decision);
      expect([ready.status, ready.body]).toEqual([503, { store: 'up', temporal: 'down' }]);
    } finally {
      await cutOff.close();
    }
  });
});
