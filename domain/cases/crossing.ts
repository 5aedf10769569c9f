import type { Messages } from './messages.ts';
import type { ApplicationState } from './state.ts';

type Asked = Pick<ApplicationState, 'status' | 'requests'>;

/** Number of the request for materials that is awaited; 0 where none is. */
export function awaitedRequest({ status, requests }: Asked): number {
  return status === 'awaitingMaterials' ? requests : 0;
}

/**
 * Whether a request for materials has crossed another message: since its sender looked, the applicant has handed in what
 * was asked for, or somebody has asked for something.
 */
export function crossesAnother(state: Asked, { replaces }: Messages['requestMaterials']): boolean {
  return replaces !== undefined && replaces !== awaitedRequest(state);
}

/** Whether materials were checked by a request that is replaced, and don't contain all that is asked for now. */
export function answersReplaced(
  { status, requests, requestedKinds }: ApplicationState,
  { answers, materials }: Messages['resubmit'],
): boolean {
  if (status !== 'awaitingMaterials' || answers === undefined || answers === requests) return false;
  return requestedKinds.some((asked) => !materials.some(({ kind }) => kind === asked));
}
