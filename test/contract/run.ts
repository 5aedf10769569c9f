import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeJwt } from 'jose';
import { type Role, roles } from '../../domain/vocabulary.ts';
import { completeBody, newScan } from '../harness/http/documents.ts';
import { prepareStack } from '../harness/programs/stack.ts';
import { until } from '../harness/until.ts';

/** For each caller's random requests; with everything else the seven of them take a minute and a half. */
const SECONDS = 6;
const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_schema_conformance',
];

/** One caller's turn: with what schemathesis asks. */
interface Turn {
  origin: string;
  /** Undefined for nobody, who has no token. */
  role: Role | undefined;
  token: string | undefined;
  /** What there is to ask for, by the name of the path's parameter. */
  objects: Record<string, string>;
  /** For its files. */
  folder: string;
}

/**
 * `npm run test:contract -- <path of schemathesis>`: asks every route of /openapi.json, as every role and as nobody, of
 * the service as `npm start` runs it. It fails on a 5xx, on an answer that isn't described, and where nothing was asked.
 * `SEED` repeats a run.
 *
 * The examples, and what the schemas' limits give, are asked for once a route, by the first who may: what is wrong with
 * a body is the same for everybody. Random requests, and those that follow from each other, are asked for as everyone.
 */
async function main(schemathesis: string): Promise<number> {
  const seed = process.env.SEED ?? String(Date.now() % 1_000_000);
  console.log(`SEED=${seed}`);
  // How often somebody may ask is tested elsewhere.
  process.env.REQUESTS_PER_MINUTE = '1000000';
  const stack = await prepareStack();
  const folder = await mkdtemp(join(tmpdir(), 'mente-contract-'));
  try {
    await stack.start();
    const tokenOf = (...args: string[]) =>
      execFileSync('npm', ['run', '-s', 'token', '--', ...args], { env: stack.env, encoding: 'utf8' }).trim();
    const covered = new Set<string>();
    let failed = 0;
    for (const role of [undefined, ...roles]) {
      // A person has one open application for a disease, so each turn has a person of its own.
      const applicant = { origin: stack.api, token: tokenOf('applicant', `applicant-of-${role ?? 'nobody'}`) };
      const token = role === 'applicant' ? applicant.token : role && tokenOf(role);
      const turn = { origin: stack.api, folder, role, token, objects: await newObjects(applicant) };
      const { all, fresh } = await described(turn, covered);
      const asking = { schemathesis, seed, turn };
      if (fresh) failed += await ask({ ...asking, description: fresh, phases: ['examples', 'coverage'] });
      failed += await ask({ ...asking, description: all, phases: ['fuzzing', 'stateful'], seconds: SECONDS });
    }
    return failed > 0 ? 1 : 0;
  } finally {
    await stack.stop();
    await Promise.all([stack.remove(), rm(folder, { recursive: true, force: true })]);
  }
}

interface Description {
  paths: Record<string, Record<string, { description?: string; responses: { default?: unknown } }>>;
}

type Caller = Pick<Turn, 'origin' | 'token'>;

async function send({ origin, token }: Caller, path: string, init: RequestInit = {}) {
  // Between two turns the api closes a connection that waits, maybe just when it is used again.
  const headers = { ...init.headers, connection: 'close', ...(token ? { authorization: `Bearer ${token}` } : {}) };
  const answer = await fetch(origin + path, { ...init, headers });
  return { status: answer.status, body: (await answer.json()) as Record<string, string> };
}

/** @returns the id of a new file of the caller's, who may upload */
async function upload(caller: Caller): Promise<string> {
  const form = new FormData();
  form.append('file', new Blob([new Uint8Array(newScan())], { type: 'application/pdf' }), 'scan.pdf');
  const { status, body } = await send(caller, '/v1/files', { method: 'POST', body: form });
  if (!body.fileId) throw new Error(`An upload was answered ${status} ${JSON.stringify(body)}`);
  return body.fileId;
}

/** A case under review, and a file of it: what one caller decides is decided for those after them. */
async function newObjects(applicant: { origin: string; token: string }): Promise<Turn['objects']> {
  const fileId = await upload(applicant);
  const headers = { 'content-type': 'application/json' };
  const { name, id_number: idNumber } = decodeJwt<{ name: string; id_number: string }>(applicant.token);
  const body = JSON.stringify(completeBody(fileId, { name, idNumber, phone: '13800138001' }));
  const filed = await send(applicant, '/v1/applications', { method: 'POST', headers, body });
  const { acceptanceNumber } = filed.body;
  if (!acceptanceNumber) throw new Error(`The filing was answered ${filed.status} ${JSON.stringify(filed.body)}`);
  const isUnderReview = async () =>
    (await send(applicant, `/v1/applications/${acceptanceNumber}`)).body.status === 'underReview';
  await until('the case is under review', isUnderReview);
  return { acceptanceNumber, fileId, staffId: 'reviewer-1', year: '2027' };
}

interface Asking {
  schemathesis: string;
  seed: string;
  turn: Turn;
  description: Description;
  phases: string[];
  /** Unless it ends by itself. */
  seconds?: number;
}

/** @returns how much went wrong: 0 or 1 */
async function ask({ schemathesis, seed, turn, description, phases, seconds }: Asking): Promise<number> {
  const { origin, folder, role = 'nobody', token } = turn;
  console.log(`== as ${role}: ${phases.join(', ')}`);
  await writeFile(join(folder, 'openapi.json'), JSON.stringify(description));
  await writeFile(join(folder, 'schemathesis.toml'), settings(turn));
  const options = [
    ...['--url', origin, '--checks', CHECKS.join(','), '--phases', phases.join(','), '--workers', '1'],
    ...(seconds ? ['--max-time', String(seconds)] : []),
    ...['--seed', seed, '--no-color', '--continue-on-failure', '--no-shrink'],
    ...['--suppress-health-check', 'all', '--generation-database', 'none', '--warnings', 'off'],
    ...(token ? ['--header', `Authorization: Bearer ${token}`] : []),
  ];
  const child = spawn(schemathesis, ['run', 'openapi.json', ...options], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    process.stdout.write(text);
    printed += text;
  });
  const [code] = await once(child, 'close');
  return code === 0 && /[1-9]\d* generated/.test(printed) ? 0 : 1;
}

/**
 * The descriptions of what this role may ask for: of everything, and of the routes that nobody was asked about before
 * (undefined where there are none). Without the `default` answers, which would describe everything, and with a file in
 * the examples that this caller may hand in.
 */
async function described({ origin, role, token }: Turn, covered: Set<string>) {
  const text = await (await fetch(`${origin}/openapi.json`)).text();
  // To others the api answers before it has read the file, and closes the connection on who still sends it.
  const mayUpload = role === 'applicant' || role === 'clerk';
  const fileId = mayUpload ? await upload({ origin, token }) : undefined;
  const read = (maySee: (route: string) => boolean) => {
    const description: Description = JSON.parse(
      text.replaceAll(/(?<="fileIds":\[")[\w-]{36}/g, fileId ?? '$&'),
      withoutExamples,
    );
    for (const [path, methods] of Object.entries(description.paths)) {
      for (const [method, { description: who = '', responses }] of Object.entries(methods)) {
        delete responses.default;
        const mayAsk = /^Roles: ([^.]*)/.exec(who)?.[1]?.split(', ');
        if ((mayAsk && !mayAsk.includes(role ?? '')) || !maySee(`${method} ${path}`)) delete methods[method];
      }
    }
    return description;
  };
  const all = read(() => true);
  const fresh = read((route) => !covered.has(route));
  const routes = routesOf(fresh);
  for (const route of routes) covered.add(route);
  return { all, fresh: routes.length > 0 ? fresh : undefined };
}

const routesOf = ({ paths }: Description) =>
  Object.entries(paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method} ${path}`));

/** Around the example of one field schemathesis would make up a whole body, for seconds each; bodies have their own. */
function withoutExamples(key: string, value: unknown): unknown {
  if (key !== 'properties') return value;
  for (const property of Object.values(value as Record<string, { example?: unknown }>)) delete property.example;
  return value;
}

/** Nine of ten paths lead to something that is there. */
function settings({ objects }: Turn): string {
  const dictionaries = Object.entries(objects).map(
    ([name, value]) => `[dictionaries.${name}]\nvalues = [${JSON.stringify(value)}]`,
  );
  const parameters = Object.keys(objects).map(
    (name) => `"path.${name}" = { dictionary = "${name}", probability = 0.9 }`,
  );
  return [...dictionaries, '[parameters]', ...parameters].join('\n');
}

const [schemathesis = 'schemathesis'] = process.argv.slice(2);
main(schemathesis).then(
  (code) => process.exit(code),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
