import { randomBytes, randomInt } from 'node:crypto';
import { idNumberOf, personOfSubject } from '../../dev/people.ts';
import { acceptanceNumber } from '../../domain/cases/acceptance-number.ts';
import { addDays, shanghaiDate, yearOf } from '../../domain/dates.ts';
import type { Filing } from '../../store/cases/filing.ts';
import { testKeyring } from './keyring.ts';
import { policy } from './policy.ts';

/** Invented people; the ID numbers only have the right form. */
export const liNa = { name: '李娜', idNumber: '510402198803152122', phone: '13800138001' };

/** Somebody as a document names them. */
export type NamedPerson = Pick<typeof liNa, 'name' | 'idNumber'>;

const given = new Set<string>();

/**
 * An ID number of the right form that this process hasn't given to anybody else.
 * @param born a date in the sixties or seventies, unless given
 */
export function newIdNumber(born?: string): string {
  const idNumber = idNumberOf(born ?? addDays('1960-01-01', randomInt(7_000)), randomInt(1_000));
  if (given.has(idNumber)) return newIdNumber(born);
  given.add(idNumber);
  return idNumber;
}

/** A phone that this process hasn't given to anybody else; the stand-ins deliver what is sent to it, by its ending. */
export function newPhone(): string {
  const phone = `139${String(randomInt(10_000_000)).padStart(7, '0')}8`;
  if (given.has(phone)) return newPhone();
  given.add(phone);
  return phone;
}

/** Who a token's subject is: called like her, with an ID number of their own. */
export const personOf = (subject: string) => ({ ...liNa, idNumber: personOfSubject(subject).idNumber });

/** Somebody called like her, whom nobody knows yet: one person has one open application per disease and type. */
export const newPerson = () => ({ ...liNa, idNumber: newIdNumber() });

/** A complete filing of a new application, as the api stores it: its applicant's own. */
export function filing(submittedAt: string, overrides: Partial<Filing> = {}): Filing {
  const applicant = overrides.personal?.applicant ?? newPerson();
  const acceptedOn = shanghaiDate(submittedAt);
  return {
    acceptanceNumber: acceptanceNumber('510400', yearOf(acceptedOn), randomBytes(8)),
    submittedBy: testKeyring.hash(applicant.idNumber),
    submittedAt,
    acceptedOn,
    workingDays: 15,
    type: 'new',
    channel: 'scApp',
    diseaseCode: 'M01600',
    policyVersion: policy.version,
    personal: { applicant, signature: { name: liNa.name, signedAt: submittedAt } },
    form: {
      insuredType: 'employee',
      hospital: { code: 'H1', name: '攀枝花市中心医院', level: 3 },
      hasElectronicVoucher: true,
    },
    materials: [{ kind: 'idCard', fileIds: ['file-1'] }],
    ...overrides,
  };
}
