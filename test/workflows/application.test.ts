import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { messages } from '../../workflows/messages.ts';
import { type Office, openOffice, publishTestCalendar } from '../support/office.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
  await publishTestCalendar(office.store, new Date().toISOString());
});
afterAll(() => office.close());

describe('application', () => {
  it('is approved', async () => {
    await office.withWorker(async () => {
      const filed = await office.file();
      const t = Date.now();
      const progress = await filed.handle.executeUpdate(messages.approve.update, { args: [{ by: 'reviewer-1' }] });
      console.log(progress, Date.now() - t);
      expect(progress.status).toBe('approved');
      await filed.handle.result();
      const h = await filed.handle.fetchHistory();
      console.log(
        h.events?.length,
        h.events?.map((e) => Object.keys(e).find((k) => k.endsWith('Attributes'))).join('\n'),
      );
    });
    console.log(await office.sent(), office.errors);
  });
});
