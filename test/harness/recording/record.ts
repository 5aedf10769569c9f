/**
 * `npm run record:histories`: plays each kind of case on the real worker and writes its history to test/histories/, which the
 * replay test runs against the code as it is. To be run when a new kind of step exists. What was recorded before stays as it is, since
 * cases like that are still running somewhere.
 */

import { existsSync, writeFileSync } from 'node:fs';
import { type Office, openOffice, publishTestCalendar } from '../office/open.ts';
import { policy } from '../policy.ts';
import { cases, filings, heldCases } from './cases.ts';
import { heldOthers, nextWorkday, others, realOthers } from './others.ts';

const fileOf = (name: string) => new URL(`../../histories/${name}.json`, import.meta.url);
const isNew = (name: string) => !existsSync(fileOf(name));

async function save(name: string, office: Office, workflowId: string, runId?: string): Promise<void> {
  const history = JSON.stringify(await office.client.workflow.getHandle(workflowId, runId).fetchHistory(), null, 1);
  // Who recorded it on which machine is nobody's business and changes nothing.
  const anonymous = history.replaceAll(/"identity": "[^"]*"/g, '"identity": "recorder"');
  writeFileSync(fileOf(name), `${anonymous}\n`);
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
  await nextWorkday(evenings, '20:00');
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
