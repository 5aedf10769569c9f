import { randomBytes, randomInt } from 'node:crypto';
import { acceptanceNumber } from '../../domain/cases/acceptance-number.ts';
import { addDays, shanghaiDate, yearOf } from '../../domain/dates.ts';
import type { Filing } from '../../store/cases/filing.ts';
import { policy } from './policy.ts';

/** Invented people; the ID numbers only have the right form. */
export const liNa = { name: '李娜', idNumber: '510402198803152122', phone: '13800138001' };

const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

const given = new Set<string>();

/**
 * An ID number of the right form that this process hasn't given to anybody else.
 * @param born a date in the sixties or seventies, unless given
 */
export function newIdNumber(born?: string): string {
  const date = born ?? addDays('1960-01-01', randomInt(7_000));
  const body = `510402${date.replaceAll('-', '')}${String(randomInt(1_000)).padStart(3, '0')}`;
  const sum = weights.reduce((total, weight, index) => total + weight * Number(body[index]), 0);
  const idNumber = body + '10X98765432'[sum % 11];
  if (given.has(idNumber)) return newIdNumber(born);
  given.add(idNumber);
  return idNumber;
}

/** Somebody called like her, whom nobody knows yet: one person has one open application per disease and type. */
export const newPerson = () => ({ ...liNa, idNumber: newIdNumber() });

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
    policyVersion: policy.version,
    personal: { applicant: newPerson(), signature: { name: liNa.name, signedAt: submittedAt } },
    form: {
      insuredType: 'employee',
      hospital: { code: 'H1', name: '攀枝花市中心医院', level: 3 },
      hasElectronicVoucher: true,
    },
    materials: [{ kind: 'idCard', fileIds: ['file-1'] }],
    ...overrides,
  };
}
