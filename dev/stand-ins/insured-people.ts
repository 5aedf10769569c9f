import type { InsuranceStatus } from '../../domain/cases/eligibility.ts';
import { addDays } from '../../domain/dates.ts';

/** An insured person as the core answers it (insurance-core.openapi.yaml). */
export interface WirePerson {
  status: InsuranceStatus;
  arrears: boolean;
  category: '310' | '390';
  flexibleEmployment: boolean;
  region: string;
  tier?: string;
}

/** As it is written down here: without a region for those who are insured in the city itself. */
type Insured = Omit<WirePerson, 'region'> & { region?: string };

/** First and last day, counted from the day of the question, so that the demo never grows old; null for no end. */
interface Period {
  from: number;
  until: number | null;
}

/** What the stand-in for the insurance core knows of somebody. */
export interface DemoPerson {
  name: string;
  idNumber: string;
  /** The phone on record, if the core has one: 11 digits. */
  phone?: string;
  /** Null if the core doesn't know the person. */
  insured: Insured | null;
  filings?: (Period & { number: string })[];
  /** Accreditations from an earlier system. */
  accreditations?: (Period & { registrationNumber: string; diseaseCode: string; institution: string | null })[];
  /** Why the core refuses to register them (2503). */
  refusal?: { code: string; message: string };
}

const employee: Insured = {
  status: 'normal',
  arrears: false,
  category: '310',
  flexibleEmployment: false,
};
const resident: Insured = { ...employee, category: '390', tier: '二档' };
const hospital = { diseaseCode: 'M00500', institution: '攀枝花市中心医院' };

const people = {
  employee: { name: '李娜', idNumber: '510402198803152122', insured: employee },
  resident: { name: '周晓兰', idNumber: '510402198211063046', insured: resident },
  flexible: { name: '邓立新', idNumber: '510402198609231070', insured: { ...employee, flexibleEmployment: true } },
  child: { name: '罗子轩', idNumber: '51040220180512201X', insured: { ...resident, tier: '一档' } },
  student: { name: '何俊熙', idNumber: '510402201009011159', insured: { ...resident, tier: '一档' } },
  elderly: { name: '冯桂英', idNumber: '510402194502280368', insured: employee },
  arrears: { name: '袁志强', idNumber: '510411198407192137', insured: { ...employee, arrears: true } },
  suspended: { name: '蒋大勇', idNumber: '510421198104023187', insured: { ...employee, status: 'suspended' } },
  terminated: { name: '唐秀梅', idNumber: '510422198308250249', insured: { ...employee, status: 'terminated' } },
  deceased: { name: '谢长福', idNumber: '510403194801121056', insured: { ...employee, status: 'deceased' } },
  movedAway: { name: '彭雪芹', idNumber: '510402198906175220', insured: { ...employee, status: 'movedAway' } },
  insuredElsewhere: { name: '曾伟民', idNumber: '510402198503046010', insured: { ...employee, region: '510100' } },
  notInsured: { name: '傅海涛', idNumber: '510402198709308194', insured: null },
  /** The next three live in another region: one has filed that, one had until last month, one never has. */
  filed: {
    name: '潘玉珍',
    idNumber: '510411195212054224',
    insured: employee,
    filings: [{ number: 'YD5104000000001', from: -90, until: 275 }],
  },
  filingExpired: {
    name: '田建国',
    idNumber: '510411199102143339',
    insured: employee,
    filings: [{ number: 'YD5104000000002', from: -395, until: -30 }],
  },
  notFiled: { name: '夏雨荷', idNumber: '510411199306085441', insured: employee, filings: [] },
  accreditationRunning: {
    name: '姚淑芬',
    idNumber: '510402195510197067',
    phone: '13908142071',
    insured: employee,
    accreditations: [{ ...hospital, registrationNumber: 'LS5104000000001', from: -700, until: 30 }],
  },
  accreditationJustEnded: {
    name: '汪德明',
    idNumber: '510403195804238174',
    phone: '13908142072',
    insured: employee,
    accreditations: [{ ...hospital, registrationNumber: 'LS5104000000002', from: -740, until: -10 }],
  },
  accreditationLongEnded: {
    name: '石凤仙',
    idNumber: '510421195007012087',
    insured: employee,
    accreditations: [{ ...hospital, registrationNumber: 'LS5104000000003', from: -1130, until: -400 }],
  },
  registrationRefused: {
    name: '贺小川',
    idNumber: '510402199011119097',
    insured: employee,
    refusal: { code: 'institutionClosed', message: '定点医疗机构已停止服务' },
  },
} satisfies Record<string, DemoPerson>;

/** An invented person for each state, by its name; of the ID numbers only the form is right. */
export const insuredPeople: Record<keyof typeof people, DemoPerson> = people;

const byIdNumber = new Map(Object.values(insuredPeople).map((person) => [person.idNumber, person]));

/**
 * What the core knows of an ID number; names are not compared. Everybody who isn't listed is an employee of the city, insured normally and without arrears, so that a demo works with any ID number.
 */
export function knownOf(idNumber: string): Omit<DemoPerson, 'name'> & Partial<Pick<DemoPerson, 'name'>> {
  return byIdNumber.get(idNumber) ?? { idNumber, insured: employee };
}

/** Somebody's filings for another region, with the dates of today. */
export function filingsOf(idNumber: string, today: string) {
  return (knownOf(idNumber).filings ?? []).map(({ number, ...period }) => ({ number, ...datesOf(period, today) }));
}

/** Somebody's accreditations from an earlier system, with the dates of today. */
export function earlierOf(idNumber: string, today: string) {
  const { insured, accreditations = [] } = knownOf(idNumber);
  const { category, flexibleEmployment } = insured ?? employee;
  return accreditations.map(({ from, until, ...rest }) => ({
    ...rest,
    category,
    flexibleEmployment,
    ...datesOf({ from, until }, today),
  }));
}

/** Whether an accreditation from an earlier system has this number. */
export function isEarlier(registrationNumber: string): boolean {
  return Object.values(insuredPeople).some(({ accreditations = [] }) =>
    accreditations.some((earlier) => earlier.registrationNumber === registrationNumber),
  );
}

function datesOf({ from, until }: Period, today: string) {
  return { validFrom: addDays(today, from), validUntil: until === null ? null : addDays(today, until) };
}
