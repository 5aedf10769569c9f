import { applicationTypes, materialKinds } from '../../domain/vocabulary.ts';
import { type Disease, kindsOf, materialRulesFor, ownKindsOf } from '../catalogue.ts';
import type { Policy } from '../schema.ts';
import { type Contradiction, refuse } from './contradiction.ts';

/** Where the catalogue names what isn't there, or asks for what can't be. */
export function ofCatalogue(policy: Policy): Contradiction[] {
  return [
    ...ownKinds(policy),
    ...unknownKinds(policy, policy.materials.asked, ['materials', 'asked']),
    ...policy.catalogue.flatMap((disease, index) => {
      const path = ['catalogue', index];
      return [
        ...photo(policy, disease, path),
        ...hospitals(policy, disease, path),
        ...uncovered(disease, path),
        ...unknownKinds(policy, disease.materials ?? {}, [...path, 'materials']),
      ];
    }),
  ];
}

/** A kind of the city's that is called like one of the guide's would never be heard of. */
function ownKinds(policy: Policy): Contradiction[] {
  return ownKindsOf(policy).flatMap((kind) =>
    refuse(
      materialKinds.some((guide) => guide === kind),
      ['materials', 'own', kind],
      'is a kind of the guide already',
    ),
  );
}

function unknownKinds(policy: Policy, asked: NonNullable<Disease['materials']>, path: PropertyKey[]): Contradiction[] {
  const known = kindsOf(policy);
  return applicationTypes.flatMap((type) =>
    (asked[type] ?? []).flatMap((kind, index) =>
      refuse(!known.includes(kind), [...path, type, index], `there is no kind ${kind}; there are ${known.join(', ')}`),
    ),
  );
}

function photo(policy: Policy, disease: Disease, path: PropertyKey[]): Contradiction[] {
  const own = disease.materials?.new?.includes('photo') ?? false;
  const asked = materialRulesFor(policy, disease).asked.new.includes('photo');
  return [
    ...refuse(disease.photo && !asked, [...path, 'photo'], 'materials.asked.new has no photo'),
    ...refuse(!disease.photo && own, [...path, 'photo'], 'is false, and the disease asks for one'),
  ];
}

function hospitals(policy: Policy, disease: Disease, path: PropertyKey[]): Contradiction[] {
  return (disease.hospitals ?? []).flatMap((code, index) =>
    refuse(
      !policy.hospitals.some((hospital) => hospital.code === code),
      [...path, 'hospitals', index],
      `hospitals has no ${code}`,
    ),
  );
}

/** What is paid to people whom the disease isn't for is a mistake in one of the two. */
function uncovered({ insuredTypes, benefit = {} }: Disease, path: PropertyKey[]): Contradiction[] {
  if (!insuredTypes) return [];
  return (Object.keys(benefit) as (keyof typeof benefit)[]).flatMap((insured) =>
    refuse(!insuredTypes.includes(insured), [...path, 'benefit', insured], `insuredTypes has no ${insured}`),
  );
}
