import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import { parse } from 'yaml';

/** What of a service the tests look at, after anchors, merges and variables have been resolved. */
export interface Service {
  image: string;
  build?: string;
  restart: string;
  command?: string[];
  environment?: Record<string, string>;
  ports?: string[];
  volumes?: string[];
  healthcheck?: { test: string[] };
  depends_on?: Record<string, { condition: string }>;
}

export interface Compose {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
}

/** The repository's folder, or the path of a file in it. */
export const inRepository = (path = '') => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

const REFERENCE = /\$\{(\w+)(?::([-?])([^}]*))?\}/g;

/** docker-compose.yml without its whole-line comments, its variables still open. */
export const composeSource = readFileSync(inRepository('docker-compose.yml'), 'utf8').replaceAll(/^ *#.*$/gm, '');

/** The names of the variables that docker-compose.yml takes from `.env`. */
export const composeVariables = new Set([...composeSource.matchAll(REFERENCE)].map((match) => match[1] as string));

/** `.env.example` as it is in the repository. */
export const exampleEnv = parseEnv(readFileSync(inRepository('.env.example'), 'utf8')) as Record<string, string>;

/**
 * Puts the variables in as Compose does: `${NAME}`, `${NAME:-default}`, `${NAME:?what is missing}`.
 * @throws Error with the text after `:?` when such a variable is unset or empty; or on any other use of `$`
 */
export function interpolate(source: string, env: Record<string, string>): string {
  const text = source.replaceAll(REFERENCE, (_all, name: string, kind: string | undefined, rest: string) => {
    if (env[name]) return env[name];
    if (kind === '?') throw new Error(`${name}: ${rest}`);
    return kind === '-' ? rest : '';
  });
  if (text.includes('$')) throw new Error(`not understood: ${/.*\$.*/.exec(text)?.[0]}`);
  return text;
}

/** docker-compose.yml as Compose sees it with these variables. */
export function loadCompose(env: Record<string, string>): Compose {
  const compose = parse(interpolate(composeSource, env), { merge: true }) as Compose;
  for (const service of Object.values(compose.services)) {
    const settings = Object.entries(service.environment ?? {});
    service.environment = Object.fromEntries(settings.map(([name, value]) => [name, String(value ?? '')]));
  }
  return compose;
}
