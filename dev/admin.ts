import { dataDir } from './stack/data-dir.ts';
import { runningStack } from './stack/running.ts';
import { loadSecrets } from './stack/secrets.ts';
import { stackSettings } from './stack/settings.ts';

/**
 * `npm run admin -- <command>`: the admin program. While `npm start` runs, the stack's settings fill in what the
 * environment doesn't set. Otherwise only the environment counts, so that the embedded stack's keys never get into
 * another database.
 */
const folder = dataDir();
if (runningStack(folder)) {
  Object.assign(process.env, stackSettings(process.env, folder).childEnv(await loadSecrets(folder)));
}
await import('../admin/main.ts');
