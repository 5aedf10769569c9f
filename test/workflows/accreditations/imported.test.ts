import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addDays, shanghaiDate } from '../../../domain/dates.ts';
import { takeOverRules } from '../../../policy/accreditations/take-over.ts';
import { accreditationsOf, accreditationTimeline } from '../../../store/accreditations/queries.ts';
import { accreditation } from '../../../store/accreditations/tables.ts';
import { type EarlierAccreditation, importAccreditations } from '../../../store/accreditations/take-over.ts';
import { notification } from '../../../store/notifications/tables.ts';
import { reviewer, update } from '../../harness/office/case.ts';
import { keepHouse } from '../../harness/office/housekeeping.ts';
import { type Office, openOffice } from '../../harness/office/open.ts';
import { filing, newPerson } from '../../harness/people.ts';
import { policies } from '../../harness/policy.ts';
import { until } from '../../harness/until.ts';

/** What earlier systems granted, on the dev server, where housekeeping runs as the Schedule starts it. */
let office: Office;
beforeAll(async () => {
  office = await openOffice({ server: 'dev' });
});
afterAll(() => office?.close());

const today = () => shanghaiDate(new Date().toISOString());

function earlier(registrationNumber: string, daysLeft: number): Omit<EarlierAccreditation, 'source'> {
  const period = { validFrom: addDays(today(), daysLeft - 700), validUntil: addDays(today(), daysLeft) };
  const rest = { diseaseCode: 'M00500', insuredType: 'employee', tier: null, institution: null } as const;
  return { registrationNumber, person: newPerson(), ...rest, ...period };
}

/** Imports a list some time ago, and lets housekeeping make a pass; answers how many workflows it began. */
async function importAndKeepHouse(list: Omit<EarlierAccreditation, 'source'>[]): Promise<number> {
  const aMinuteAgo = new Date(Date.now() - 60_000).toISOString();
  await importAccreditations(office.store, takeOverRules(policies, shanghaiDate(aMinuteAgo)), list, aMinuteAgo);
  return keepHouse(office.client);
}

const rowOf = async (number: string) =>
  (await office.store.db.select().from(accreditation)).find(({ sourceKey }) => sourceKey === number);
const kindsOf = async (number: string) =>
  (await accreditationTimeline(office.store, (await rowOf(number))?.id as string)).map(({ kind }) => kind);

describe('an imported accreditation', () => {
  const institutions = { institution: '甲医院', furtherInstitutions: ['乙医院', '丙医院'] };
  const running = { ...earlier('LS-1', 20), ...institutions };
  const [justEnded, longEnded] = [{ ...earlier('LS-2', -10), ...institutions }, earlier('LS-3', -400)];

  it('gets its workflow once; nobody is told of what was over before', async () => {
    const list = [running, justEnded, longEnded];
    expect(await importAndKeepHouse(list)).toBe(3);
    await until('the long ended one has closed', async () => (await rowOf('LS-3'))?.closed === true);
    await until(
      'the others have begun',
      async () => (await kindsOf('LS-1')).length + (await kindsOf('LS-2')).length > 1,
    );
    expect([await kindsOf('LS-1'), await kindsOf('LS-2'), await kindsOf('LS-3')]).toEqual([
      ['granted'],
      ['granted'],
      ['granted', 'closed'],
    ]);
    expect([(await rowOf('LS-1'))?.status, (await rowOf('LS-2'))?.status]).toEqual(['active', 'ended']);
    expect(await importAndKeepHouse(list)).toBe(0);
    expect(await accreditationsOf(office.store, running.person.idNumber)).toHaveLength(1);
    expect(await office.store.db.select().from(notification)).toEqual([]);
  });

  it.each<[string, typeof running, { furtherInstitutions?: string[] }, string[] | null]>([
    ['LS-1', running, {}, institutions.furtherInstitutions],
    ['LS-2', justEnded, { furtherInstitutions: [] }, null],
  ])('is renewed, and has the institutions that are named or else had: %s', async (number, { person }, named, kept) => {
    const signature = { name: person.name, signedAt: new Date().toISOString() };
    const renewal = await office.file({
      type: 'renewal',
      diseaseCode: 'M00500',
      personal: { applicant: person, signature },
      form: { ...filing(signature.signedAt).form, designatedInstitution: '甲医院', ...named },
    });
    await update(renewal, 'approve', reviewer);
    await until('it is renewed', async () => (await kindsOf(number)).includes('renewed'));
    expect(await rowOf(number)).toMatchObject({
      status: 'active',
      source: 'import',
      validFrom: today(),
      institution: '甲医院',
      furtherInstitutions: kept,
    });
  });
});
