import { describe, expect, it } from '@jest/globals';
import { birthDateOf } from '../../../domain/people/documents.ts';
import {
  actsAsAgent,
  agentProblems,
  ageOn,
  isSameName,
  isStranger,
  maskedPhone,
} from '../../../domain/people/person.ts';

it.each([
  ['510402198803152122', '1988-03-15'],
  ['510402200002290000', '2000-02-29'],
  ['510402200102290000', null],
  ['932682198501010017', '1985-01-01'],
  ['KAZ110090123105', '1990-12-31'],
  ['KAZ110023010105', '2023-01-01'],
  ['KAZ110024010105', '1924-01-01'],
  ['KAZ110099999905', null],
  ['', null],
])('the date of birth in %j is %s', (idNumber, date) => {
  expect(birthDateOf(idNumber)).toBe(date);
});

it.each([
  ['2008-11-24', '2026-11-23', 17],
  ['2008-11-24', '2026-11-24', 18],
  ['2008-02-29', '2026-02-28', 17],
  ['2008-02-29', '2026-03-01', 18],
])('somebody born on %s is on %s %d years old', (born, on, age) => {
  expect(ageOn(born, on)).toBe(age);
});

it('a phone number is masked but for its beginning and its end; where there is none, there is none', () => {
  expect(['13800138001', ''].map(maskedPhone)).toEqual(['138****8001', '']);
});

it.each([
  ['李娜', '李娜', true],
  ['阿西·木呷', '阿西 木呷', true],
  ['阿西·木呷', '阿西•木呷', true],
  ['ANNA LI', 'Anna Li', true],
  ['李娜', '李那', false],
])('%s and %s are one name: %s', (one, other, same) => {
  expect(isSameName(one, other)).toBe(same);
});

it.each<[string, string[], boolean]>([
  ['139', [], false],
  ['139', ['139', '138'], false],
  ['139', ['138'], true],
])('the phone %s is a stranger to %j: %s', (phone, earlier, stranger) => {
  expect(isStranger(phone, earlier)).toBe(stranger);
});

it.each([
  ['scApp', 'h1', false],
  ['scApp', 'h2', true],
  ['window', 'clerk-1', false],
] as const)('through %s, %s acts for h1 of their own accord: %s', (channel, by, agent) => {
  expect(actsAsAgent({ idNumberHash: 'h1', channel }, by)).toBe(agent);
});

describe('who applies for whom', () => {
  const adult = { idNumber: '510402198803152122' };
  const elderly = { idNumber: '510402194503150000' };
  const child = { idNumber: '510402201806010000' };
  const of18 = { idNumber: '510402200811240000' };
  it.each([
    ['an adult by themselves', adult, undefined, []],
    ['an adult through an agent', adult, elderly, []],
    ['elderly people by themselves', elderly, undefined, []],
    ['elderly people through an agent', elderly, adult, []],
    ['a child by itself', child, undefined, ['guardianMissing']],
    ['a child through a guardian', child, adult, []],
    ['a student of age by themselves', { ...adult, student: true }, undefined, ['guardianMissing']],
    ['a student through a guardian', { ...adult, student: true }, elderly, []],
    ['somebody who comes of age on the day', of18, undefined, []],
    ['an adult through a child', adult, child, ['agentUnderAge']],
    ['an adult through themselves', adult, adult, ['agentIsApplicant']],
  ])('%s', (_, applicant, agent, problems) => {
    expect(agentProblems(applicant, agent, { guardianUnder: 18 }, '2026-11-24')).toEqual(problems);
  });
});
