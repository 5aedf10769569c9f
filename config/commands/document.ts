import { readFileSync, writeFileSync } from 'node:fs';
import { withTables } from '../documentation.ts';

/** `npm run docs:configuration`: writes the tables of docs/configuration.md anew. */
const page = new URL('../../docs/configuration.md', import.meta.url);
writeFileSync(page, withTables(readFileSync(page, 'utf8')));
