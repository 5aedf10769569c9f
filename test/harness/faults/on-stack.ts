import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { durablePostgres } from '../database/postgres.ts';
import type { Outcome } from './rounds.ts';
import { type Stack, type StackSettings, startStack } from './stack.ts';
import { inFull } from './table.ts';

const START_MS = 120_000;

/**
 * Tests on a service of real programs; without an installed PostgreSQL they are skipped, and the name says so.
 * @param tests gets a function that answers the service, once the tests run
 */
export async function describeOnStack(
  name: string,
  tests: (stack: () => Stack) => void,
  settings: StackSettings = {},
): Promise<void> {
  const postgres = await durablePostgres();
  if ('missing' in postgres) {
    describe.skip(`${name} (skipped: ${postgres.missing})`, () => tests(() => undefined as never));
    return;
  }
  let stack: Stack | undefined;
  describe(name, () => {
    beforeAll(async () => {
      stack = await startStack(postgres, settings);
    }, START_MS);
    afterAll(() => stack?.close(), START_MS);
    tests(() => stack as Stack);
  });
}

/** Expects that nothing was lost, doubled, stuck or answered wrongly. */
export function expectWell(...outcomes: Outcome[]): void {
  const wrong = outcomes.filter(({ findings }) => findings.length > 0);
  expect(wrong.map(({ fault, findings }) => `${fault}:\n${inFull(findings)}`).join('\n')).toBe('');
}
