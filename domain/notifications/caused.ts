import type { NotifiedCaseEvent } from './events.ts';

/** What tells an applicant that something they did has arrived. Without it nothing is lost: it is shown online, too. */
export const acknowledgements = ['eligibilityDelayed', 'accepted', 'appealed'] as const satisfies NotifiedCaseEvent[];

/** What an applicant brings about by themselves; beside acknowledgements, results that nobody in the office decides. */
export const causedByFiling = [...acknowledgements, 'refused'] as const satisfies NotifiedCaseEvent[];
