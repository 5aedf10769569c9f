import { fileURLToPath } from 'node:url';
import { loadPolicies } from '../../policy/load.ts';

export const policyFile = fileURLToPath(new URL('../../policy/panzhihua/2025-1.yaml', import.meta.url));
export const policies = loadPolicies(policyFile);
export const policy = policies.of('panzhihua-2025.1');
