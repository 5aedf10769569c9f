import { expect, it } from '@jest/globals';
import { rolesHeld } from '../../../domain/staff/roles.ts';
import type { Role } from '../../../domain/vocabulary.ts';

it.each<[string, Role[], { roles: string[]; active: boolean } | undefined, Role[]]>([
  ['an applicant needs to be on no list', ['applicant'], undefined, ['applicant']],
  ['a stranger has no role of the office', ['applicant', 'reviewer', 'admin'], undefined, ['applicant']],
  ['a member has the role', ['reviewer'], { roles: ['reviewer'], active: true }, ['reviewer']],
  ['a retired member has none', ['reviewer', 'applicant'], { roles: ['reviewer'], active: false }, ['applicant']],
  ['a token gives no role that the list doesn’t', ['supervisor'], { roles: ['reviewer'], active: true }, []],
  [
    'the list gives no role that the token doesn’t',
    ['clerk'],
    { roles: ['clerk', 'reviewer'], active: true },
    ['clerk'],
  ],
])('%s', (_, claimed, member, held) => {
  expect(rolesHeld(claimed, member)).toEqual(held);
});
