import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { DCLinter } from 'dclint';
import { apiEnv, commonEnv, readEnv, workerEnv } from '../config/env.ts';
import {
  composeSource,
  composeVariables,
  exampleEnv,
  inRepository,
  interpolate,
  loadCompose,
  type Service,
} from './harness/repository/compose.ts';
import { imageEnv } from './harness/repository/dockerfile.ts';

const REQUIRED_TO_START = [
  'POSTGRES_PASSWORD',
  'TEMPORAL_DB_PASSWORD',
  'MENTE_DB_PASSWORD',
  'DATA_KEYS',
  'DATA_HASH_KEY',
];

const manifest = JSON.parse(readFileSync(inRepository('package.json'), 'utf8')) as { scripts: Record<string, string> };
const scripts = Object.values(manifest.scripts).map((line) => line.replace(/^exec /, ''));

const key = Buffer.alloc(32, 1).toString('base64');
const ofMigrations = { DATABASE_URL: true, POLICY_FILE: true, DATA_KEYS: true, DATA_HASH_KEY: true } as const;
/** What an operator has to add to .env.example. */
const filledIn = {
  ...exampleEnv,
  POSTGRES_PASSWORD: 'a',
  TEMPORAL_DB_PASSWORD: 'b',
  MENTE_DB_PASSWORD: 'c',
  DATA_KEYS: `k1:${key}`,
  DATA_HASH_KEY: key,
  OIDC_ISSUERS: JSON.stringify([{ issuer: 'https://login.example.org', audience: 'mente', for: 'staff' }]),
  TWILIO_ACCOUNT_SID: 'AC0',
  TWILIO_AUTH_TOKEN: 'd',
  TWILIO_FROM: '+8610',
  INSURANCE_URL: 'https://core.example.org',
  INSURANCE_TOKEN: 't',
  INSURANCE_HOOK_SECRET: 'b'.repeat(32),
  SMTP_URL: 'smtps://mail.example.org:465',
  MAIL_FROM: 'mente@example.org',
  WORKBENCH_URL: 'https://mente.example.org/cases/{acceptanceNumber}',
};
const { services, volumes } = loadCompose(filledIn);
const all = Object.entries(services);

function service(name: string): Service {
  const found = services[name];
  if (!found) throw new Error(`docker-compose.yml has no service ${name}`);
  return found;
}

interface Finding {
  type: 'error' | 'warning';
  rule: string;
  message: string;
}

/** What the Compose Specification's schema, and rules that mean more than taste, have against this text. */
async function complaints(text: string): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'mente-compose-'));
  try {
    const file = join(folder, 'docker-compose.yml');
    await writeFile(file, text);
    const rules = {
      'no-duplicate-exported-ports': 2,
      'no-unbound-port-interfaces': 2,
      'no-version-field': 2,
      'require-project-name-field': 2,
      'service-image-require-explicit-tag': 2,
    } as const;
    const linter = new DCLinter({ rules, quiet: true, debug: false, exclude: [] });
    // Its warnings are about the order of keys.
    const findings: Finding[] = linter
      .lintFiles([file], false)
      .flatMap((result: { messages: Finding[] }) => result.messages);
    return findings.filter(({ type }) => type === 'error').map(({ rule, message }) => `${rule}: ${message}`);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The services that must be there before this one, however many steps away. */
function awaited(name: string, path: string[] = []): string[] {
  if (path.includes(name)) throw new Error(`a circle: ${[...path, name].join(' → ')}`);
  const direct = Object.keys(service(name).depends_on ?? {});
  return [...new Set(direct.flatMap((other) => [other, ...awaited(other, [...path, name])]))];
}

describe('docker-compose.yml', () => {
  it('is what the Compose Specification allows', async () => {
    expect(await complaints(interpolate(composeSource, filledIn))).toEqual([]);
  });

  it.each([
    ['a misspelt condition', /service_healthy/, 'service_heathy'],
    ['an unknown key', /stop_grace_period/, 'stop_grace'],
    ['an image of any version', 'temporalio/ui:2.54.1', 'temporalio/ui'],
    ['a port that is open to everybody', '127.0.0.1:8233', '8233'],
  ])('would be refused with %s', async (_what, good, bad) => {
    const text = interpolate(composeSource, filledIn);
    expect(text).toMatch(good);
    expect(await complaints(text.replace(good, bad))).not.toEqual([]);
  });

  it.each(REQUIRED_TO_START)('refuses to start without %s, by name', (name) => {
    expect(() => loadCompose({ ...filledIn, [name]: '' })).toThrow(name);
  });

  it('takes from .env exactly what .env.example explains', () => {
    expect(Object.keys(exampleEnv).sort()).toEqual([...composeVariables].sort());
  });

  it('holds no secret itself: .env.example leaves what is required empty', () => {
    const empty = Object.keys(filledIn).filter((name) => name in exampleEnv && !exampleEnv[name]);
    expect(empty).toEqual(expect.arrayContaining(REQUIRED_TO_START));
  });

  it.each(all)('%s waits only for what can come', (name) => {
    for (const [other, { condition }] of Object.entries(service(name).depends_on ?? {})) {
      const { healthcheck, restart } = service(other);
      if (condition === 'service_healthy') expect(healthcheck).toBeDefined();
      if (condition === 'service_completed_successfully') expect(restart).toMatch(/^on-failure/);
      expect(condition).not.toBe('service_started');
    }
    expect(awaited(name)).not.toContain(name);
  });

  it('starts the api last: after the databases, both schemas, the namespace and the search attributes', () => {
    expect(awaited('api').sort()).toEqual(
      all
        .map(([name]) => name)
        .filter((name) => !/^api|-ui$/.test(name))
        .sort(),
    );
  });

  it('publishes the api and Temporal Web, on this machine only', () => {
    expect(all.flatMap(([name, { ports = [] }]) => ports.map((port) => `${name} ${port}`)).sort()).toEqual([
      'api 127.0.0.1:3000:3000',
      'temporal-ui 127.0.0.1:8233:8080',
    ]);
  });

  it('mounts files that exist, read-only, and volumes that are declared', () => {
    const mounts = all.flatMap(([, { volumes: mounted = [] }]) => mounted.map((mount) => mount.split(':')));
    const named = mounts.filter(([source]) => !source?.startsWith('./'));
    expect(new Set(named.map(([source]) => source))).toEqual(new Set(Object.keys(volumes)));
    for (const [source, target, mode] of mounts.filter((mount) => !named.includes(mount))) {
      expect({ source, exists: existsSync(inRepository(source)), mode }).toEqual({ source, exists: true, mode: 'ro' });
      const usedBy = all.filter(([, s]) => JSON.stringify([s.command, s.environment]).includes(`"${target}"`));
      expect(usedBy.length > 0 || target?.startsWith('/docker-entrypoint-initdb.d/')).toBe(true);
    }
  });

  it('runs programs that exist, as the scripts of package.json do, from one image', () => {
    const ours = all.filter(([, { build }]) => build);
    expect(ours.map(([name]) => name).sort()).toEqual(['api', 'migrate', 'worker']);
    expect(new Set(ours.map(([, { image }]) => image)).size).toBe(1);
    for (const [, { command }] of ours) {
      const program = inRepository(command?.at(-1));
      expect({ program, exists: existsSync(program) }).toEqual({ program, exists: true });
      expect(scripts).toContain(command?.join(' '));
    }
  });

  it('asks the health checks on the port that the program is told', () => {
    for (const [name, variable] of [
      ['api', 'PORT'],
      ['worker', 'HEALTH_PORT'],
    ] as const) {
      const { healthcheck, environment } = service(name);
      expect(healthcheck?.test.join(' ')).toContain(`http://127.0.0.1:${environment?.[variable]}/`);
    }
  });

  it('keeps uploaded files on a volume, where both programs look for them', () => {
    for (const name of ['api', 'worker']) expect(service(name).volumes).toContain(`files:${imageEnv.FILES_DIR}`);
  });

  it('keeps the Temporal server and the tools that prepare its databases at one version', () => {
    const tags = all.map(([, { image }]) => /^temporalio\/(?:server|admin-tools):(.*)$/.exec(image)?.[1]);
    expect(new Set(tags.filter(Boolean)).size).toBe(1);
  });
});

describe('the settings of our containers', () => {
  const programs = [
    // Stand-ins and the embedded stack's tokens have no place here.
    { name: 'api', schema: apiEnv, never: ['EMBEDDED_TOKEN_KEY'] },
    { name: 'worker', schema: workerEnv, never: ['TWILIO_BASE_URL', 'ALIYUN_ENDPOINT'] },
    { name: 'migrate', schema: commonEnv.pick(ofMigrations), never: [] },
  ];

  it.each(programs)('$name gets all that it knows, and nothing that it does not', ({ name, schema, never }) => {
    const passed = Object.keys(service(name).environment ?? {});
    const known = Object.keys(schema.shape);
    expect(passed.filter((variable) => !known.includes(variable))).toEqual([]);
    expect(known.filter((variable) => !passed.includes(variable) && !(variable in imageEnv))).toEqual(never);
    expect(() => readEnv(schema, { ...imageEnv, ...service(name).environment })).not.toThrow();
  });

  it('leaves it to the programs to say which provider is missing', () => {
    const required = Object.fromEntries(REQUIRED_TO_START.map((name) => [name, filledIn[name as 'DATA_KEYS']]));
    const bare = loadCompose({ ...exampleEnv, ...required }).services;
    expect(() => readEnv(apiEnv, { ...imageEnv, ...bare.api?.environment })).toThrow('OIDC_ISSUERS is not set');
    expect(() => readEnv(workerEnv, { ...imageEnv, ...bare.worker?.environment })).toThrow(
      /SMTP_URL is not set.*TWILIO_ACCOUNT_SID is not set/s,
    );
  });
});
