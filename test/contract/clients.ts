import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { routesOf } from '../../api/app.ts';
import type { ApiContext } from '../../api/context.ts';
import { openApiDocument } from '../../api/http/description/document.ts';

/** Stands for all that routes work with: nothing of it is needed to describe them. */
const anything: unknown = new Proxy(() => undefined, { get: () => anything, apply: () => anything });

/** As docs/integrators.md gives it. */
const settings = `
content_type_overrides:
  image/jpeg: application/octet-stream
  image/png: application/octet-stream
  image/webp: application/octet-stream
  application/pdf: application/octet-stream
post_hooks: []
`;

/** What somebody may write with the generated client. */
const client = `
import importlib, pkgutil
import client.api, client.models
for _, name, _ in pkgutil.walk_packages(client.api.__path__, "client.api."):
    importlib.import_module(name)
from client.api.applications import file_application, read_application
from client.models import Filing, ProblemCode, Progress
assert ProblemCode("not-found") and file_application.sync_detailed and read_application.asyncio
`;

/**
 * `npm run test:clients -- <folder of the tools>`: has openapi-spec-validator check /openapi.json, and
 * openapi-python-client make a client of it, which Python then loads. It fails on anything that the generator warns of.
 */
function main(tools: string): void {
  const folder = mkdtempSync(join(tmpdir(), 'mente-clients-'));
  const inFolder = { cwd: folder, stdio: 'inherit' } as const;
  try {
    writeFileSync(join(folder, 'openapi.json'), JSON.stringify(openApiDocument(routesOf(anything as ApiContext))));
    writeFileSync(join(folder, 'settings.yaml'), settings);
    execFileSync(join(tools, 'openapi-spec-validator'), ['openapi.json'], inFolder);
    const options = [
      '--path',
      'openapi.json',
      '--config',
      'settings.yaml',
      '--output-path',
      'client',
      '--meta',
      'none',
    ];
    execFileSync(join(tools, 'openapi-python-client'), ['generate', ...options, '--fail-on-warning'], inFolder);
    execFileSync('python3', ['-c', client], inFolder);
    console.log('A Python client was made and loaded.');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

main(process.argv[2] ?? '');
