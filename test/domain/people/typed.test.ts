import { expect, it } from '@jest/globals';
import { personFields, typedOtherwise, withPhone } from '../../../domain/people/typed.ts';

const person = { name: '李娜', idNumber: '11010519491231002X', phone: '13800138001' };

it.each([
  ['nothing where it is what was understood', person, {}],
  ['nothing of other fields', { ...person, relation: ' 子女 ' }, {}],
  ['nothing where nothing was typed', {}, {}],
  ['what was understood otherwise', { ...person, name: '李　娜' }, { typed: { name: '李　娜' } }],
  [
    'each of them',
    { name: ' 李娜', idNumber: '110105491231002', phone: '+8613800138001' },
    { typed: { name: ' 李娜', idNumber: '110105491231002', phone: '+8613800138001' } },
  ],
])('what was typed is kept: %s', (_, given, kept) => {
  expect(typedOtherwise(person, given, personFields)).toEqual(kept);
});

it('with another phone nothing is known of how it was typed', () => {
  const phone = '13900139009';
  expect(withPhone(person, phone)).toEqual({ ...person, phone });
  expect(withPhone({ ...person, typed: { phone: '+8613800138001' } }, phone)).toEqual({ ...person, phone });
  const typed = { name: '李　娜', phone: '+8613800138001' };
  expect(withPhone({ ...person, typed }, phone)).toEqual({ ...person, phone, typed: { name: '李　娜' } });
});
