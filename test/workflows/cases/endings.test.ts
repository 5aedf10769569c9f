import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { insuredPeople } from '../../../dev/stand-ins/insured-people.ts';
import type { AccreditationEntryKind } from '../../../domain/accreditations/timeline.ts';
import type { EntryKind } from '../../../domain/cases/timeline.ts';
import { addDays, shanghaiDate } from '../../../domain/dates.ts';
import { type ApplicationType, applicationTypes, type Status } from '../../../domain/vocabulary.ts';
import { accreditationsOf, accreditationTimeline } from '../../../store/accreditations/queries.ts';
import { ClaimTaken } from '../../../store/cases/claims.ts';
import { type Filing, fileApplication } from '../../../store/cases/filing.ts';
import { breakInsurance } from '../../harness/http/insurance-outage.ts';
import { applicant, askFor, type Filed, handIn, kindsOf, reviewer, rowOf, update } from '../../harness/office/case.ts';
import { type Office, openOffice, publishTestCalendar } from '../../harness/office/open.ts';
import { filing, newPerson } from '../../harness/people.ts';
import { until } from '../../harness/until.ts';

let office: Office;
async function open(): Promise<void> {
  office = await openOffice();
  await publishTestCalendar(office.store, await office.now());
}
beforeAll(open);
afterAll(() => office?.close());

/** A way in which a case ends. */
interface Ending {
  /** What people do to the case; what time does to it follows by itself. */
  play(filed: Filed): Promise<unknown>;
  status: Status;
  /** What the timeline then shows after the submission, but for reminders. */
  happened: EntryKind[];
  /** Not accepted: owes contributions. */
  arrears?: true;
  /** The insurance core doesn't answer while it happens. */
  coreDown?: true;
  /** Days have to pass. */
  takesTime?: true;
}

const reject = (filed: Filed) => update(filed, 'reject', { ...reviewer, reason: '病历不能证明诊断' });
const withdraw = (filed: Filed) => update(filed, 'withdraw', applicant);
async function appeal(filed: Filed): Promise<void> {
  await reject(filed);
  await update(filed, 'appeal', { ...applicant, reason: '诊断书可以证明' });
}

const endings: Record<string, Ending> = {
  不予受理: { play: async () => undefined, status: 'refused', happened: ['refused'], arrears: true },
  通过并备案: {
    play: (filed) => update(filed, 'approve', reviewer),
    status: 'approved',
    happened: ['accepted', 'approved', 'registered'],
  },
  '不通过,重新提交后通过': {
    async play(filed) {
      await reject(filed);
      await update(filed, 'resubmit', handIn);
      await update(filed, 'approve', reviewer);
    },
    status: 'approved',
    happened: ['accepted', 'rejected', 'resubmitted', 'approved', 'registered'],
  },
  '不通过,申诉后通过': {
    async play(filed) {
      await appeal(filed);
      await update(filed, 'approve', { by: 'reviewer-2' });
    },
    status: 'approved',
    happened: ['accepted', 'rejected', 'appealed', 'approved', 'registered'],
  },
  '撤回,参保信息核对中': { play: withdraw, status: 'withdrawn', happened: ['withdrawn'], coreDown: true },
  '撤回,审核中': { play: withdraw, status: 'withdrawn', happened: ['accepted', 'withdrawn'] },
  '撤回,等待补充材料': {
    async play(filed) {
      await update(filed, 'requestMaterials', askFor('photo'));
      await withdraw(filed);
    },
    status: 'withdrawn',
    happened: ['accepted', 'materialsRequested', 'withdrawn'],
  },
  '撤回,等待线下核验': {
    async play(filed) {
      await update(filed, 'requestVerification', reviewer);
      await withdraw(filed);
    },
    status: 'withdrawn',
    happened: ['accepted', 'verificationRequested', 'withdrawn'],
  },
  '不通过,期满结束': {
    play: reject,
    status: 'rejected',
    happened: ['accepted', 'rejected', 'closed'],
    takesTime: true,
  },
  '不通过,申诉后仍不通过,期满结束': {
    async play(filed) {
      await appeal(filed);
      await update(filed, 'reject', { by: 'reviewer-2', reason: '仍不能证明' });
    },
    status: 'rejected',
    happened: ['accepted', 'rejected', 'appealed', 'rejected', 'closed'],
    takesTime: true,
  },
  补正逾期: {
    play: (filed) => update(filed, 'requestMaterials', askFor('photo')),
    status: 'lapsed',
    happened: ['accepted', 'materialsRequested', 'lapsed'],
    takesTime: true,
  },
};

const today = async () => shanghaiDate(await office.now());
const personal = ({ name, idNumber }: { name: string; idNumber: string }): Filing['personal'] => ({
  applicant: { name, idNumber, phone: '13800138001' },
  signature: { name, signedAt: '2026-01-01T00:00:00Z' },
});

/**
 * An application that can be filed; for a renewal or a change with the accreditation that it is about, which ends soon.
 */
async function application(type: ApplicationType, { arrears }: Ending): Promise<Partial<Filing>> {
  const person = arrears ? insuredPeople.arrears : newPerson();
  const about = { diseaseCode: 'M00500', personal: personal(person) };
  if (type !== 'new' && !arrears) {
    const first = await office.file(about);
    await update(first, 'approve', { ...reviewer, validUntil: addDays(await today(), 50) });
    await first.handle.result();
  }
  const { form } = filing(await office.now());
  return { ...about, type, form: { ...form, designatedInstitution: '攀枝花市第二人民医院' } };
}

/** What the accreditation of the case's person has heard, but for reminders. */
function expectedKinds(type: ApplicationType, { status, happened, arrears }: Ending): AccreditationEntryKind[] {
  const approved = status === 'approved';
  if (arrears || (type === 'new' && !approved)) return [];
  if (type === 'new') return ['granted'];
  if (type === 'changeInstitution') return approved ? ['granted', 'institutionChanged'] : ['granted'];
  if (!happened.includes('accepted')) return ['granted'];
  return ['granted', 'renewalFiled', approved ? 'renewed' : 'renewalEnded'];
}

async function accreditationEntries({ personal: { applicant: person }, diseaseCode }: Filed) {
  const held = await accreditationsOf(office.store, person.idNumber, diseaseCode);
  const entries = await Promise.all(held.map(({ id }) => accreditationTimeline(office.store, id)));
  return entries.flat().map(({ kind }) => kind);
}

const isReminder = (kind: string) => kind.endsWith('Reminded');

/** The person may apply again at once; but a granted change of institution is the only one of its year. */
async function expectRoomForAnother({ personal, diseaseCode, type }: Filed, { status }: Ending): Promise<void> {
  const again = fileApplication(office.store, filing(await office.now(), { personal, diseaseCode, type }));
  if (type === 'changeInstitution' && status === 'approved') await expect(again).rejects.toThrow(ClaimTaken);
  else expect(await again).not.toBeNull();
}

describe.each(Object.entries(endings))('%s', (_, ending) => {
  // Years would add up, and accreditations end.
  if (ending.takesTime) {
    beforeAll(async () => {
      await office.close();
      await open();
    });
  }

  it.each(applicationTypes)('%s', async (type) => {
    const overrides = await application(type, ending);
    const mend = ending.coreDown && (await breakInsurance(`${office.outboxUrl}/insurance`));
    const filed = await (mend ? office.fileOnly(overrides) : office.file(overrides));
    await ending.play(filed);
    await filed.handle.result();
    await mend?.();

    expect(await rowOf(office, filed)).toMatchObject({ status: ending.status, closed: true });
    const kinds = await kindsOf(office, filed);
    expect(kinds.filter((kind) => !isReminder(kind))).toEqual(['submitted', ...ending.happened]);
    const expected = expectedKinds(type, ending);
    const accreditationKinds = async () => (await accreditationEntries(filed)).filter((kind) => !isReminder(kind));
    await until('the accreditation has heard', async () => (await accreditationKinds()).length >= expected.length);
    expect(await accreditationKinds()).toEqual(expected);
    await expectRoomForAnother(filed, ending);
  });
});
