import { z } from 'zod';
import { insuranceStatuses } from '../../../domain/cases/eligibility.ts';
import { isIsoDate } from '../../../domain/dates.ts';
import type { InsuredType } from '../../../domain/vocabulary.ts';
import { askJson } from '../../ask-json.ts';
import { type CorePerson, CoreUnavailable, type InsuranceCore, RegistrationRefused } from './core.ts';

/** Shorter than the worker's grace period, so that a request under way at shutdown is finished and recorded. */
const TIMEOUT_MS = 10_000;

/** Longest reason of a refusal that is kept. */
const REASON_LENGTH = 200;

const dateSchema = z.string().refine(isIsoDate);
const period = { validFrom: dateSchema, validUntil: dateSchema.nullable() };
const scheme = { category: z.enum(['310', '390']), flexibleEmployment: z.boolean() };

const personSchema = z
  .object({
    status: z.enum(insuranceStatuses),
    arrears: z.boolean(),
    ...scheme,
    region: z.string().regex(/^\d{6}$/),
    tier: z.string().optional(),
    name: z.string().min(1),
    phone: z
      .string()
      .regex(/^\d{11}$/)
      .optional(),
  })
  .transform(({ name, phone = null, ...insured }): CorePerson => ({ name, phone, insured: withInsuredType(insured) }));

const filingsSchema = z.object({ items: z.array(z.object({ number: z.string().min(1), ...period })) });

const registrationNumber = z.string().min(1).max(64);
const accreditationSchema = z
  .object({
    registrationNumber,
    diseaseCode: z.string().min(1),
    ...scheme,
    institution: z.string().min(1).nullable(),
    furtherInstitutions: z.array(z.string().min(1)).nullable().default(null),
    ...period,
  })
  .transform(withInsuredType);

const accreditationsSchema = z.object({ items: z.array(accreditationSchema) });
const registeredSchema = z.object({ registrationNumber });
const problemSchema = z.object({ code: z.string().min(1), message: z.string().min(1) });

/** The core tells the scheme and who pays; we call both together by one name. */
function withInsuredType<Answer extends { category: '310' | '390'; flexibleEmployment: boolean }>(answer: Answer) {
  const { category, flexibleEmployment, ...rest } = answer;
  const employee: InsuredType = flexibleEmployment ? 'flexible' : 'employee';
  const insuredType: InsuredType = category === '390' ? 'resident' : employee;
  return { ...rest, insuredType };
}

function schemeOf(insuredType: InsuredType) {
  return { category: insuredType === 'resident' ? '390' : '310', flexibleEmployment: insuredType === 'flexible' };
}

interface Answer {
  status: number;
  /** Undefined where it wasn't JSON. */
  body: unknown;
}

export interface InsuranceHttpSettings {
  /** Origin of the core's interface; a path before `/v1` is kept. */
  baseUrl: string;
  token: string;
  /** For a whole answer; ten seconds unless given. */
  timeoutMs?: number | undefined;
}

/** The insurance core through its HTTP interface, which insurance-core.openapi.yaml describes. */
export function createInsuranceHttp(settings: InsuranceHttpSettings): InsuranceCore {
  const ask = (path: string, body: object) => post(settings, path, body);
  return {
    async person(query) {
      const answer = await ask('insured-persons/query', query);
      return isUnknown(answer, 'unknownPerson') ? null : fitting(answer, personSchema);
    },
    async crossRegionFilings(query) {
      return fitting(await ask('cross-region-filings/query', query), filingsSchema).items;
    },
    async accreditations(query) {
      return fitting(await ask('outpatient-special/5301', query), accreditationsSchema).items;
    },
    async register({ insuredType, ...registration }) {
      const answer = await ask('outpatient-special/2503', { ...registration, ...schemeOf(insuredType) });
      // What the core can't read it won't be able to read next time either.
      if (answer.status === 422 || answer.status === 400) throw new RegistrationRefused(reasonOf(answer));
      return fitting(answer, registeredSchema).registrationNumber;
    },
    async revoke(revocation) {
      const answer = await ask('outpatient-special/2504', revocation);
      if (answer.status !== 204 && !isUnknown(answer, 'unknownRegistration')) throw unavailable(answer);
    },
  };
}

async function post({ baseUrl, token, timeoutMs = TIMEOUT_MS }: InsuranceHttpSettings, path: string, body: object) {
  try {
    const { statusCode: status, body: answer } = await askJson(`${baseUrl.replace(/\/+$/, '')}/v1/${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(body),
      timeoutMs,
    });
    return { status, body: answer };
  } catch {
    // What the error says may quote the request or the answer.
    throw new CoreUnavailable('no answer');
  }
}

function fitting<Schema extends z.ZodType>(answer: Answer, schema: Schema): z.output<Schema> {
  if (answer.status !== 200) throw unavailable(answer);
  const fit = schema.safeParse(answer.body);
  if (!fit.success) throw new CoreUnavailable('unexpected answer');
  return fit.data;
}

const unavailable = ({ status }: Answer) => new CoreUnavailable(`HTTP ${status}`);

/** Only the core's own word counts: the 404 of a gateway or of a wrong address must not make everybody uninsured. */
function isUnknown({ status, body }: Answer, code: 'unknownPerson' | 'unknownRegistration'): boolean {
  return status === 404 && problemSchema.safeParse(body).data?.code === code;
}

function reasonOf({ body }: Answer): string {
  const problem = problemSchema.safeParse(body);
  if (!problem.success) throw new CoreUnavailable('unexpected answer');
  return Array.from(problem.data.message).slice(0, REASON_LENGTH).join('');
}
