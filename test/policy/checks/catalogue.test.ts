import { describe, expect, it } from '@jest/globals';
import { exchanged, problemsOf } from '../../harness/rules/exchanged-policy.ts';

/** What is said of 高血压 once it has these further fields, and of nothing else; `catalogue.0.` is left out. */
function problems(fields: string): string[] {
  const text = exchanged(['name: 高血压, photo: false', `name: 高血压, ${fields}`]);
  return problemsOf(text).map((problem) => problem.replace(/^\d+: catalogue\.0\./, ''));
}
const plain = 'photo: false';

describe("a disease's own rules are refused", () => {
  it.each([
    [`${plain}, materials: { new: [idCard, ctScan] }`, /^materials\.new\.1: there is no kind ctScan; there are idCard/],
    ['photo: true, materials: { new: [idCard] }', /^photo: materials\.asked\.new has no photo$/],
    [`${plain}, materials: { new: [idCard, photo] }`, /^photo: is false, and the disease asks for one$/],
    [`${plain}, materials: { new: [] }`, /^materials\.new: /],
    [`${plain}, hospitals: [H1]`, /^hospitals\.0: hospitals has no H1$/],
    [
      `${plain}, insuredTypes: [employee], benefit: { resident: { limit: 9 } }`,
      /^benefit\.resident: insuredTypes has no resident$/,
    ],
    [`${plain}, benefit: { resident: {} }`, /^benefit\.resident: must give a limit or a ratio$/],
    [`${plain}, benefit: { employee: { ratio: [90, 80] } }`, /^benefit\.employee\.ratio: must be 0–100, from ≤ to$/],
    [`${plain}, class: III`, /^class: /],
    [`${plain}, institutions: 4`, /^institutions: /],
    [`${plain}, workingDays: 0`, /^workingDays: /],
    [`${plain}, hospitalLevel: 4`, /^hospitalLevel: /],
  ])('%s', (fields, complaint) => {
    expect(problems(fields)).toEqual([expect.stringMatching(complaint)]);
  });

  it('as is a kind of material that the guide has already, and more of them than there may be', () => {
    const own = (kinds: string) => exchanged(['materials:\n', `materials:\n  own: { ${kinds} }\n`]);
    expect(problemsOf(own('photo: { name: 照片 }'))).toEqual([
      expect.stringMatching(/materials\.own\.photo: is a kind of/),
    ]);
    const many = Array.from({ length: 21 }, (_, index) => `kind${index}: { name: 材料 }`).join(', ');
    expect(problemsOf(own(many))).toEqual([expect.stringMatching(/materials\.own: must be 20 at most/)]);
  });
});

describe('codes of diseases are those of the national field', () => {
  it.each(['M03900', 'LB_GXY', '9901', 'LB.TNB-01', 'M'.repeat(30)])('%s', (code) => {
    expect(problemsOf(exchanged(['M03900', `"${code}"`]))).toEqual([]);
  });
});
