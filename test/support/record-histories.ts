import { writeFileSync } from 'node:fs';
import { addDays, shanghaiInstant } from '../../domain/dates.ts';
import { applicant, askFor, type Filed, handIn, reviewer, signal, update } from './case.ts';
import { type Office, openOffice, publishTestCalendar } from './office.ts';

/**
 * `npm run record:histories`: plays each kind of case on the real worker and writes its history to test/histories/, which the
 * replay test runs against the code as it is. To be run when a new kind of step exists; the old files stay, since cases like them
 * are still running somewhere.
 */
const cases: Record<string, (office: Office, filed: Filed) => Promise<unknown>> = {
  approved: (_, filed) => update(filed, 'approve', reviewer),
  'supplemented-twice': async (office, filed) => {
    for (const days of [2, 5]) {
      await update(filed, 'requestMaterials', askFor('medicalRecord'));
      await office.env.sleep(`${days} days`);
      await update(filed, 'resubmit', handIn);
    }
    await update(filed, 'approve', reviewer);
  },
  lapsed: (_, filed) => update(filed, 'requestMaterials', askFor('photo')),
  'rejected-resubmitted-approved': async (office, filed) => {
    await update(filed, 'reject', { ...reviewer, reason: '病历不能证明诊断' });
    await office.env.sleep('3 days');
    await update(filed, 'resubmit', handIn);
    await update(filed, 'approve', reviewer);
  },
  'rejected-closed': (_, filed) => update(filed, 'reject', { ...reviewer, reason: '不符合条件' }),
  'escalated-approved-by-signal': async (office, filed) => {
    await update(filed, 'assign', { by: 'supervisor-1', to: 'reviewer-2' });
    await signal(filed, 'resubmit', handIn);
    await office.until(shanghaiInstant(addDays(filed.acceptedOn, 40), '12:00'));
    await update(filed, 'calendarChanged', { version: 2 });
    await signal(filed, 'approve', reviewer);
  },
  withdrawn: (_, filed) => update(filed, 'withdraw', applicant),
};

const office = await openOffice();
await publishTestCalendar(office.store, new Date(await office.env.currentTimeMs()).toISOString());
for (const [name, play] of Object.entries(cases)) {
  const filed = await office.file();
  await play(office, filed);
  await filed.handle.result();
  const history = JSON.stringify(await filed.handle.fetchHistory(), null, 1);
  // Who recorded it on which machine is nobody's business and changes nothing.
  const anonymous = history.replaceAll(/"identity": "[^"]*"/g, '"identity": "recorder"');
  writeFileSync(new URL(`../histories/${name}.json`, import.meta.url), `${anonymous}\n`);
  console.log(`recorded ${name}`);
}
await office.close();
process.exit(0);
