import { randomBytes } from 'node:crypto';
import express, { type ErrorRequestHandler, type RequestHandler, type Response, Router } from 'express';
import { z } from 'zod';
import { isIsoDate, shanghaiDate } from '../../domain/dates.ts';
import { answerUnless, type Faults, getsThrough } from './faults.ts';
import { earlierOf, filingsOf, isEarlier, knownOf } from './insured-people.ts';
import { openJsonLines } from './json-lines.ts';

const idNumber = z.string().regex(/^(\d{17}[\dX]|[A-Z]{3}\d{12})$/);
const name = z.string().refine((text) => text !== '' && [...text].length <= 100);
const person = z.strictObject({ name, idNumber });
const ofPerson = z.strictObject({ idNumber });
const date = z.string().refine(isIsoDate);
const requestId = z.string().min(1).max(200);
const registrationNumber = z.string().min(1).max(64);

const doctor = z.strictObject({ code: z.string().min(1).max(50).optional(), name });
const diagnosis = z.strictObject({ doctor, diagnosedOn: date });

const registrationSchema = z
  .strictObject({
    requestId,
    person,
    diseaseCode: z.string().min(1).max(30),
    diseaseName: z.string().min(1).max(100),
    category: z.enum(['310', '390']),
    flexibleEmployment: z.boolean(),
    hospital: z.strictObject({ code: z.string().min(1).max(50), name: z.string().min(1).max(100) }),
    diagnosis: diagnosis.optional(),
    institution: z.string().min(1).max(200).nullable(),
    furtherInstitutions: z.array(z.string().min(1).max(200)).max(2).nullable(),
    validFrom: date,
    validUntil: date.nullable(),
    replaces: registrationNumber.optional(),
  })
  .refine(({ validFrom, validUntil }) => validUntil === null || validFrom <= validUntil);
type Registration = z.infer<typeof registrationSchema>;

const revocationSchema = z.strictObject({ requestId, registrationNumber, on: date });

/** A registration as it is kept: without the name, which nobody asks for again. */
interface Registered {
  kind: 'registered';
  requestId: string;
  idNumber: string;
  replaces?: string | undefined;
  /** What was told of the disease and of who diagnosed it, which nobody asks for again. */
  told: Pick<Registration, 'diseaseName' | 'hospital' | 'diagnosis'>;
  /** In the form in which 5301 answers it. */
  accreditation: Omit<Registration, 'requestId' | 'person' | 'replaces' | keyof Registered['told']> & {
    registrationNumber: string;
  };
}
type Revoked = z.infer<typeof revocationSchema> & { kind: 'revoked' };
type Entry = Registered | Revoked;

interface Answer {
  status: number;
  body?: object;
}

export interface InsuranceAccount {
  /** The bearer token that callers show. */
  insuranceToken: string;
  /** Of the city whose core it is, 510400 unless given: where people are insured who aren't insured elsewhere. */
  region?: string;
}

/**
 * Stands in for the insurance core: speaks insurance-core.openapi.yaml. It knows the people in insured-people.ts;
 * everybody else is insured normally.
 * @param dataDir where `insurance.jsonl` keeps registrations across restarts; undefined keeps them in memory only
 */
export function insuranceRouter(account: InsuranceAccount, faults: Faults, dataDir?: string): Router {
  const { insuranceToken, region = '510400' } = account;
  const book = createBook(dataDir);
  const router = Router();
  const authorize: RequestHandler = (request, response, next) => {
    if (request.headers.authorization === `Bearer ${insuranceToken}`) return next();
    response.set('WWW-Authenticate', 'Bearer');
    send(response, problem(401, 'unauthenticated', '身份验证失败'));
  };
  const route = <Schema extends z.ZodType>(path: string, schema: Schema, answer: (body: z.output<Schema>) => Answer) =>
    router.post(
      path,
      authorize,
      express.json(),
      withFaults(faults, (body) => checked(schema, body, answer)),
    );

  route('/v1/insured-persons/query', person, (query) => {
    const { name = query.name, phone, insured } = knownOf(query.idNumber);
    return insured
      ? { status: 200, body: { name, phone, region, ...insured } }
      : problem(404, 'unknownPerson', '未查到参保信息');
  });
  const listed = (items: object[]) => ({ status: 200, body: { items } });
  route('/v1/cross-region-filings/query', ofPerson, (query) => listed(filingsOf(query.idNumber, today())));
  route('/v1/outpatient-special/5301', ofPerson, (query) => listed(accreditationsOf(book, query.idNumber)));
  route('/v1/outpatient-special/2503', registrationSchema, (registration) => register(book, registration));
  route('/v1/outpatient-special/2504', revocationSchema, (revocation) => revoke(book, revocation));
  router.use(unreadable);
  return router;
}

/** Lets the planned fault befall a request; answers it if there is none. */
function withFaults(faults: Faults, answer: (body: unknown) => Answer): RequestHandler {
  return async (request, response) => {
    const fault = faults.next();
    const refuse = (status: 429 | 500) => send(response, problem(status, 'unavailable', '系统繁忙,请稍后再试'));
    if (!(await getsThrough(fault, request, response, refuse))) return;
    const answered = answer(request.body);
    answerUnless(fault, response, () => send(response, answered));
  };
}

function checked<Schema extends z.ZodType>(
  schema: Schema,
  body: unknown,
  answer: (body: z.output<Schema>) => Answer,
): Answer {
  const fit = schema.safeParse(body);
  return fit.success ? answer(fit.data) : problem(400, 'malformed', '请求有误');
}

/** Answers a body that isn't JSON; the router has no other errors below 500. */
const unreadable: ErrorRequestHandler = (error: { status?: number }, _, response, next) => {
  if (error.status && error.status < 500) send(response, problem(400, 'malformed', '请求有误'));
  else next(error);
};

function problem(status: number, code: string, message: string): Answer {
  return { status, body: { code, message } };
}

function send(response: Response, { status, body }: Answer): void {
  if (body) response.status(status).json(body);
  else response.status(status).end();
}

interface Book {
  entries: readonly Entry[];
  add(entry: Entry): void;
}

function createBook(dataDir: string | undefined): Book {
  const { entries, append } = openJsonLines<Entry>(dataDir, 'insurance.jsonl');
  return {
    entries,
    add(entry) {
      // Written to the file first: if that fails there is no registration yet, and the caller's next try makes it.
      append(entry);
      entries.push(entry);
    },
  };
}

const registeredIn = ({ entries }: Book) => entries.filter((entry) => entry.kind === 'registered');
const today = () => shanghaiDate(new Date().toISOString());

/** All accreditations that a person ever had, also revoked and replaced ones. */
function everOf(book: Book, idNumber: string) {
  const registered = registeredIn(book).filter((entry) => entry.idNumber === idNumber);
  return [...earlierOf(idNumber, today()), ...registered.map(({ accreditation }) => accreditation)];
}

function accreditationsOf(book: Book, idNumber: string) {
  const over = book.entries.map((entry) => (entry.kind === 'revoked' ? entry.registrationNumber : entry.replaces));
  return everOf(book, idNumber).filter(({ registrationNumber }) => !over.includes(registrationNumber));
}

function register(book: Book, registration: Registration): Answer {
  const { requestId, person, replaces, diseaseName, hospital, diagnosis, ...rest } = registration;
  const { idNumber } = person;
  const before = registeredIn(book).find((entry) => entry.requestId === requestId);
  if (before) return { status: 200, body: { registrationNumber: before.accreditation.registrationNumber } };
  const { insured, refusal } = knownOf(idNumber);
  if (refusal) return problem(422, refusal.code, refusal.message);
  if (!insured) return problem(422, 'unknownPerson', '未查到参保信息');
  if (replaces && !everOf(book, idNumber).some(({ registrationNumber }) => registrationNumber === replaces)) {
    return problem(422, 'unknownRegistration', '未查到要变更的备案');
  }
  const { category, flexibleEmployment } = insured;
  const registrationNumber = `BA510400${randomBytes(6).toString('hex').toUpperCase()}`;
  const accreditation = { ...rest, registrationNumber, category, flexibleEmployment };
  const told = { diseaseName, hospital, diagnosis };
  book.add({ kind: 'registered', requestId, idNumber, replaces, told, accreditation });
  return { status: 200, body: { registrationNumber } };
}

function revoke(book: Book, revocation: Omit<Revoked, 'kind'>): Answer {
  const { registrationNumber } = revocation;
  const known = registeredIn(book).some(({ accreditation }) => accreditation.registrationNumber === registrationNumber);
  if (!known && !isEarlier(registrationNumber)) return problem(404, 'unknownRegistration', '未查到该备案');
  book.add({ kind: 'revoked', ...revocation });
  return { status: 204 };
}
