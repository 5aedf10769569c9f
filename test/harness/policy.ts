import { fileURLToPath } from 'node:url';
import { systemClock } from '../../config/clock.ts';
import { shanghaiDate } from '../../domain/dates.ts';
import { loadPolicies } from '../../policy/load.ts';
import type { Policy } from '../../policy/schema.ts';
import { seedOf } from '../../policy/seed.ts';
import type { Policies } from '../../policy/versions.ts';
import { testKeyring as keyring } from './keyring.ts';

export const policyFile = fileURLToPath(new URL('../../policy/panzhihua/2025-1.yaml', import.meta.url));
export const policies = loadPolicies(policyFile);
export const policy = policies.of('panzhihua-2025.1');
/** What a store holds that begins today. */
export const seedToday = (policies: Policies) => ({ ...seedOf(policies, shanghaiDate(systemClock())), keyring });
/** What a store holds from the start. */
export const seed = { ...seedOf(policies, '2026-01-01'), keyring };

const often = 1_000_000;
/**
 * A policy whose notifications all leave at once: at what time of day a test runs makes no difference. Nor does how many
 * people of one phone there are in it: its limits are never reached.
 */
export const promptly = (policy: Policy): Policy => ({
  ...policy,
  limits: {
    filings: { perAccount: often, perPerson: often, perPhone: often, atWindow: often },
    uploads: { perAccount: often, atWindow: often },
    lookups: { perHour: often, perDay: often },
  },
  notifying: { ...policy.notifying, causedPerDay: often },
  notifications: policy.notifications.map((notification) => ({ ...notification, leaves: 'anyTime' as const })),
});
/** The shipped policy, prompt. */
export const prompt = promptly(policy);
/** The invented city that uses all that a disease may say of itself. */
export const exampleCity = loadPolicies(fileURLToPath(new URL('../../policy/example-city', import.meta.url))).of(
  'example-city-2026.1',
);
