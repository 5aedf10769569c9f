import { insuredPeople } from '../../../dev/stand-ins/insured-people.ts';
import { addDays, shanghaiInstant } from '../../../domain/dates.ts';
import type { Filing } from '../../../store/cases/filing.ts';
import type { Person } from '../../../store/people/personal.ts';
import { applicant, askFor, type Filed, handIn, reviewer, signal, update } from '../office/case.ts';
import type { Office } from '../office/open.ts';
import { publish } from '../office/publication.ts';

/** Each kind of case, as it is played for its history. */
export const cases: Record<string, (office: Office, filed: Filed) => Promise<unknown>> = {
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
    await signal(filed, 'approve', { by: 'reviewer-2' });
  },
  'hears-of-a-calendar': async (office, filed) => {
    const { dueOn } = await update(filed, 'assign', { by: 'supervisor-1', to: 'reviewer-2' });
    const { version } = await publish(office, { daysOff: [dueOn as string] });
    await signal(filed, 'calendarChanged', { version });
    await signal(filed, 'calendarChanged', { version });
    await update(filed, 'approve', { by: 'reviewer-2' });
  },
  'verified-approved': async (office, filed) => {
    await update(filed, 'requestVerification', reviewer);
    await office.env.sleep('3 days');
    await update(filed, 'recordVerification', { by: 'clerk-1', passed: true });
    await update(filed, 'approve', reviewer);
  },
  'verification-missed-rejected-appealed-approved': async (office, filed) => {
    await update(filed, 'requestVerification', reviewer);
    await office.env.sleep('20 days');
    await update(filed, 'reject', { ...reviewer, reason: '未核验原件' });
    await office.env.sleep('2 days');
    await update(filed, 'appeal', { ...applicant, reason: '已约好时间' });
    await update(filed, 'approve', { by: 'reviewer-2' });
  },
  'reminded-asked-belatedly-corrected': async (office, filed) => {
    await office.env.sleep('11 days'); // the reminder of 一次性告知
    await update(filed, 'requestMaterials', askFor('photo'));
    await update(filed, 'resubmit', { ...applicant, materials: [{ kind: 'photo', fileIds: ['f1'] }] });
    await signal(filed, 'requestMaterials', askFor('medicalRecord'));
    const belated = { ...askFor('medicalRecord'), belatedReason: '漏看', authority: 'supervisor' };
    await update(filed, 'requestMaterials', { ...belated, by: 'supervisor-1' });
    await update(filed, 'resubmit', { ...handIn, form: 'form-1' });
    await update(filed, 'reject', { ...reviewer, reason: '病情不符', grounds: ['criteriaNotMet'] });
    await update(filed, 'withdraw', applicant).catch(() => undefined);
  },
  'request-replaced-appealed-with-papers': async (office, filed) => {
    await update(filed, 'requestMaterials', askFor('photo'));
    await office.env.sleep('2 days');
    await update(filed, 'requestMaterials', { ...askFor('medicalRecord'), replaces: 1 });
    await signal(filed, 'requestMaterials', askFor('medicalRecord', 'photo'));
    await update(filed, 'resubmit', { ...handIn, answers: 2 }).catch(() => undefined);
    await update(filed, 'resubmit', handIn);
    await update(filed, 'reject', { ...reviewer, reason: '病历不能证明诊断' });
    await update(filed, 'appeal', { ...handIn, reason: '已补做检查' });
    await update(filed, 'approve', { by: 'reviewer-2' });
  },
  withdrawn: (_, filed) => update(filed, 'withdraw', applicant),
  registered: (_, filed) => update(filed, 'approve', reviewer),
  refused: async () => undefined,
};

/** Those in which 短信 wait for their hour, by the shipped policy; filed in the evening. */
export const heldCases: typeof cases = {
  'held-till-morning': async (office, filed) => {
    await office.env.sleep('3 days');
    await update(filed, 'approve', reviewer);
  },
  'held-and-overtaken': async (_, filed) => {
    await update(filed, 'requestMaterials', askFor('photo'));
    await update(filed, 'resubmit', handIn);
    await update(filed, 'approve', reviewer);
  },
};

/** Who applies, where it isn't just anybody. */
export const filings: Record<string, Partial<Filing>> = {
  refused: filingOf(insuredPeople.arrears),
  'reminded-asked-belatedly-corrected': { review: { oneTimeNotice: true } },
};

/** An application by somebody whom the insurance core knows. */
export function filingOf({ name, idNumber }: Pick<Person, 'name' | 'idNumber'>): Partial<Filing> {
  const signature = { name, signedAt: '2026-01-01T00:00:00Z' };
  return { diseaseCode: 'M00500', personal: { applicant: { name, idNumber, phone: '13800138001' }, signature } };
}
