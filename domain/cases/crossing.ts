import type { Messages } from './messages.ts';
import type { ApplicationState } from './state.ts';

/**
 * Whether a request for materials has crossed another message: since its sender looked, the applicant has handed in what
 * was asked for, or somebody has asked for something.
 */
export function crossesAnother(
  { status, requests }: ApplicationState,
  { replaces }: Messages['requestMaterials'],
): boolean {
  if (replaces === undefined) return false;
  return replaces !== (status === 'awaitingMaterials' ? requests : 0);
}

/** Whether materials were checked by a request that is replaced, and don't contain all that is asked for now. */
export function answersReplaced(
  { status, requests, requestedKinds }: ApplicationState,
  { answers, materials }: Messages['resubmit'],
): boolean {
  if (status !== 'awaitingMaterials' || answers === undefined || answers === requests) return false;
  return requestedKinds.some((asked) => !materials.some(({ kind }) => kind === asked));
}
