/**
 * `npm run record:histories`: plays each kind of case on the real worker and writes its history to test/histories/,
 * which the replay test runs against the code as it is. To be run when a new kind of step exists. What is there already
 * stays as it is: to record it anew, delete it.
 */

import { type Office, openOffice, publishTestCalendar, untilNextWorkingDay } from '../office/open.ts';
import { policy } from '../policy.ts';
import { cases, filings, heldCases } from './cases.ts';
import { isRecorded, writeHistory } from './histories.ts';
import { heldOthers, others, realOthers } from './others.ts';

const isNew = (name: string) => !isRecorded(name);

async function save(name: string, office: Office, workflowId: string, runId?: string): Promise<void> {
  writeHistory(name, await office.client.workflow.getHandle(workflowId, runId).fetchHistory());
  console.log(`recorded ${name}`);
}

async function playOthers(office: Office, all: typeof others): Promise<void> {
  for (const [name, play] of Object.entries(all).filter(([name]) => isNew(name))) {
    const [workflowId, runId] = [await play(office)].flat();
    await save(name, office, workflowId as string, runId);
  }
}

const office = await openOffice({ bothSmsProviders: true });
await publishTestCalendar(office.store, new Date(await office.env.currentTimeMs()).toISOString());
for (const [name, play] of Object.entries(cases).filter(([name]) => isNew(name))) {
  const filed = await office.file(filings[name]);
  await play(office, filed);
  await filed.handle.result();
  await save(name, office, filed.acceptanceNumber);
}
await playOthers(office, others);
await office.close();
const evenings = await openOffice({ policy });
await publishTestCalendar(evenings.store, await evenings.now());
for (const [name, play] of Object.entries(heldCases).filter(([name]) => isNew(name))) {
  await untilNextWorkingDay(evenings, '20:00');
  const filed = await evenings.file();
  await play(evenings, filed);
  await filed.handle.result();
  await save(name, evenings, filed.acceptanceNumber);
}
await playOthers(evenings, heldOthers);
await evenings.close();
const real = await openOffice({ server: 'dev' });
await playOthers(real, realOthers);
await real.close();
process.exit(0);
