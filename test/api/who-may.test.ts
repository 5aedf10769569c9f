import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import express from 'express';
import type { ApiContext } from '../../api/context.ts';
import { addRoute, type Route } from '../../api/http/route.ts';
import type { Role } from '../../domain/vocabulary.ts';
import { migrateAndSeed } from '../../store/migrate.ts';
import { openAnyDatabase, type TestDatabase } from '../harness/database/any.ts';
import { openTestStore } from '../harness/database/store.ts';
import { type Membership, openStandings, type Standing, standings } from '../harness/http/standings.ts';
import { seed } from '../harness/policy.ts';

const staff = 'clerk reviewer supervisor director';
/**
 * Every route: what it is about, and for which roles; of one that asks for a signature, the code without one. Who has
 * none of the roles is refused as `forbidden`, whatever it is about.
 */
const routes: Record<
  string,
  [about: keyof typeof answers | 'nothing' | 'anyone' | 'signed' | 'colleague', roles: string]
> = {
  'get /v1/catalogue': ['anyone', ''],
  'get /v1/calendar/due-date': ['anyone', ''],
  'get /v1/calendar/{year}': ['nothing', `${staff} admin`],
  'post /v1/calendar/{year}/preview': ['nothing', `${staff} admin`],
  'put /v1/calendar/{year}': ['nothing', 'admin'],
  'get /healthz': ['anyone', ''],
  'get /readyz': ['anyone', ''],
  'post /codec/decode': ['nothing', staff],
  'post /v1/hooks/insurance-core': ['signed', 'unauthenticated'],
  'post /v1/hooks/twilio/status': ['signed', 'wrong-signature'],
  'post /v1/files': ['nothing', 'applicant clerk'],
  'get /v1/files': ['nothing', 'applicant'],
  'get /v1/files/{fileId}': ['see', `applicant ${staff}`],
  'post /v1/applications': ['nothing', 'applicant clerk'],
  'get /v1/applications': ['nothing', `applicant ${staff}`],
  'get /v1/applications/{acceptanceNumber}': ['see', `applicant ${staff}`],
  'get /v1/applications/{acceptanceNumber}/deadline': ['see', `applicant ${staff}`],
  'get /v1/applications/{acceptanceNumber}/notices': ['see', `applicant ${staff}`],
  'get /v1/applications/{acceptanceNumber}/notices/{noticeId}': ['see', `applicant ${staff}`],
  'post /v1/applications/{acceptanceNumber}/approve': ['review', 'reviewer supervisor'],
  'post /v1/applications/{acceptanceNumber}/reject': ['review', 'reviewer supervisor'],
  'post /v1/applications/{acceptanceNumber}/request-materials': ['review', 'reviewer supervisor'],
  'post /v1/applications/{acceptanceNumber}/request-verification': ['review', 'reviewer supervisor'],
  'post /v1/applications/{acceptanceNumber}/record-verification': ['review', 'clerk'],
  'post /v1/applications/{acceptanceNumber}/assign': ['review', 'reviewer supervisor'],
  'post /v1/applications/{acceptanceNumber}/release-claims': ['review', 'supervisor'],
  'post /v1/applications/{acceptanceNumber}/resubmit': ['actFor', 'applicant clerk'],
  'post /v1/applications/{acceptanceNumber}/appeal': ['actFor', 'applicant clerk'],
  'post /v1/applications/{acceptanceNumber}/withdraw': ['actFor', 'applicant clerk'],
  'post /v1/applications/{acceptanceNumber}/phone': ['actFor', 'applicant clerk'],
  'post /v1/applications/{acceptanceNumber}/phone/confirm': ['actFor', 'applicant clerk'],
  'get /v1/accreditations': ['nothing', `applicant ${staff}`],
  'get /v1/accreditations/{accreditationId}': ['seeGranted', `applicant ${staff}`],
  'post /v1/accreditations/{accreditationId}/revoke': ['revoke', 'supervisor'],
  'get /v1/accreditations/{accreditationId}/notices': ['seeGranted', `applicant ${staff}`],
  'get /v1/accreditations/{accreditationId}/notices/{noticeId}': ['seeGranted', `applicant ${staff}`],
  'post /v1/people/lookup': ['nothing', staff],
  'get /v1/worklist': ['nothing', staff],
  'get /v1/calls': ['nothing', 'clerk supervisor'],
  'post /v1/calls/{id}/record': ['call', 'clerk supervisor'],
  'get /v1/statistics': ['nothing', 'supervisor director'],
  'get /v1/staff': ['nothing', `${staff} admin`],
  'put /v1/staff/{staffId}': ['nothing', 'admin'],
  'put /v1/staff/{staffId}/absence': ['colleague', 'reviewer supervisor'],
  'delete /v1/staff/{staffId}/absence': ['colleague', 'reviewer supervisor'],
  'get /v1/audit': ['nothing', 'supervisor'],
  'post /v1/audit/search': ['nothing', 'supervisor'],
  'get /v1/applications/{acceptanceNumber}/audit': ['see', `applicant ${staff}`],
  'get /v1/inbox': ['nothing', 'applicant'],
  'post /v1/inbox/{messageId}/read': ['inbox', 'applicant'],
};

/**
 * What somebody with a role that the route is for is answered, by how they stand to what it is about: `in`, or the
 * problem's code. In the order of `standings`; the last is unknown to everybody.
 */
const answers = {
  //          own  byAgent  asAgent  namedAgent  others  takenIn  window  windowOwn  unknown
  see: {
    applicant: 'in in in not-found not-found in not-found in not-found',
    staff: 'in in in in in in in in not-found',
  },
  /** An accreditation is its person's alone. */
  seeGranted: {
    applicant: 'in in not-found not-found not-found not-found not-found in not-found',
    staff: 'in in in in in in in in not-found',
  },
  actFor: {
    applicant: 'in in in not-found not-found at-window not-found at-window not-found',
    staff: 'in in in applicants-own applicants-own in in own-case not-found',
  },
  review: {
    applicant: '',
    staff: 'own-case own-case own-case own-case in own-case in own-case not-found',
  },
  call: {
    applicant: '',
    staff: 'own-case own-case own-case own-case in in in own-case not-found',
  },
  /** Of cases about them, and of those that they filed as an agent. */
  inbox: {
    applicant: 'in in in not-found not-found not-found not-found in not-found',
    staff: 'in in in not-found not-found not-found not-found in not-found',
  },
  revoke: {
    applicant: '',
    staff: 'own-case own-case in in in in in own-case not-found',
  },
};

const roleSets: Role[][] = [
  ['applicant'],
  ['clerk'],
  ['reviewer'],
  ['supervisor'],
  ['director'],
  ['admin'],
  ['applicant', 'clerk'],
  ['clerk', 'reviewer'],
];

function expected(route: string, roles: Role[], membership: Membership, standing: Standing): string {
  const [about, list] = routes[route] as (typeof routes)[string];
  if (about === 'anyone') return 'in';
  if (about === 'signed') return list;
  const allowed = list.split(' ');
  const counting = membership === 'active' ? roles : roles.filter((role) => role === 'applicant');
  const able = counting.filter((role) => allowed.includes(role));
  if (able.length === 0) return roles.some((role) => allowed.includes(role)) ? 'not-staff' : 'forbidden';
  if (about === 'nothing') return 'in';
  if (about === 'colleague') return colleagues(counting, standing);
  const asStaff = counting.some((role) => staff.includes(role));
  return answers[about][asStaff ? 'staff' : 'applicant'].split(' ')[standings.indexOf(standing)] as string;
}

/** Reviewers enter their own absences, supervisors everybody's. */
function colleagues(roles: Role[], standing: Standing): string {
  if (standing === 'own') return 'in';
  if (!roles.includes('supervisor')) return 'forbidden';
  return standing === 'unknown' ? 'not-found' : 'in';
}

let database: TestDatabase;
let office: Awaited<ReturnType<typeof openStandings>>;
let close: () => Promise<void>;
beforeAll(async () => {
  database = await openAnyDatabase();
  await migrateAndSeed(database.url, seed);
  const store = await openTestStore(database.url);
  office = await openStandings(store);
  close = async () => {
    await office.close();
    await store.close();
  };
});
afterAll(async () => {
  await close?.();
  await database?.stop();
});

function concrete(path: string, membership: Membership, standing: Standing): string {
  const ids = office.idsOf(membership, standing);
  const colleague = { own: office.subjectOf(membership), unknown: 'nobody' }[standing as string] ?? 'colleague';
  const noticeId = path.includes('accreditations') ? ids.revocationId : ids.noticeId;
  const values: Record<string, string> = { ...ids, noticeId, staffId: colleague, year: '2027' };
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name] as string);
}

const readable = { 'get /v1/calendar/due-date': '?acceptedOn=2026-11-23' } as Record<string, string>;

it('the table has every route of the app', () => {
  const own = office.routes.map(({ method, path }) => `${method} ${path}`);
  expect(own.sort()).toEqual(Object.keys(routes).sort());
});

it.each<[string, object]>([
  ['who may call it', { audit: null }],
  ['who may call it', { audit: null, access: { who: [] } }],
  ['what is recorded of it', { access: { who: 'anyone' } }],
])('a route that doesn’t say %s (%j) doesn’t start', (missing, rules) => {
  const route = {
    method: 'get',
    path: '/v1/new',
    summary: '',
    answers: {},
    handle: async () => ({ status: 204 }),
    ...rules,
  };
  const add = () => addRoute(express(), route as unknown as Route, {} as ApiContext, () => Promise.reject());
  expect(add).toThrow(`get /v1/new doesn't say ${missing}`);
});

describe('every route × every role × every standing × active, retired, unlisted', () => {
  let combinations = 0;
  afterAll(() => console.log(`${combinations} combinations of route, role, standing and membership`));

  it.each(Object.keys(routes))('%s', async (route) => {
    const [method = '', path = ''] = route.split(' ');
    const isAbout = !['nothing', 'anyone', 'signed'].includes(routes[route]?.[0] as string);
    const wrong: string[] = [];
    for (const roles of roleSets) {
      for (const membership of ['active', 'retired', 'unlisted'] as const) {
        for (const standing of isAbout ? standings : (['own'] as const)) {
          const address = concrete(path, membership, standing) + (readable[route] ?? '');
          const { status, code } = await office.ask(method, address, roles, membership);
          const refused = [401, 403, 404].includes(status);
          const answer = refused ? code : status < 500 ? 'in' : `${status} ${code}`;
          const wanted = expected(route, roles, membership, standing);
          combinations += 1;
          if (answer !== wanted) wrong.push(`${roles} (${membership}) ${standing}: ${answer}, not ${wanted}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });
});
