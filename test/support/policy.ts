import { fileURLToPath } from 'node:url';
import { loadPolicy } from '../../policy/load.ts';

export const policyFile = fileURLToPath(new URL('../../policy/panzhihua.yaml', import.meta.url));
export const policy = loadPolicy(policyFile);
