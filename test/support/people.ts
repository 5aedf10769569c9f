import { randomBytes } from 'node:crypto';
import { acceptanceNumber } from '../../domain/acceptance-number.ts';
import { shanghaiDate, yearOf } from '../../domain/dates.ts';
import type { Filing } from '../../store/applications.ts';

/** Invented people; the ID numbers only have the right form. */
export const liNa = { name: '李娜', idNumber: '510402198803152122', phone: '13800138001' };

/** A complete filing of a new application, as the api stores it. */
export function filing(submittedAt: string, overrides: Partial<Filing> = {}): Filing {
  const acceptedOn = shanghaiDate(submittedAt);
  return {
    acceptanceNumber: acceptanceNumber('510400', yearOf(acceptedOn), randomBytes(8)),
    submittedBy: 'applicant-1',
    submittedAt,
    acceptedOn,
    workingDays: 15,
    type: 'new',
    channel: 'scApp',
    diseaseCode: 'M01600',
    policyVersion: 'test',
    personal: { applicant: liNa, signature: { name: liNa.name, signedAt: submittedAt } },
    form: {
      insuredType: 'employee',
      hospital: { code: 'H1', name: '攀枝花市中心医院', level: 3 },
      hasElectronicVoucher: true,
    },
    materials: [{ kind: 'idCard', fileIds: ['file-1'] }],
    ...overrides,
  };
}
