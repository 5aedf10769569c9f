import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { composeOnlyVariables, type Documented, developmentVariables } from './elsewhere.ts';
import { apiEnv, workerEnv } from './env.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const MARKER = '<!-- From here on: `npm run docs:configuration` -->';

/** The settings of api and worker, as their schemas describe them. */
export function programVariables(): Documented[] {
  const api = documented(apiEnv);
  const worker = documented(workerEnv);
  return [...new Map([...api, ...worker])].map(([name, variable]) => {
    const readers = [api.has(name) ? 'api' : '', worker.has(name) ? 'worker' : ''].filter(Boolean);
    return { name, for: readers.join(', '), ...variable };
  });
}

function documented(schema: z.ZodType): Map<string, Pick<Documented, 'default' | 'meaning'>> {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return new Map(
    Object.entries(properties).map(([name, property]) => {
      const { description = '', default: fallback = '', enum: values } = property as z.core.JSONSchema.BaseSchema;
      const inWords = String(fallback).replace(ROOT, '');
      const meaning = values ? `${description}: ${values.join(', ')}` : description;
      return [name, { default: required.includes(name) ? '**required**' : inWords, meaning }];
    }),
  );
}

/** Writes the tables of docs/configuration.md anew. @param page its present text; what precedes the marker stays */
export function withTables(page: string): string {
  const [prose] = page.split(MARKER);
  return `${prose}${MARKER}

## The api and the worker

${tableOf(programVariables())}

The migrations (\`npm run migrate\`) need only \`DATABASE_URL\`, \`DATA_KEYS\`, \`DATA_HASH_KEY\` and
\`POLICY_FILE\`, \`npm run admin\` what api and worker both read.

## The embedded stack, tests and benchmarks

${tableOf(developmentVariables)}

## Only in \`.env\`

docker-compose.yml takes these for itself; what else is in \`.env.example\` it passes on to api and worker.

${tableOf(composeOnlyVariables)}
`;
}

function tableOf(variables: Documented[]): string {
  const rows = variables.map(({ name, default: fallback, for: readers, meaning }) => [
    `\`${name}\``,
    fallback && !fallback.startsWith('*') ? `\`${fallback}\`` : fallback,
    readers,
    meaning,
  ]);
  const header = [
    ['variable', 'default', 'for', 'meaning'],
    ['---', '---', '---', '---'],
  ];
  return [...header, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
