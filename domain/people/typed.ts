/**
 * Texts as people type them and as phones paste them. They are understood once, where they come in; what was typed is
 * kept beside it, so that whoever has the paper before them can see what somebody meant.
 */

/**
 * What nobody sees: marks of the direction in which a text runs, as phones put them round a copied number (U+202D,
 * U+202C), joiners, byte order marks, variants of a glyph (U+FE0F).
 */
const invisible = /[\p{Default_Ignorable_Code_Point}\p{Cf}]/gu;

export const withoutInvisible = (text: string): string => text.replaceAll(invisible, '');

/** A text in which what looks alike is alike: full-width digits and letters, composed and decomposed ones. */
export const plain = (text: string): string => withoutInvisible(text).normalize('NFKC');

/** A code that people copy: without the spaces in it. */
export const unspaced = (text: string): string => plain(text).replaceAll(/\s/g, '');

/** A number that people group by spaces, hyphens and dashes. */
export const ungrouped = (text: string): string => unspaced(text).replaceAll(/[\p{Pd}\u2212]/gu, '');

/** How fields were typed that were understood otherwise. */
export type Typed<Field extends string> = { [Name in Field]?: string };

/**
 * What was typed, where it differs from what was understood.
 * @param given the fields as they came in
 */
export function typedOtherwise<Field extends string>(
  understood: Record<Field, string>,
  given: unknown,
  fields: readonly Field[],
): { typed?: Typed<Field> } {
  const texts = given as Partial<Record<Field, unknown>>;
  const otherwise = fields.filter((field) => typeof texts[field] === 'string' && texts[field] !== understood[field]);
  if (otherwise.length === 0) return {};
  return { typed: Object.fromEntries(otherwise.map((field) => [field, texts[field]])) as Typed<Field> };
}

/** What people give of themselves that is understood. */
export const personFields = ['name', 'idNumber', 'phone'] as const;
export type PersonField = (typeof personFields)[number];

/** Somebody with another phone: how the one before was typed says nothing of it. */
export function withPhone<Somebody extends { phone: string; typed?: Typed<PersonField> }>(
  { typed, ...person }: Somebody,
  phone: string,
): Somebody {
  const { phone: _, ...others }: Typed<PersonField> = typed ?? {};
  const left = Object.keys(others).length > 0 ? { typed: others } : {};
  return { ...person, phone, ...left } as Somebody;
}
