import { expect, it } from '@jest/globals';
import { LONGEST_SURNAME, surnameOf } from '../../../domain/people/surname.ts';

it.each([
  ['长孙无忌', '长孙'],
  ['宇文化及', '宇文'],
  ['南宫适', '南宫'],
  ['独孤求败', '独孤'],
  ['司徒雷登', '司徒'],
  ['令狐冲', '令狐'],
  ['皇甫嵩', '皇甫'],
  ['端木赐', '端木'],
  ['尉迟敬德', '尉迟'],
  ['公孙龙', '公孙'],
  ['慕容复', '慕容'],
  ['上官婉儿', '上官'],
  ['钟离权', '钟离'],
  ['澹台灭明', '澹台'],
  ['第五伦', '第五'],
  ['爱新觉罗启星', '爱新觉罗'],
  ['歐陽娜娜', '歐陽'],
  ['司馬光', '司馬'],
  ['欧阳 锋', '欧阳'],
  ['南宫', '南'],
  ['梁丘明', '梁'],
  ['长小明', '长'],
  ['范徐丽泰', '范'],
])('of a Chinese name, %s, it is the surname: %s', (name, surname) => {
  expect(surnameOf(name)).toBe(surname);
});

it.each([
  ['of a name with a dot the part before it', '古丽米热.艾比布力', '古丽米热'],
  ['whichever dot that is', '古丽米热・艾比布力', '古丽米热'],
  ['of three parts the first', '努尔买买提·阿布都外力·买买提', '努尔买买提'],
  ['a space is that dot', '阿西 木呷', '阿西'],
  ['of a name that is too long for a Chinese one all of it', '古丽米热艾比布力', '古丽米热艾比布力'],
  ['a Latin name', 'John Smith', 'John Smith'],
  ['in full-width letters', 'Ｊｏｈｎ　Ｓｍｉｔｈ', 'John Smith'],
  ['with an apostrophe', 'Conan O’Brien', "Conan O'Brien"],
  ['with a dot', 'John•Smith', 'John·Smith'],
  ['in another script', '김민수', '김민수'],
  ['as many words as there is room for', 'Maria del Carmen Gonzalez Fernandez', 'Maria del Carmen'],
  ['of a longer word its beginning', 'Wolfeschlegelsteinhausenbergerdorff', 'Wolfeschlegelsteinha'],
  ['of a name with a bracketed component the surname', '徐（莹加王旁）', '徐'],
  ['of a surname that no keyboard has the brackets', '(上大下力)小明', '(上大下力)'],
  ['without what nobody sees', '\u202d李娜\u202c', '李'],
])('somebody is addressed by %s: %s', (_, name, surname) => {
  expect(surnameOf(name)).toBe(surname);
});

it('is never longer than a 短信 has room for', () => {
  for (const name of ['𬱖'.repeat(30), 'x'.repeat(100), `${'阿'.repeat(50)}·木呷`, 'ab '.repeat(30)]) {
    expect(surnameOf(name).length).toBeLessThanOrEqual(LONGEST_SURNAME);
    expect(surnameOf(name)).not.toMatch(/\p{Cs}/u);
  }
});
