import type { MessageName } from '../../../domain/cases/messages.ts';
import type { User } from '../../http/auth.ts';

/**
 * Marks what only a supervisor may do: hand any case to anyone, free who is held up by one, and ask for materials that
 * the first request didn't name. The workflow can't know who is a supervisor; only the token says so.
 */
export function authority(name: MessageName, { roles }: User): { authority?: 'supervisor' } {
  const needed = ['assign', 'releaseClaims', 'requestMaterials'].includes(name);
  return needed && roles.includes('supervisor') ? { authority: 'supervisor' } : {};
}
