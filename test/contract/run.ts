import { execFileSync, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeJwt } from 'jose';
import { type Role, roles } from '../../domain/vocabulary.ts';
import { completeBody, newScan } from '../harness/http/documents.ts';
import { prepareStack } from '../harness/programs/stack.ts';
import { until } from '../harness/until.ts';

/** For each caller; seven of them, and the start of the stack, take a minute and a half. */
const SECONDS = 10;
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
 * the service as `npm start` runs it. It fails on a 5xx, and on an answer that isn't described. `SEED` repeats a run.
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
    let failed = 0;
    for (const role of [undefined, ...roles]) {
      // A person has one open application for a disease, so each turn has a person of its own.
      const applicant = { origin: stack.api, token: tokenOf('applicant', `applicant-of-${role ?? 'nobody'}`) };
      const token = role === 'applicant' ? applicant.token : role && tokenOf(role);
      const turn = { origin: stack.api, folder, role, token, objects: await newObjects(applicant) };
      console.log(`== as ${role ?? 'nobody'}`);
      failed += (await ask(schemathesis, seed, turn)) === 0 ? 0 : 1;
    }
    return failed > 0 ? 1 : 0;
  } finally {
    await stack.stop();
    await Promise.all([stack.remove(), rm(folder, { recursive: true, force: true })]);
  }
}

interface Operation {
  description?: string;
  responses: { default?: unknown };
}

type Caller = Pick<Turn, 'origin' | 'token'>;

async function send({ origin, token }: Caller, path: string, init: RequestInit = {}) {
  const headers = { ...init.headers, ...(token ? { authorization: `Bearer ${token}` } : {}) };
  const answer = await fetch(origin + path, { ...init, headers });
  return { status: answer.status, body: (await answer.json()) as Record<string, string> };
}

/** @returns the id of a new file of the caller's; undefined where they may not upload */
async function upload(caller: Caller): Promise<string | undefined> {
  const form = new FormData();
  form.append('file', new Blob([new Uint8Array(newScan())], { type: 'application/pdf' }), 'scan.pdf');
  return (await send(caller, '/v1/files', { method: 'POST', body: form })).body.fileId;
}

/** A case under review, and a file of it: what one caller decides is decided for those after them. */
async function newObjects(applicant: { origin: string; token: string }): Promise<Turn['objects']> {
  const fileId = (await upload(applicant)) as string;
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

/** @returns schemathesis' exit code */
async function ask(schemathesis: string, seed: string, turn: Turn): Promise<number> {
  const { origin, folder, token } = turn;
  await writeFile(join(folder, 'openapi.json'), await strictDescription(turn));
  await writeFile(join(folder, 'schemathesis.toml'), settings(turn));
  const options = [
    ...['--url', origin, '--checks', CHECKS.join(','), '--max-time', String(SECONDS), '--workers', '1'],
    ...['--max-examples', '20', '--seed', seed, '--no-color', '--continue-on-failure', '--no-shrink'],
    ...['--suppress-health-check', 'all', '--generation-database', 'none', '--warnings', 'off'],
    ...(token ? ['--header', `Authorization: Bearer ${token}`] : []),
  ];
  const child = spawn(schemathesis, ['run', 'openapi.json', ...options], { cwd: folder, stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

/**
 * The description of what this role may ask for. Without its `default` answers, which would describe everything, and
 * with a file in its examples that this caller may hand in.
 */
async function strictDescription({ origin, role, token }: Turn): Promise<string> {
  const answer = await fetch(`${origin}/openapi.json`);
  const description = (await answer.json()) as { paths: Record<string, Record<string, Operation>> };
  for (const methods of Object.values(description.paths)) {
    for (const [method, { description: who = '', responses }] of Object.entries(methods)) {
      delete responses.default;
      const mayAsk = /^Roles: ([^.]*)/.exec(who)?.[1]?.split(', ');
      if (mayAsk && !mayAsk.includes(role ?? '')) delete methods[method];
    }
  }
  const fileId = token ? await upload({ origin, token }) : undefined;
  return JSON.stringify(description).replaceAll(/(?<="fileIds":\[")[\w-]{36}/g, fileId ?? '$&');
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
